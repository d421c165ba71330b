#pragma once

#include <dbbackup/sys/child_process.hpp>

#include <optional>
#include <string>
#include <vector>

namespace dbbackup::sys {

/// The file that a shell would run for the word `name`: a path as it is, else the first of that
/// name in PATH. Nothing if this user may run none.
[[nodiscard]] std::optional<std::string> find_program(const std::string& name);

/// The first program `name` in PATH, without its relative entries: they would let whoever owns the
/// current directory choose the program.
[[nodiscard]] std::optional<std::string> find_installed_program(const std::string& name);

/// Runs `program` with `words` (the first of which is its name) and `environment` ("NAME=value",
/// complete) as if our caller had run it: with our stdin, stdout, stderr, terminal, process group
/// and open files, and the caller's own limit on core dumps, signal mask and ignored signals.
/// Signals that another process sends to us (SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2)
/// are passed on to it; those from the terminal it gets itself. From then on, none of these ends
/// our process. Returns how it ended. Throws base::Error if it cannot be started, and
/// base::Interrupted if a signal has asked the run to end before.
[[nodiscard]] ExitStatus run_in_foreground(const std::string& program,
                                           const std::vector<std::string>& words,
                                           const std::vector<std::string>& environment);

} // namespace dbbackup::sys
