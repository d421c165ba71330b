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
    std::vector<std::string> command; ///< a program, as a shell finds it, and its arguments
    /// Set as DATABASE_URL in the command's environment, if any; a secret.
    std::optional<std::string> url_for_command;
};

struct GuardReport {
    DumpReport dump;
    sys::ExitStatus command; ///< how it ended
    /// The words that bring the dump's state back, after "dbbackup" and without the URL.
    std::vector<std::string> restore_command;
};

/// Throws base::Error{usage} if `command` names no program that could be run.
void require_command(const std::vector<std::string>& command);

/// Takes a dump, reads it back, and only if it is good runs the command, as
/// sys::run_in_foreground() does. Earlier dumps are pruned in between. Throws base::Error if it
/// does not come to that, {damaged} for a dump that is not good, and base::Interrupted likewise:
/// then the command was not run.
[[nodiscard]] GuardReport guard(const GuardRequest& request, const Context& context);

} // namespace dbbackup::ops
