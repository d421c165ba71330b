#pragma once

#include "ops/read/dump_check.hpp"
#include "ops/server_access.hpp"
#include "ops/target/target_server.hpp"

#include <dbbackup/ops/restore.hpp>
#include <dbbackup/pg/target.hpp>

#include <string>

namespace dbbackup::ops {

/// What to tell somebody whose restore may need more locks than the server has room for, before it
/// begins; else nothing.
[[nodiscard]] std::string find_lock_shortage(const RestoreRequest& request,
                                             const TargetServer& server,
                                             const pg::DumpSummary& restored,
                                             const pg::TargetSurvey& target);

/// Where pg_dump failed for want of locks: which setting would do, as a hint. Else nothing.
[[nodiscard]] std::string find_lock_hint(const base::Error& failure, const ServerAccess& access);

} // namespace dbbackup::ops
