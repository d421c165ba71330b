#include "cli/command_line/usage_error.hpp"

#include "cli/command_line/command_line_of.hpp"
#include "cli/command_line/habits.hpp"
#include "cli/command_line/known_names.hpp"
#include "cli/command_line/secret_words.hpp"
#include "cli/command_line/suggestions.hpp"
#include "cli/reference/reference_text.hpp"

#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace dbbackup::cli {

namespace {

/// CLI11's message in our style.
std::string message_of(const CLI::ParseError& error) {
    std::string message = error.what();
    while (message.ends_with('\n') || message.ends_with('.')) {
        message.pop_back();
    }
    // "--format: 1 required FORMAT:{plain,custom} missing"
    if (const std::size_t end = message.find(": 1 required ");
        end != std::string::npos && message.ends_with(" missing")) {
        return base::printable(message.substr(0, end)) + " needs a value";
    }
    // Not the name of an argument: "DUMP excludes --all".
    if (message.size() > 1 && std::isupper(static_cast<unsigned char>(message[1])) == 0) {
        message.front() =
            static_cast<char>(std::tolower(static_cast<unsigned char>(message.front())));
    }
    return base::printable(message);
}

/// The command on the command line; null if it has none.
const CommandDescription* chosen_command(const CLI::App& root, const CommandDescription& program) {
    const auto parsed = root.get_subcommands();
    return parsed.empty() ? nullptr : find_command(program, parsed.front()->get_name());
}

UsageError make_error(const std::string& message, const std::string& advice,
                      const CommandDescription* command, const CommandDescription& program) {
    return {message, advice,
            command != nullptr
                ? Usage{.line = usage_line(program, *command),
                        .help = fmt::format("{} {} --help", program.name, command->name)}
                : Usage{.line = usage_line(program), .help = program.name + " --help"}};
}

/// The name of the option in `word`, without `=VALUE` or the text after a letter.
std::string option_name(std::string_view word) {
    if (!word.starts_with("--")) {
        return std::string{word.substr(0, 2)};
    }
    const auto end = std::ranges::find_if(word, [](char c) {
        return c != '-' && c != '_' && std::isalnum(static_cast<unsigned char>(c)) == 0;
    });
    return {word.begin(), end};
}

std::string nearest_of_other_commands(const std::string& name, const CommandDescription& program) {
    std::vector<std::string> names;
    for (const CommandDescription& command : program.commands) {
        const std::vector<std::string> some = long_names_in(program, &command);
        names.insert(names.end(), some.begin(), some.end());
    }
    const std::vector<std::string> nearest = nearest_words(name, names);
    return nearest.empty() ? "" : commands_with(nearest.front(), program);
}

/// The number given with the first of `words`, an option: `--days=7`, `--days 7`, and also 7 in
/// `--older-than 7d`. Empty for anything else, which is never repeated.
std::string number_with(const std::vector<std::string>& words) {
    constexpr std::size_t k_most_digits = 5;
    const std::size_t equals = words.front().find('=');
    std::string value = equals != std::string::npos ? words.front().substr(equals + 1)
                        : words.size() > 1          ? words[1]
                                                    : "";
    if (value.ends_with('d')) {
        value.pop_back();
    }
    const bool is_number = !value.empty() && value.size() <= k_most_digits &&
                           value.find_first_not_of("0123456789") == std::string::npos;
    return is_number ? value : "";
}

/// The names of options in `names`, each with `number` if it takes a value.
std::vector<std::string> with_number(std::vector<std::string> names, const std::string& number,
                                     const CommandDescription* command) {
    for (std::string& name : names) {
        const bool takes_number =
            command != nullptr &&
            std::ranges::any_of(command->options, [&name](const OptionDescription& option) {
                return option.value_name == "N" && std::ranges::count(option.long_names, name) > 0;
            });
        name += takes_number && !number.empty() ? " " + number : "";
    }
    return names;
}

/// For unparsed `words` that start with an option.
UsageError unknown_option(const std::vector<std::string>& words, const CommandDescription* command,
                          const CommandDescription& program) {
    const std::string name = option_name(words.front());
    const std::string number = number_with(words);
    std::string advice = advice_on_option(command != nullptr ? command->name : "", name, number);
    if (advice.empty()) {
        advice = commands_with(name, program);
    }
    if (advice.empty() && name.starts_with("--")) {
        advice = did_you_mean(
            with_number(nearest_words(name, long_names_in(program, command)), number, command));
    }
    if (advice.empty() && name.starts_with("--")) {
        advice = nearest_of_other_commands(name, program);
    }
    const std::string shown =
        may_be_repeated(name) ? fmt::format(" {}", base::printable(name)) : "";
    return make_error(command != nullptr ? fmt::format("{} has no option{}", command->name, shown)
                                         : fmt::format("there is no option{}", shown),
                      advice, command, program);
}

UsageError unknown_command(const std::string& word, const CommandDescription& program) {
    std::vector<std::string> names;
    for (const CommandDescription& command : program.commands) {
        const std::vector<std::string> some = names_of(command);
        names.insert(names.end(), some.begin(), some.end());
    }
    const std::string habit = advice_on_command(word);
    const std::string message = may_be_repeated(word)
                                    ? fmt::format("there is no command '{}'", base::printable(word))
                                    : "the first word is not a command";
    return make_error(message, habit.empty() ? did_you_mean(nearest_words(word, names)) : habit,
                      nullptr, program);
}

/// `word`, which `command` does not take, may be the name of a database.
std::string advice_on_name(const std::string& word, const CommandDescription& command) {
    const bool has_database = std::ranges::any_of(command.options, [](const auto& option) {
        return std::ranges::count(option.long_names, "--database") > 0;
    });
    const bool is_name = may_be_repeated(word);
    if (has_database) {
        return fmt::format(
            "Name the dump directory with --dir, and one database with --database{}.",
            is_name ? ": " + base::shell_words({"--database", word}) : "");
    }
    return fmt::format("Name the database with DATABASE_URL or --url{}, and the dump directory "
                       "with --dir. Repeat an option for each value: -t a -t b.",
                       is_name ? " postgres://USER@HOST:PORT/" + base::printable(word) : "");
}

/// The first argument of the chosen command; empty if it has none.
std::string first_argument(const CLI::App& root) {
    for (const CLI::App* command : root.get_subcommands()) {
        for (const CLI::Option* option : command->get_options()) {
            if (option->get_positional() && option->count() > 0) {
                return option->results().front();
            }
        }
    }
    return {};
}

/// Two words were given to compare.
std::string advice_on_two_dumps(const std::string& word, const CLI::App& root) {
    const std::string first = first_argument(root);
    return may_be_repeated(word) && may_be_repeated(first)
               ? fmt::format("To compare two dumps: {}", command_line_as_given(root).another(
                                                             {"compare", first, "--with", word}))
               : "To compare two dumps: dbbackup compare DUMP --with DUMP2";
}

UsageError unexpected_word(const std::string& word, const CommandDescription& command,
                           const CommandDescription& program, const CLI::App& root) {
    const std::string shown =
        may_be_repeated(word) ? fmt::format(" '{}'", base::printable(word)) : "";
    const bool takes_many = !command.arguments.empty();
    std::string advice;
    if (find_command(program, word) != nullptr) {
        advice = "Give one command at a time.";
    } else if (command.name == "export" || command.name == "import") {
        advice = fmt::format("To {} only some tables: -t {}", command.name,
                             shown.empty() ? "TABLE" : base::shell_words({word}));
    } else if (command.name == "compare") {
        advice = advice_on_two_dumps(word, root);
    } else if (!takes_many) {
        advice = advice_on_name(word, command);
    }
    return make_error(takes_many ? fmt::format("one word too many for {}{}", command.name,
                                               shown.empty() ? "" : ":" + shown)
                                 : fmt::format("{} takes no argument{}", command.name, shown),
                      advice, &command, program);
}

/// Explains the first of the unparsed `words`.
UsageError explain_word(const std::vector<std::string>& words, const CommandDescription* command,
                        const CommandDescription& program, const CLI::App& root) {
    const std::string& word = words.front();
    if (word.size() > 1 && word.starts_with('-')) {
        return unknown_option(words, command, program);
    }
    return command != nullptr ? unexpected_word(word, *command, program, root)
                              : unknown_command(word, program);
}

/// `words` and the --from that was given: without it, they would mean the dumps here.
std::vector<std::string> with_remote(std::vector<std::string> words, const CLI::App& root) {
    for (const CLI::App* command : root.get_subcommands()) {
        const CLI::Option* from = command->get_option_no_throw("--from");
        if (from != nullptr && from->count() > 0) {
            words.insert(words.end(), {"--from", from->as<std::string>()});
        }
    }
    return words;
}

} // namespace

