#pragma once

#include "ops/read/dump_check.hpp"

#include <dbbackup/ops/restore.hpp>
#include <dbbackup/pg/target.hpp>
#include <dbbackup/store/manifest.hpp>

#include <optional>
#include <string>

namespace dbbackup::ops {

/// Which part of its database a dump is, in plain words: "only schema tenant_5"; empty for a whole
/// one. Without a manifest as far as its contents betray it.
[[nodiscard]] std::string part_of_database(const std::optional<store::Manifest>& manifest,
                                           const CheckedDump& dump);

/// What --table and --schema chose, in the same words; empty if they chose nothing of the dump.
[[nodiscard]] std::string describe_choice(const pg::ChosenPart& part);

/// Throws base::Error{refused} if all that the target holds would go for a dump of a part, and
/// nobody has said that it may. `part` is as part_of_database() has it.
void require_whole(const RestoreRequest& request, const std::string& part, pg::DropScope scope);

} // namespace dbbackup::ops
