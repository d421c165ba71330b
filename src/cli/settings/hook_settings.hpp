#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace dbbackup::cli {

/// The table [hooks] of the configuration: programs with their arguments; empty if not set.
struct HookSettings {
    std::vector<std::string> on_start;
    std::vector<std::string> on_success;
    std::vector<std::string> on_failure;
    std::vector<std::string> on_finish;

    /// Takes `item` if it is in that table; false if it is not. Throws base::Error{usage}.
    bool take(const CLI::ConfigItem& item);
};

} // namespace dbbackup::cli
