#include "cli/command_line/command_line_of.hpp"

#include "cli/command/dump_choice_flags.hpp"
#include "cli/command_line/secret_words.hpp"
#include "cli/settings/toml_config.hpp"

#include <string>
#include <vector>

namespace dbbackup::cli {

namespace {

std::string name_of(const CLI::Option& option) {
    return option.get_lnames().empty() ? "-" + option.get_snames().front()
                                       : "--" + option.get_lnames().front();
}

void add_words(const CLI::Option& option, std::vector<std::string>& words) {
    const bool is_flag = option.get_items_expected_max() == 0;
    const bool is_url = option.get_type_name() == "URL";
    for (const std::string& value : option.results()) {
        if (is_flag && value == "false") {
            continue;
        }
        words.push_back(name_of(option));
        if (!is_flag) {
            words.push_back(is_url && may_hold_secrets(value) ? "URL" : value);
        }
    }
}

} // namespace

base::CommandLine command_line_of(const CLI::App& command, const Settings& settings) {
    std::vector<std::string> flags;
    std::vector<std::string> choice;
    for (const CLI::Option* option : command.get_options()) {
        if (option->count() > 0 && !option->get_positional()) {
            add_words(*option, DumpChoiceFlags::is_one(command, name_of(*option)) ? choice : flags);
        }
    }
    const bool url_holds_secrets = settings.url_holds_secrets();
    return {command.get_name(), std::move(flags), settings.repeated_words(url_holds_secrets),
            std::move(choice)};
}

base::CommandLine command_line_as_given(const CLI::App& root) {
    std::vector<std::string> settings;
    for (const CLI::Option* option : root.get_options()) {
        const bool is_given =
            name_of(*option) == "--config" ? TomlConfig::is_named(*option) : option->count() > 0;
        if (is_given) {
            add_words(*option, settings);
        }
    }
    return {"", {}, std::move(settings)};
}

} // namespace dbbackup::cli
