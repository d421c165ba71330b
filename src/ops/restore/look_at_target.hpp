#pragma once

#include "ops/read/dump_check.hpp"
#include "ops/target/target_server.hpp"

#include <dbbackup/ops/listener.hpp>
#include <dbbackup/ops/restore.hpp>
#include <dbbackup/pg/target.hpp>

namespace dbbackup::ops {

/// Throws base::Error with the command that creates the target, if it is missing. `environment` is
/// the caller's.
[[nodiscard]] TargetServer connect_to_target(const RestoreRequest& request,
                                             const std::vector<std::string>& environment);

/// Throws base::Error{refused} if --create names a database that exists.
void require_right_target(const RestoreRequest& request, const TargetServer& server);

/// A quick check, before an hour of reading: false does not mean that the target is empty.
[[nodiscard]] bool surely_holds_something(const TargetServer& server);

/// What the restore would conflict with and drop. Nothing is confirmed yet: blocking sessions are
/// not disconnected, even if that is requested, and the tables that they lock are not counted.
/// Throws base::Error.
[[nodiscard]] pg::TargetSurvey look_at_target(const RestoreRequest& request,
                                              const TargetServer& server,
                                              const pg::DumpSummary& restored, pg::DropScope scope,
                                              Listener& listener);

} // namespace dbbackup::ops
