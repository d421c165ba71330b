#pragma once

namespace dbbackup::cli {

/// The program: reads the command line, runs the command, reports on stdout and stderr, and returns
/// the exit code (docs/exit-codes.md). A password in `arguments` is overwritten there, so that `ps`
/// no longer shows it.
[[nodiscard]] int run(int argument_count, char** arguments);

} // namespace dbbackup::cli
