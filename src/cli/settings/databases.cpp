#include "cli/settings/databases.hpp"

#include "cli/command_line/secret_words.hpp"
#include "cli/command_line/suggestions.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>

namespace dbbackup::cli {

namespace {

constexpr const char* k_table = "database";
constexpr const char* k_url = "url";
constexpr const char* k_url_env = "url-env";
/// [dump] and the like have no such option, but the configuration knows the key.
constexpr const char* k_recipients = "recipients";

/// Other commands have options of these names with another meaning.
constexpr std::array<std::string_view, 5> k_of_dumps{"format", "label", "table", "schema",
                                                     "exclude-table"};

[[noreturn]] void refuse(const std::string& section, const std::string& why,
                         const std::string& hint = section_example()) {
    throw base::Error{base::ErrorKind::usage,
                      fmt::format("the configuration's section [database.{}]: {}",
                                  may_be_repeated(section) ? base::printable(section) : "…", why),
                      hint};
}

/// It stands in command lines, headings and messages.
bool is_name(const std::string& name) {
    return !name.empty() && name.size() <= 64 && !name.starts_with('-') &&
           std::ranges::all_of(name, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '_';
           });
}

bool is_variable(const std::string& name) {
    return !name.empty() && (name.front() < '0' || name.front() > '9') &&
           std::ranges::all_of(name, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_';
           });
}

std::vector<const CLI::App*> commands_of(const CLI::App& root) {
    return root.get_subcommands([](const CLI::App*) { return true; });
}

const CLI::Option* find_option(const CLI::App& command, const std::string& key) {
    if (key == k_table || (std::ranges::count(k_of_dumps, key) > 0 &&
                           command.get_name() != "dump" && command.get_name() != "guard")) {
        return nullptr;
    }
    return command.get_option_no_throw("--" + key);
}

void require_known(const std::string& section, const std::string& key, const CLI::App& root) {
    bool is_for_one_run = false;
    std::vector<std::string> known{k_url, k_url_env, k_recipients};
    for (const CLI::App* command : commands_of(root)) {
        if (const CLI::Option* option = find_option(*command, key)) {
            if (option->get_configurable()) {
                return;
            }
            is_for_one_run = true;
        }
        for (const CLI::Option* option : command->get_options()) {
            if (option->get_configurable() && !option->get_lnames().empty()) {
                known.push_back(option->get_lnames().front());
            }
        }
    }
    const std::string shown = may_be_repeated(key) ? " '" + base::printable(key) + "'" : "";
    if (is_for_one_run) {
        refuse(section, fmt::format("{} belongs on the command line", key),
               fmt::format("It is for a single run. Remove it from the file, and give --{} when "
                           "you need it.",
                           key));
    }
    if (root.get_option_no_throw("--" + key) != nullptr) {
        refuse(section, fmt::format("{} is not a setting of one database", key),
               "Write it at the top of the file, before the first section, or leave it out.");
    }
    std::string advice = did_you_mean(nearest_words(key, known));
    advice += advice.empty() ? "" : " ";
    refuse(section, fmt::format("unknown key{}", shown),
           advice + "The keys are url-env or url, recipients, and the long options of commands "
                    "without dashes.");
}

} // namespace

std::string section_example() {
    return "For example, in dbbackup.toml: [database.shop] and, below it, url-env = \"SHOP_URL\", "
           "the variable that holds its URL, in the environment or in .env.";
}

std::string DatabaseSection::text() const {
    return fmt::format("[database.{}]", base::printable(name));
}

bool Databases::take(const CLI::ConfigItem& item) {
    if (item.parents.empty() || item.parents.front() != k_table) {
        return false;
    }
    if (item.parents.size() == 1 && item.name.empty()) {
        return true; // [database] alone
    }
    if (item.parents.size() == 1) {
        throw base::Error{base::ErrorKind::usage,
                          "the configuration has keys in [database], which needs a name",
                          section_example()};
    }
    const std::string& name = item.parents[1];
    if (!is_name(name)) {
        refuse(name, "a section's name has letters, digits, - and _ only, and does not begin with "
                     "a dash");
    }
    if (item.parents.size() > 2) {
        refuse(name, "it has a table below it",
               "Write the settings of the database into its section.");
    }
    DatabaseSection& section = sections_[name];
    section.name = name;
    if (item.name.empty()) {
        return true;
    }
    if (item.name != k_url && item.name != k_url_env) {
        section.settings[item.name] = item.inputs;
        return true;
    }
    if (item.inputs.size() != 1 || item.inputs.front().empty()) {
        refuse(name, fmt::format("{} has one value, which is not empty", item.name));
    }
    if (item.name == k_url) {
        section.url = item.inputs.front();
        return true;
    }
    if (!is_variable(item.inputs.front())) {
        refuse(name, "url-env is the name of a variable"); // perhaps the URL itself
    }
    section.url_variable = item.inputs.front();
    return true;
}

void Databases::require_sound(const CLI::App& root) const {
    for (const auto& [name, section] : sections_) {
        if (section.url && section.url_variable) {
            refuse(name, "it has both url and url-env", "Remove one of them.");
        }
        if (!section.url && !section.url_variable) {
            refuse(name, "it has neither url-env nor url");
        }
        for (const auto& [key, ignored] : section.settings) {
            if (key != k_recipients) {
                require_known(name, key, root);
            }
        }
    }
}

const DatabaseSection* Databases::find(const std::string& name) const {
    const auto found = sections_.find(name);
    return found == sections_.end() ? nullptr : &found->second;
}

std::vector<const DatabaseSection*> Databases::all() const {
    std::vector<const DatabaseSection*> all;
    for (const auto& [ignored, section] : sections_) {
        all.push_back(&section);
    }
    return all;
}

void Databases::throw_unknown(const std::string& name) const {
    std::vector<std::string> names;
    for (const auto& [known, ignored] : sections_) {
        names.push_back(known);
    }
    const std::string message =
        may_be_repeated(name)
            ? fmt::format("the configuration has no section [database.{}]", base::printable(name))
            : "--database names no section of the configuration";
    if (names.empty()) {
        throw base::Error{base::ErrorKind::usage, message,
                          section_example() +
                              " To name a database itself, do so with DATABASE_URL or --url."};
    }
    std::string advice = did_you_mean(nearest_words(name, names));
    advice += advice.empty() ? "" : " ";
    throw base::Error{
        base::ErrorKind::usage, message,
        fmt::format("{}It has {}. {}", advice, base::list_all(names), section_example())};
}

void apply_section(const DatabaseSection& section, const CLI::App& command,
                   std::vector<CLI::ConfigItem>& items) {
    const auto own = [&](const CLI::ConfigItem& item) {
        return item.parents.size() == 1 && command.check_name(item.parents.front());
    };
    // The name chose the section, so it is no filter.
    std::erase_if(items, [&](const CLI::ConfigItem& item) {
        return own(item) && (item.name == k_table || (section.settings.contains(item.name) &&
                                                      find_option(command, item.name) != nullptr));
    });
    std::vector<CLI::ConfigItem> first;
    for (const auto& [key, values] : section.settings) {
        const CLI::Option* option = find_option(command, key);
        if (option != nullptr && option->get_configurable() && !values.empty()) {
            CLI::ConfigItem& item = first.emplace_back();
            item.parents = {command.get_name()};
            item.name = key;
            item.inputs = values;
        }
    }
    items.insert(items.begin(), first.begin(), first.end());
}

} // namespace dbbackup::cli
