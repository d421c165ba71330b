#pragma once

#include <dbbackup/sys/child_process.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace dbbackup::sys {

/// How long and how loud a program may be.
struct ProgramLimits {
    std::chrono::milliseconds time;
    std::chrono::milliseconds grace; ///< from its end signal to SIGKILL
    std::size_t output = 0;          ///< bytes that are passed on
};

/// How it went.
struct LimitedRun {
    ExitStatus status;
    bool timed_out = false;
    bool was_ended = false; ///< because `must_end` said so
    bool output_was_cut = false;
};

/// Runs `command` in a session of its own to its end, whatever it does: after `limits.time`, or
/// when `must_end` returns true, its whole group gets the end signal, and after the grace SIGKILL.
/// What it leaves in its group when it ends gets the end signal. `on_output` gets its stdout and
/// stderr, as far as the limit; the rest is read and thrown away. Does not wait for a process that
/// left the group and holds the output open. Call from the main thread. Throws base::Error if it
/// cannot be started.
[[nodiscard]] LimitedRun
run_limited_program(const Command& command, const ProgramLimits& limits,
                    const std::function<bool()>& must_end,
                    const std::function<void(std::string_view)>& on_output);

/// The program `name` in an absolute directory of `path`, a value of PATH: whoever owns the current
/// directory must not choose it. Nothing if this user may run none.
[[nodiscard]] std::optional<std::string> find_in_absolute_path(const std::string& name,
                                                               std::string_view path);

} // namespace dbbackup::sys
