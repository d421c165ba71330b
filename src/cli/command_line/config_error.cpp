#include "cli/command_line/config_error.hpp"

#include "cli/command_line/known_names.hpp"
#include "cli/command_line/secret_words.hpp"
#include "cli/command_line/suggestions.hpp"

#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <string_view>

namespace dbbackup::cli {

namespace {

std::string advice_on_key(const std::string& section, const std::string& key,
                          const CommandDescription& program) {
    const CommandDescription* command = find_command(program, section);
    std::vector<std::string> names;
    if (!section.empty() && command == nullptr) {
        for (const CommandDescription& one : program.commands) {
            names.push_back("[" + one.name + "]");
        }
        return did_you_mean(nearest_words("[" + section + "]", names));
    }
    if (const std::string owners = commands_with("--" + key, program); !owners.empty()) {
        return owners.substr(2); // a key has no dashes
    }
    names = long_names_in(program, command);
    std::ranges::for_each(names, [](std::string& name) { name.erase(0, 2); });
    return did_you_mean(nearest_words(key, names));
}

} // namespace

base::Error explain_config_error(const CLI::ConfigError& error, const CommandDescription& program) {
    constexpr std::string_view k_unknown = "INI was not able to parse ";
    constexpr std::string_view k_rules =
        "Keys are the long options without dashes; a command's keys go below [command].";
    constexpr std::string_view k_not_in_file =
        ": This option is not allowed in a configuration file";
    const std::string_view message = error.what();
    if (message.ends_with(k_not_in_file)) {
        const std::string_view key = message.substr(0, message.size() - k_not_in_file.size());
        return {
            base::ErrorKind::usage,
            fmt::format("the configuration file has {}, which belongs on the command line",
                        base::printable(std::string{key})),
            fmt::format(
                "It is for a single run. Remove it from the file, and give --{} when you need it.",
                base::printable(std::string{key.substr(key.rfind('.') + 1)}))};
    }
    if (!message.starts_with(k_unknown)) {
        return {base::ErrorKind::usage,
                fmt::format("in the configuration file: {}", base::printable(message)),
                std::string{k_rules}};
    }
    const std::string path{message.substr(k_unknown.size())};
    const std::size_t dot = path.find('.');
    const std::string section = dot == std::string::npos ? "" : path.substr(0, dot);
    const std::string key = dot == std::string::npos ? path : path.substr(dot + 1);
    const std::string advice = advice_on_key(section, key, program);
    return {base::ErrorKind::usage,
            "the configuration file has an unknown key" +
                (may_be_repeated(path) ? ": " + base::printable(path) : ""),
            (advice.empty() ? "" : advice + " ") + std::string{k_rules}};
}

} // namespace dbbackup::cli
