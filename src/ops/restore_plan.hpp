#pragma once

#include "ops/dump_check.hpp"
#include "ops/dump_file.hpp"
#include "ops/target_server.hpp"

#include <dbbackup/base/clock.hpp>
#include <dbbackup/ops/restore.hpp>
#include <dbbackup/pg/target.hpp>
#include <dbbackup/store/dump_directory.hpp>

namespace dbbackup::ops {

/// The database that the dump was taken of: by its manifest, else as an archive has it, else by the
/// file's name. Empty where nothing tells.
[[nodiscard]] std::string name_dumped_database(const store::DumpEntry& entry, const DumpFile& file);

/// What `clean` means for this dump: of a dump of chosen tables only those are dropped, and before
/// rows alone the tables are emptied.
[[nodiscard]] pg::CleanScope choose_scope(const RestoreRequest& request,
                                          const std::optional<store::Manifest>& manifest,
                                          const CheckedDump& checked);

/// Rows for tables that the dump does not make: those of the target.
[[nodiscard]] bool holds_rows_alone(const CheckedDump& checked);

/// True for a dump that was made of a part of its database, as far as its manifest tells.
[[nodiscard]] bool is_partial(const std::optional<store::Manifest>& manifest);

/// Throws base::Error{refused} where the dump is of a later major version than the server, unless
/// the request allows that.
/// Throws base::Error{refused} where a C function of the dump is in a file of anybody's choice, and
/// nobody has said that it may.
void require_no_outside_functions(const RestoreRequest& request, const CheckedDump& checked);

void require_version(const RestoreRequest& request, const store::DumpEntry& entry,
                     const CheckedDump& checked, const pg::ServerInfo& server);

/// What the restore will do, from what was found in the dump and in the target.
[[nodiscard]] RestorePlan make_plan(const RestoreRequest& request, const store::DumpEntry& entry,
                                    const DumpFile& file, const CheckedDump& checked,
                                    const TargetServer& server, const pg::TargetSurvey& survey,
                                    base::UtcTime now);

/// Throws base::Error{refused} where there are any: what depends on what is dropped and is not in
/// the dump.
/// `part` is as part_of_database() has it: for a part nobody is advised to drop all else.
void require_no_dependents(const RestoreRequest& request,
                           const std::vector<std::string>& dependents, pg::CleanScope scope,
                           const std::string& part);

/// Throws base::Error{refused} where the target is not safe to restore into.
/// `checked` is the part of `whole` that is restored.
void require_safe(const RestoreRequest& request, const CheckedDump& whole,
                  const CheckedDump& checked, const pg::ServerInfo& server,
                  const pg::TargetSurvey& survey, pg::CleanScope scope, const std::string& part);

} // namespace dbbackup::ops
