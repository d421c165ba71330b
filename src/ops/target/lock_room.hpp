#pragma once

#include "ops/read/dump_check.hpp"
#include "ops/server_access.hpp"
#include "ops/target/target_server.hpp"

#include <dbbackup/ops/restore.hpp>
#include <dbbackup/pg/target.hpp>

#include <string>

namespace dbbackup::ops {

/// A warning before a restore that may need more locks than the server has room for; else empty.
[[nodiscard]] std::string find_lock_shortage(const RestoreRequest& request,
                                             const TargetServer& server,
                                             const pg::DumpSummary& restored,
                                             const pg::TargetSurvey& target);

/// If pg_dump ran out of locks: a hint with the setting to change. Else empty.
[[nodiscard]] std::string find_lock_hint(const base::Error& failure, const ServerAccess& access);

} // namespace dbbackup::ops
