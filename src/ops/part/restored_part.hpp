#pragma once

#include "ops/read/dump_check.hpp"

#include <dbbackup/ops/restore.hpp>
#include <dbbackup/pg/target.hpp>
#include <dbbackup/store/manifest.hpp>

#include <optional>
#include <string>

namespace dbbackup::ops {

/// Which part of its database a dump is, for people: "only schema tenant_5"; empty for a whole one.
/// Without a manifest, as far as its content shows it.
[[nodiscard]] std::string part_of_database(const std::optional<store::Manifest>& manifest,
                                           const CheckedDump& dump);

/// What --table and --schema chose, in the same form; empty if they chose nothing in the dump.
[[nodiscard]] std::string describe_choice(const pg::ChosenPart& part);

/// Throws base::Error{refused} if a part would replace everything in the target and the user has
/// not allowed that. `part` is from part_of_database().
void require_whole(const RestoreRequest& request, const std::string& part, pg::DropScope scope);

} // namespace dbbackup::ops
