// The section of the configuration that --database chooses.

#include "cli/settings/settings.hpp"
#include "cli/settings/settings_names.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/pg/database_address.hpp>

#include <fmt/format.h>

namespace dbbackup::cli {

namespace {

constexpr const char* k_option = "--database";

std::set<std::string> names_of_typed(const CLI::App& app) {
    std::set<std::string> typed;
    for (const CLI::Option* option : app.get_options()) {
        if (option->count() > 0 && !option->get_lnames().empty()) {
            typed.insert(option->get_lnames().front());
        }
    }
    return typed;
}

} // namespace

std::optional<std::string> Settings::find_database_word(CLI::Option* own) const {
    const bool is_own = own != nullptr && own->count() > 0;
    if (database_option_->count() == 0) {
        // status takes several, which are not one section.
        return is_own && own->results().size() == 1 ? std::optional{own->results().front()}
                                                    : std::nullopt;
    }
    const auto word = database_option_->as<std::string>();
    if (is_own) {
        throw base::Error{base::ErrorKind::usage,
                          "--database is given before and after the command", "Give it once."};
    }
    if (own != nullptr) {
        own->add_result(word);
    }
    return word;
}

void Settings::choose_section(const CLI::App& root, std::vector<CLI::ConfigItem>& items) {
    databases_.require_sound(root);
    const std::vector<CLI::App*> chosen = root.get_subcommands();
    if (chosen.empty()) {
        return;
    }
    CLI::App& command = *chosen.front();
    typed_ = names_of_typed(command);
    if (is_on_command_line(url_option_)) {
        typed_.insert("url");
    }
    CLI::Option* own = command.get_option_no_throw(k_option);
    const auto word = find_database_word(own);
    if (!word) {
        return;
    }
    typed_.insert("database");
    section_ = databases_.find(*word);
    if (section_ == nullptr && own == nullptr) {
        databases_.throw_unknown(*word);
    }
    if (section_ == nullptr) {
        return; // a filter
    }
    if (is_on_command_line(url_option_)) {
        throw base::Error{
            base::ErrorKind::usage,
            fmt::format("--url and --database {} both name a database", *word),
            fmt::format("{} has its own URL. Leave out one of them.", section_->text())};
    }
    if (own != nullptr) {
        own->clear(); // the section, not databases of that name
    }
    apply_section(*section_, command, items);
    const auto recipients = section_->settings.find("recipients");
    if (recipients != section_->settings.end()) {
        recipients_ = recipients->second;
    }
}

std::optional<PlacedUrl> Settings::find_url_of(const DatabaseSection& section) const {
    const auto found = [&](UrlPlace place, const std::string& file, const std::string& url) {
        return PlacedUrl{.place = place,
                         .file = file,
                         .url = url,
                         .variable = section.url_variable.value_or(""),
                         .section = section.text()};
    };
    if (section.url) {
        return found(UrlPlace::configuration, config_path(), *section.url);
    }
    const std::string& variable = section.url_variable.value();
    const auto in_environment = find_in_environment(variable);
    if (in_environment && !env_file_is_named()) {
        return found(UrlPlace::environment, {}, *in_environment);
    }
    if (const auto in_file = find_in_env_file(variable)) {
        return found(UrlPlace::env_file, env_file_path(), *in_file);
    }
    return in_environment ? std::optional{found(UrlPlace::environment, {}, *in_environment)}
                          : std::nullopt;
}

base::Error Settings::missing_url_of(const DatabaseSection& section) {
    const std::string variable = section.url_variable.value_or("");
    return {base::ErrorKind::usage,
            fmt::format("{} takes its URL from {}, which is not set", section.text(), variable),
            fmt::format("Set {} in the environment or in .env.", variable)};
}

std::optional<store::NamedDatabase> Settings::named_database() const {
    return section_ == nullptr ? std::nullopt
                               : std::optional{named_database_at(section_->name, require_url())};
}

std::optional<std::string> Settings::name_of_named_database() const {
    return section_ == nullptr ? std::nullopt
                               : std::optional{pg::parse_connection_url(require_url()).database};
}

store::NamedDatabase named_database_at(const std::string& section, const std::string& url) {
    return {.name = section,
            .is_it = [address = pg::address_of(pg::parse_connection_url(url))](
                         const store::Identity& identity) {
                return pg::is_at(address, identity.host, identity.port, identity.database);
            }};
}

} // namespace dbbackup::cli
