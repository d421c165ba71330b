#include "cli/reference/reference_text.hpp"

#include <dbbackup/cli/reference.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace dbbackup::cli {

namespace {

/// `text` escaped for roff: a dash stays one that can be copied, and a dot or quote at the
/// beginning of a line does not start a request.
std::string roff(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        switch (c) {
        case '\\':
            escaped += "\\(rs";
            break;
        case '-':
            escaped += "\\-";
            break;
        case '\'':
            escaped += "\\(aq";
            break;
        case '`':
            escaped += "\\(ga";
            break;
        case '^':
            escaped += "\\(ha";
            break;
        case '~':
            escaped += "\\(ti";
            break;
        case '"':
            escaped += "\\(dq";
            break;
        case '\n':
            escaped += ' ';
            break;
        default:
            escaped += c;
        }
    }
    return (escaped.starts_with('.') ? "\\&" : "") + escaped;
}

std::string bold(std::string_view text) {
    return "\\fB" + roff(text) + "\\fR";
}

std::string italic(std::string_view text) {
    return "\\fI" + roff(text) + "\\fR";
}

std::string list_of(const std::vector<std::string>& names) {
    std::string list;
    for (const std::string& name : names) {
        list += (list.empty() ? "" : ", ") + bold(name);
    }
    return list;
}

std::string usage_of_argument(const OptionDescription& argument) {
    const std::string name = italic(argument.value_name) + (argument.repeatable ? "..." : "");
    return argument.required ? name : "[" + name + "]";
}

/// `.SY` indents continuation lines.
std::string usage_of(const CommandDescription& program, const CommandDescription& command) {
    std::string usage =
        fmt::format(".SY \"{} {}\"\n[{}]", program.name, roff(command.name), italic("OPTIONS"));
    for (const OptionDescription& argument : command.arguments) {
        usage += " " + usage_of_argument(argument);
    }
    switch (command.after_dashes) {
    case AfterDashes::nothing:
        break;
    case AfterDashes::pg_dump_options:
        usage += fmt::format(" [{} {}]", bold("--"), italic("OPTIONS OF PG_DUMP"));
        break;
    case AfterDashes::command:
        usage += fmt::format(" {} {} [{}...]", bold("--"), italic("COMMAND"), italic("ARGUMENT"));
        break;
    case AfterDashes::optional_command:
        usage += fmt::format(" [{} {} [{}...]]", bold("--"), italic("COMMAND"), italic("ARGUMENT"));
        break;
    }
    return usage + "\n.YS\n";
}

std::string head_of(const OptionDescription& option) {
    const std::string names = list_of(names_of(option));
    if (names.empty()) {
        return usage_of_argument(option);
    }
    return option.kind == ValueKind::none ? names : names + " " + italic(option.value_name);
}

/// The sentences below the head.
std::string text_of(const OptionDescription& option) {
    std::string text = roff(option.text) + ".\n";
    if (!option.default_value.empty()) {
        text += fmt::format("Default: {}.\n", bold(option.default_value));
    }
    if (!option.needs.empty()) {
        text += fmt::format("Only with {}.\n", list_of(option.needs));
    }
    if (!option.excludes.empty()) {
        text += fmt::format("Not with {}.\n", list_of(option.excludes));
    }
    return text;
}

std::string items_of(const std::vector<OptionDescription>& options) {
    std::string items;
    for (const OptionDescription& option : options) {
        items += ".TP\n" + head_of(option) + "\n" + text_of(option);
    }
    return items;
}

std::string section_of(const CommandDescription& command) {
    return fmt::format(".SS \"{}\"\n{}.\n{}{}",
                       roff(fmt::format("{}", fmt::join(names_of(command), ", "))),
                       roff(command.text), items_of(command.arguments), items_of(command.options));
}

} // namespace

std::string to_manual_page(const CommandDescription& program, std::string_view page,
                           std::string_view version) {
    std::string usages;
    std::string sections;
    for (const CommandDescription& command : program.commands) {
        usages += usage_of(program, command);
        sections += section_of(command);
    }
    std::string made = fill_in(page, "@VERSION@", roff(version));
    made = fill_in(made, "@SYNOPSIS@\n", usages);
    made = fill_in(made, "@COMMANDS@\n", sections);
    return fill_in(made, "@OPTIONS@\n", items_of(program.options));
}

} // namespace dbbackup::cli