UsageError explain_parse_error(const CLI::ParseError& error, const CLI::App& root,
                               const CommandDescription& program) {
    const CommandDescription* command = chosen_command(root, program);
    const std::vector<std::string> unknown = root.remaining(true);
    const bool is_about_words = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr ||
                                dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
    if (is_about_words && !unknown.empty()) {
        return explain_word(unknown, command, program, root);
    }
    if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
        const base::CommandLine given = command_line_as_given(root);
        // Of the arguments, only the dumps of pin and unpin are required.
        return command == nullptr
                   ? make_error("no command is named", "", nullptr, program)
                   : make_error(
                         fmt::format("{} needs the name of a dump", command->name),
                         fmt::format("List the dumps: {}. For the newest whole one: {}",
                                     given.another(with_remote({"list"}, root)),
                                     given.another(with_remote({command->name, "latest"}, root))),
                         command, program);
    }
    return make_error(message_of(error), "", command, program);
}

void require_meant_for_help(const std::vector<std::string>& words, const CLI::App& root,
                            const CommandDescription& program) {
    const CommandDescription* command = chosen_command(root, program);
    const std::vector<std::string> unknown = root.remaining(true);
    const auto short_option = std::ranges::find(words, "-h");
    const bool has_value = short_option != words.end() && short_option + 1 != words.end() &&
                           !(short_option + 1)->starts_with('-') &&
                           find_command(program, *(short_option + 1)) == nullptr;
    const bool by_long_option = std::ranges::count(words, "--help") > 0;
    if (has_value || (!by_long_option && command != nullptr && !unknown.empty())) {
        throw make_error("-h means help here", advice_on_option("", "-h"), command, program);
    }
    if (command == nullptr && !unknown.empty() && !unknown.front().starts_with('-')) {
        throw unknown_command(unknown.front(), program);
    }
}

} // namespace dbbackup::cli
