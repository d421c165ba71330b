#pragma once

#include "ops/read/dump_check.hpp"
#include "ops/read/dump_file.hpp"
#include "ops/target/target_server.hpp"

#include <dbbackup/ops/restore.hpp>
#include <dbbackup/pg/chosen_part.hpp>

// restore --table and --schema.

namespace dbbackup::ops {

[[nodiscard]] inline bool chooses_part(const RestoreRequest& request) noexcept {
    return !request.tables.empty() || !request.schemas.empty();
}

/// Throws base::Error{usage} if the request asks for what does not go with --table and --schema.
void require_choice_possible(const RestoreRequest& request);

/// Throws base::Error{usage} for a name of --drop-missing that the dump lacks and the target too.
void require_in_target(const DumpFile& file, const pg::DumpInventory& inventory,
                       const TargetServer& server);

/// What of a dump is restored.
struct ChosenDump {
    pg::DumpSummary restored;
    pg::ChosenPart part;
};

/// All of the dump where nothing was chosen. Throws base::Error{usage} if it does not hold what
/// was.
[[nodiscard]] ChosenDump choose_part(const RestoreRequest& request, const DumpFile& file,
                                     const CheckedDump& dump);

} // namespace dbbackup::ops
