#pragma once

#include <dbbackup/ops/context.hpp>
#include <dbbackup/ops/dump.hpp>
#include <dbbackup/sys/child_process.hpp>

#include <optional>
#include <string>
#include <vector>

namespace dbbackup::ops {

struct GuardRequest {
    DumpRequest dump;
    std::vector<std::string> command; ///< a program, found as by a shell, and its arguments
    /// Set as DATABASE_URL in the command's environment, if any; a secret.
    std::optional<std::string> url_for_command;
};

struct GuardReport {
    DumpReport dump;
    sys::ExitStatus command; ///< how it ended
    /// The command that restores the dump's state, without "dbbackup" and the URL.
    std::vector<std::string> restore_command;
};

/// Throws base::Error{usage} if `command` names no program that can be run.
void require_command(const std::vector<std::string>& command);

/// Takes a dump, reads it back, and only if it is good, runs the command as
/// sys::run_in_foreground() does. Earlier dumps are pruned before that. If it throws base::Error
/// ({damaged} for a bad dump) or base::Interrupted, the command was not run.
[[nodiscard]] GuardReport guard(const GuardRequest& request, const Context& context);

} // namespace dbbackup::ops
