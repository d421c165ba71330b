#pragma once

#include "support/temp_dir.hpp"

#include <dbbackup/cli/command_tree.hpp>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace dbbackup::test {

/// A file of the project.
[[nodiscard]] std::filesystem::path project_file(const std::string& name);

/// Whether `program` is installed; reports it if not, for a test to end there.
[[nodiscard]] bool is_installed(const std::string& program);

/// The program, and a command `run_it` that takes another command after `--`.
[[nodiscard]] cli::CommandDescription program_with_a_runner();

/// Where completions are tried: with awkwardly named dumps in `dumps` and `other dumps`.
class CompletionScene {
public:
    CompletionScene();

    [[nodiscard]] const std::filesystem::path& directory() const noexcept { return home_.path(); }

    [[nodiscard]] std::map<std::string, std::string> environment() const;

    /// What each shell offers after `line`, sorted.
    [[nodiscard]] std::vector<std::string> bash(const std::vector<std::string>& words,
                                                const std::string& setting = "") const;
    [[nodiscard]] std::vector<std::string> zsh(const std::string& line) const;
    [[nodiscard]] std::vector<std::string> fish(const std::string& line) const;

private:
    TempDir home_;
};

} // namespace dbbackup::test
