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

/// Throws base::Error{usage} if the request asks for anything that conflicts with --table and
/// --schema.
void require_choice_possible(const RestoreRequest& request);

/// Throws base::Error{usage} for a name of --drop-missing that both the dump and the target lack.
void require_in_target(const DumpFile& file, const pg::DumpInventory& inventory,
                       const TargetServer& server);

/// The part of a dump that is restored.
struct ChosenDump {
    pg::DumpSummary restored;
    pg::ChosenPart part;
};

/// The whole dump if nothing was chosen. Throws base::Error{usage} if it does not contain the
/// chosen objects.
[[nodiscard]] ChosenDump choose_part(const RestoreRequest& request, const DumpFile& file,
                                     const CheckedDump& dump);

} // namespace dbbackup::ops
