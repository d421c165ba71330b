#include "cli/reference/help_formatter.hpp"

#include "cli/reference/reference_text.hpp"
#include "cli/terminal/text_width.hpp"
#include "cli/terminal/wrap_text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

namespace dbbackup::cli {

namespace {

/// Where the second column begins, and its minimum width before it moves below the first.
constexpr std::size_t k_second_column = 28;
constexpr std::size_t k_least_text = 30;
constexpr std::size_t k_narrow_indent = 6;

std::string names_in(const std::set<CLI::Option*>& options) {
    std::vector<std::string> names;
    for (const CLI::Option* option : options) {
        names.push_back(option->get_name());
    }
    std::ranges::sort(names); // CLI11 sorts them by address
    return fmt::format("{}", fmt::join(names, ", "));
}

/// "-F, --format FORMAT", or the name of a positional argument.
std::string head_of(const CLI::Option& option, bool is_positional) {
    const std::string type = option.get_type_name();
    std::string value = type.substr(0, type.find(":{"));
    if (is_positional) {
        return value.empty() || value == "TEXT" ? option.get_name(true) : value;
    }
    std::string head;
    for (const std::string& name : option.get_snames()) {
        head += (head.empty() ? "-" : ", -") + name;
    }
    for (const std::string& name : option.get_lnames()) {
        head += (head.empty() ? "--" : ", --") + name;
    }
    return option.get_items_expected_max() > 0 && !value.empty() ? head + " " + value : head;
}

std::string text_of(const CLI::Option& option) {
    std::string text = option.get_description();
    const std::string& by_default = option.get_default_str();
    if (!by_default.empty() && text.find("default") == std::string::npos) {
        text += fmt::format(" (default: {})", by_default);
    }
    if (const std::string needs = names_in(option.get_needs());
        !needs.empty() && text.find(needs) == std::string::npos) {
        text += fmt::format(" (only with {})", needs);
    }
    if (const std::string excludes = names_in(option.get_excludes()); !excludes.empty()) {
        text += fmt::format(" (not with {})", excludes);
    }
    return text;
}

} // namespace

std::string HelpFormatter::row(const std::string& head, const std::string& text) const {
    const bool is_narrow = width_ < k_second_column + k_least_text;
    const std::size_t column = is_narrow ? k_narrow_indent : k_second_column;
    std::string line = "  " + head;
    if (line.size() + 2 > column) {
        return line + "\n" + wrap_line(std::string(column, ' ') + text, width_, column) + "\n";
    }
    line.resize(column, ' ');
    return line + wrap_line(std::string(column, ' ') + text, width_, column).substr(column) + "\n";
}

std::string HelpFormatter::make_help(const CLI::App* app, std::string name,
                                     CLI::AppFormatMode mode) const {
    std::string help = CLI::Formatter::make_help(app, std::move(name), mode);
    // The number of empty lines between the parts depends on CLI11's version.
    for (std::size_t at = help.find("\n\n\n"); at != std::string::npos;
         at = help.find("\n\n\n", at)) {
        help.erase(at, 1);
    }
    return help;
}

std::string HelpFormatter::make_description(const CLI::App* app) const {
    return wrap_line(app->get_description(), width_, 0) + "\n\n";
}

std::string HelpFormatter::make_usage(const CLI::App* app, std::string /*name*/) const {
    const auto command =
        std::ranges::find(program_.commands, app->get_name(), &CommandDescription::name);
    const std::string line =
        command == program_.commands.end() ? usage_line(program_) : usage_line(program_, *command);
    return wrap_line("Usage: " + line, width_, 7) + "\n";
}

std::string HelpFormatter::make_group(std::string group, bool is_positional,
                                      std::vector<const CLI::Option*> options) const {
    std::string text =
        "\n" + wrap_line((is_positional ? "Arguments" : group) + ":", width_, 0) + "\n";
    for (const CLI::Option* option : options) {
        text += row(head_of(*option, is_positional), text_of(*option));
    }
    return text;
}

std::string HelpFormatter::make_subcommands(const CLI::App* app,
                                            CLI::AppFormatMode /*mode*/) const {
    if (app->get_parent() != nullptr) {
        return {};
    }
    std::string text = "\nCommands:\n";
    for (const CommandDescription& command : program_.commands) {
        text += row(fmt::format("{}", fmt::join(names_of(command), ", ")), command.text);
    }
    return text;
}

std::string HelpFormatter::make_footer(const CLI::App* app) const {
    const Screen screen{.width = width_};
    return app->get_footer().empty() ? "" : "\n" + wrap_text(app->get_footer(), screen) + "\n";
}

} // namespace dbbackup::cli
