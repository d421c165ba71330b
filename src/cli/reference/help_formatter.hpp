#pragma once

#include <dbbackup/cli/command_tree.hpp>

#include <CLI/CLI.hpp>
#include <cstddef>
#include <string>
#include <utility>

namespace dbbackup::cli {

/// Lays help out in two columns and wraps it between words at the terminal's width; at 80 columns
/// in a file or a pipe, which is usually a pager.
class HelpFormatter : public CLI::Formatter {
public:
    HelpFormatter(CommandDescription program, std::size_t width)
        : program_(std::move(program)), width_(width) {}

    [[nodiscard]] std::string make_help(const CLI::App* app, std::string name,
                                        CLI::AppFormatMode mode) const override;
    [[nodiscard]] std::string make_description(const CLI::App* app) const override;
    [[nodiscard]] std::string make_usage(const CLI::App* app, std::string name) const override;
    [[nodiscard]] std::string make_group(std::string group, bool is_positional,
                                         std::vector<const CLI::Option*> options) const override;
    [[nodiscard]] std::string make_subcommands(const CLI::App* app,
                                               CLI::AppFormatMode mode) const override;
    [[nodiscard]] std::string make_footer(const CLI::App* app) const override;

private:
    [[nodiscard]] std::string row(const std::string& head, const std::string& text) const;

    CommandDescription program_;
    std::size_t width_;
};

} // namespace dbbackup::cli
