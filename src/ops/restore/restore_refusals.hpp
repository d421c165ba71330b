#pragma once

#include "ops/read/dump_check.hpp"

#include <dbbackup/ops/restore.hpp>
#include <dbbackup/pg/target.hpp>
#include <dbbackup/store/dump_directory.hpp>

#include <string>
#include <vector>

// The checks that can refuse a restore.

namespace dbbackup::ops {

/// Throws base::Error{refused} if a C function of the dump is in a file that the dump chooses,
/// unless the request allows that.
void require_no_outside_functions(const RestoreRequest& request, const pg::DumpSummary& restored);

/// Throws base::Error{refused} if the dump is of a later major version than the server, unless
/// the request allows that.
void require_version(const RestoreRequest& request, const store::DumpEntry& entry,
                     const pg::DumpSummary& restored, const pg::ServerInfo& server);

/// Throws base::Error{refused} if objects outside the dump depend on objects to be dropped. `part`
/// is from part_of_database(): for a part, the hint does not advise to drop everything.
void require_no_dependents(const RestoreRequest& request,
                           const std::vector<std::string>& dependents, pg::DropScope scope,
                           const std::string& part);

/// Throws base::Error{refused} if there are objections.
void require_rights(const RestoreRequest& request, const std::vector<pg::Objection>& objections);

/// Throws base::Error{refused} if the target is not safe to restore into. `restored` is the part
/// of `dump` that is restored.
void require_safe(const RestoreRequest& request, const CheckedDump& dump,
                  const pg::DumpSummary& restored, const pg::ServerInfo& server,
                  const pg::TargetSurvey& survey, pg::DropScope scope, const std::string& part);

} // namespace dbbackup::ops
