#pragma once

#include "ops/read/dump_check.hpp"
#include "ops/read/dump_file.hpp"
#include "ops/target/target_server.hpp"

#include <dbbackup/base/clock.hpp>
#include <dbbackup/ops/restore.hpp>
#include <dbbackup/pg/target.hpp>
#include <dbbackup/store/dump_directory.hpp>

namespace dbbackup::ops {

/// The database that the dump was taken of: by its manifest, else as an archive has it, else by the
/// file's name. Empty if nothing tells.
[[nodiscard]] std::string name_dumped_database(const store::DumpEntry& entry, const DumpFile& file);

/// What `clean` means for this dump: of a dump of chosen tables only those are dropped, and before
/// rows alone the tables are emptied.
[[nodiscard]] pg::DropScope choose_scope(const RestoreRequest& request,
                                         const std::optional<store::Manifest>& manifest,
                                         const pg::DumpSummary& restored);

/// True for a dump that was made of a part of its database, as far as its manifest tells.
[[nodiscard]] bool is_partial(const std::optional<store::Manifest>& manifest);

/// What the restore will do, from what was found in the dump and in the target.
[[nodiscard]] RestorePlan make_plan(const RestoreRequest& request, const store::DumpEntry& entry,
                                    const DumpFile& file, const DumpPass& pass,
                                    const pg::DumpSummary& restored, const TargetServer& server,
                                    const pg::TargetSurvey& survey, base::UtcTime now);

} // namespace dbbackup::ops
