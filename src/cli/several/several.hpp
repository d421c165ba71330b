#pragma once

#include "cli/command/commands.hpp"

#include <CLI/CLI.hpp>

namespace dbbackup::cli {

/// --all and --parallel N: the command for every section [database.NAME] of the configuration.
struct SeveralFlags {
    bool all = false;
    unsigned parallel = 1;

    void add_to(CLI::App& app, const std::string& all_text);
};

/// Runs the command once for each section and prints what each did, whole and under its name, and
/// which failed. Returns the worst exit code. Throws base::Error{usage} if it is not clear which
/// databases are meant, and base::Interrupted.
[[nodiscard]] int run_several(const SeveralFlags& flags, const Invocation& invocation);

} // namespace dbbackup::cli
