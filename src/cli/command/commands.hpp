#pragma once

#include "cli/settings/settings.hpp"
#include "cli/terminal/console.hpp"

#include <dbbackup/base/command_line.hpp>
#include <dbbackup/cli/command_tree.hpp>
#include <dbbackup/ops/context.hpp>

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

namespace dbbackup::cli {

/// What a command finds when it runs.
struct Invocation {
    const Settings& settings;
    Console& console;
    std::vector<std::string> after_dashes; ///< the words after `--`
    /// For the commands that messages propose.
    base::CommandLine command_line;
    ops::Context context;
};

/// A command of the tree: options bound by its add_ function, and what to do with them.
struct Command {
    CLI::App* app = nullptr;
    /// Returns the exit code of a result that is printed already; what could not be done is thrown.
    std::function<int(const Invocation&)> run;
    AfterDashes after_dashes = AfterDashes::nothing;
};

[[nodiscard]] Command add_dump_command(CLI::App& root);
[[nodiscard]] Command add_restore_command(CLI::App& root);
[[nodiscard]] Command add_guard_command(CLI::App& root);
[[nodiscard]] Command add_list_command(CLI::App& root);
[[nodiscard]] Command add_show_command(CLI::App& root);
[[nodiscard]] Command add_pin_command(CLI::App& root);
[[nodiscard]] Command add_unpin_command(CLI::App& root);
[[nodiscard]] Command add_prune_command(CLI::App& root);
[[nodiscard]] Command add_status_command(CLI::App& root);
[[nodiscard]] Command add_verify_command(CLI::App& root);

} // namespace dbbackup::cli
