#pragma once

#include "cli/run_record/run_record.hpp"
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

/// What a command gets when it runs.
struct Invocation {
    const Settings& settings;
    Console& console;
    std::vector<std::string> after_dashes; ///< the words after `--`
    const std::vector<std::string>& words; ///< the whole command line
    /// For the commands that messages suggest.
    base::CommandLine command_line;
    ops::Context context;
    RunRecord& record; ///< filled in by commands that change or prove something
};

/// A command of the tree: options bound by its add_ function, and how to run it.
struct Command {
    CLI::App* app = nullptr;
    /// Prints the result and returns its exit code; throws if it fails.
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
[[nodiscard]] Command add_schedule_command(CLI::App& root);
[[nodiscard]] Command add_status_command(CLI::App& root);
[[nodiscard]] Command add_compare_command(CLI::App& root);
[[nodiscard]] Command add_import_command(CLI::App& root);
[[nodiscard]] Command add_export_command(CLI::App& root);
[[nodiscard]] Command add_push_command(CLI::App& root);
[[nodiscard]] Command add_pull_command(CLI::App& root);
[[nodiscard]] Command add_verify_command(CLI::App& root);
[[nodiscard]] Command add_history_command(CLI::App& root);

} // namespace dbbackup::cli
