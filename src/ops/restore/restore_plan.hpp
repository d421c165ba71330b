#pragma once

#include "ops/read/dump_check.hpp"
#include "ops/read/dump_file.hpp"
#include "ops/target/target_server.hpp"

#include <dbbackup/base/clock.hpp>
#include <dbbackup/ops/restore.hpp>
#include <dbbackup/pg/target.hpp>
#include <dbbackup/store/dump_directory.hpp>

namespace dbbackup::ops {

/// The database of the dump: from its manifest, else from the archive, else from the file's name.
/// Empty if unknown.
[[nodiscard]] std::string name_dumped_database(const store::DumpEntry& entry, const DumpFile& file);

/// What `clean` means for this dump: for a dump of chosen tables, only those are dropped; for a
/// dump of only rows, the tables are emptied.
[[nodiscard]] pg::DropScope choose_scope(const RestoreRequest& request,
                                         const std::optional<store::Manifest>& manifest,
                                         const pg::DumpSummary& restored);

/// True for a dump of a part of its database, according to its manifest.
[[nodiscard]] bool is_partial(const std::optional<store::Manifest>& manifest);

/// What the restore will do, based on the dump and the target.
[[nodiscard]] RestorePlan make_plan(const RestoreRequest& request, const store::DumpEntry& entry,
                                    const DumpFile& file, const DumpPass& pass,
                                    const pg::DumpSummary& restored, const TargetServer& server,
                                    const pg::TargetSurvey& survey, base::UtcTime now);

} // namespace dbbackup::ops
