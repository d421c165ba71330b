#include "cli/command_line_of.hpp"

#include "cli/dump_choice_flags.hpp"
#include "cli/secret_words.hpp"

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
    for (const CLI::Option* option : command.get_options()) {
        if (option->count() > 0 && !option->get_positional() &&
            !DumpChoiceFlags::is_one(name_of(*option))) {
            add_words(*option, flags);
        }
    }
    const bool url_holds_secrets = settings.url() && may_hold_secrets(*settings.url());
    return {command.get_name(), std::move(flags), settings.repeated_words(url_holds_secrets)};
}

} // namespace dbbackup::cli
