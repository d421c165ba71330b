#include "cli/settings/settings.hpp"

#include "cli/command_line/secret_words.hpp"
#include "cli/report/restore_text.hpp"
#include "cli/settings/directory_name.hpp"
#include "cli/settings/env_file.hpp"
#include "cli/settings/settings_file.hpp"
#include "cli/settings/settings_names.hpp"
#include "cli/settings/toml_config.hpp"
#include "cli/terminal/console.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/file_rights.hpp>
#include <dbbackup/sys/user.hpp>

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <memory>
#include <sys/stat.h>

namespace dbbackup::cli {

namespace {

constexpr const char* k_directory_variable = "DBBACKUP_DIR";
constexpr const char* k_default_directory = "dumps";
constexpr const char* k_scratch_variable = "DBBACKUP_SCRATCH_URL";

const SettingsFileKind k_config{
    .noun = "configuration file", .option = "--config", .danger = "It can run programs as you."};

/// The user did not name this one: it is used only if no other user can have put it there.
void require_own_directory(const std::string& name) {
    struct stat status {};

    if (::stat(name.c_str(), &status) == 0 && sys::rights_of_others(status).own) {
        throw base::Error{base::ErrorKind::usage,
                          fmt::format("the directory '{}' belongs to {}, who is neither you nor "
                                      "root",
                                      name, sys::describe_user(status.st_uid)),
                          fmt::format("If you trust its dumps, name it: --dir {}", name)};
    }
}

/// Not allowed in the file at all, but relevant only to a restore: a nightly dump must not fail
/// because of it.
bool is_of_another_run(const CLI::App& root, const CLI::ConfigItem& item) {
    constexpr const char* k_restore = "restore";
    if (item.parents != std::vector<std::string>{k_restore} || root.got_subcommand(k_restore) ||
        root.got_subcommand("guard")) { // which prints a restore command to paste
        return false;
    }
    const CLI::Option* option =
        root.get_subcommand(k_restore)->get_option_no_throw("--" + item.name);
    return option != nullptr && !option->get_configurable();
}

} // namespace

void Settings::add_to(CLI::App& app) {
    url_option_ = app.add_option("--url", "Database: postgres://user:password@host:port/database "
                                          "(better: DATABASE_URL, which ps does not show)")
                      ->type_name("URL");
    env_file_option_ =
        app.add_option("--env-file", "Read variables from FILE (default: .env, if it exists)")
            ->type_name("FILE")
            ->configurable(false);
    directory_option_ = app.add_option("--dir", "Dump directory (or DBBACKUP_DIR; default: dumps)")
                            ->type_name("DIR");
    bin_dir_option_ = app.add_option("--bin-dir", "Use the PostgreSQL clients in this directory")
                          ->type_name("DIR");
    database_option_ =
        app.add_option("--database", "The database of the section [database.NAME] of the "
                                     "configuration, with its settings")
            ->type_name("NAME")
            ->configurable(false);
    config_option_ =
        app.set_config("--config", TomlConfig::k_stand_in,
                       "Read options from FILE (default: dbbackup.toml, if it exists)");
    config_option_->type_name("FILE")->option_text(fmt::format("FILE={}", k_default_config));
    app.allow_config_extras(
        CLI::config_extras_mode::error); // a misspelt key must not be silently ignored
    const auto set_elsewhere = [this, &app](const CLI::ConfigItem& item) {
        if (databases_.take(item) || hooks_.take(item) || item.inputs.empty() ||
            remotes_.take(item)) {
            return true;
        }
        if (item.parents == std::vector<std::string>{"dump"} && item.name == "recipients") {
            recipients_ = item.inputs;
            return true;
        }
        if (!item.parents.empty()) {
            return is_of_another_run(app, item);
        }
        if (item.name == "ping-url-file" && item.inputs.size() == 1) {
            ping_url_file_ = item.inputs.front();
            return true;
        }
        if (item.name == "url" && item.inputs.size() == 1) {
            config_url_ = item.inputs.front();
        }
        return (item.name == "url" &&
                (database_option_->count() > 0 || find_variable(k_url_variable))) ||
               (item.name == "dir" && find_variable(k_directory_variable));
    };
    app.config_formatter(std::make_shared<TomlConfig>(
        set_elsewhere,
        [this, &app](std::vector<CLI::ConfigItem>& items) { choose_section(app, items); },
        [this] { return find_unnamed_config(); }));
    app.add_flag("--json", json_, "Print one JSON object on stdout, errors included");
    app.add_flag("-q,--quiet", quiet_, "Print only results, warnings and errors");
    app.add_flag("-v,--verbose", verbose_, "Print more details");
    app.add_flag("--no-progress", no_progress_, "Do not show progress");
    app.add_flag("--no-notify", no_notify_, "Send no pings and run no hooks");
}

void Settings::load_env_file() const {
    if (env_file_) {
        return;
    }
    const bool named = env_file_is_named();
    const std::string path = env_file_path();
    const auto file = named ? read_settings_file(path, k_env_file_kind)
                            : find_settings_file(path, k_env_file_kind);
    env_file_.emplace(file ? file->content : "", path, find_in_environment);
    // Errors in these lines are reported, needed or not.
    (void)env_file_->find(k_directory_variable);
    const std::string url_name = url_variable();
    const bool secret =
        (!url_name.empty() && holds_password(env_file_->find(url_name).value_or(""))) ||
        holds_password(env_file_->find(k_scratch_variable).value_or(""));
    if (file && file->others_may_read && secret) {
        warn_(fmt::format("the env file '{}' holds a password, and its mode {:04o} lets other "
                          "users read it: {}",
                          path, file->mode, shell_words({"chmod", "600", path})));
    }
}

std::optional<std::string> Settings::find_unnamed_config() const {
    note_command_line();
    if (is_on_command_line(config_option_)) {
        return std::nullopt;
    }
    const auto file = find_settings_file(k_default_config, k_config);
    return file ? file->content : "";
}

void Settings::note_command_line() const {
    on_command_line_.clear();
    for (const CLI::Option* option :
         {url_option_, env_file_option_, directory_option_, bin_dir_option_}) {
        if (option->count() > 0) {
            on_command_line_.push_back(option);
        }
    }
    if (TomlConfig::is_named(*config_option_)) {
        on_command_line_.push_back(config_option_);
    }
}

bool Settings::is_on_command_line(const CLI::Option* option) const {
    return std::ranges::find(on_command_line_, option) != on_command_line_.end();
}

bool Settings::env_file_is_named() const {
    return env_file_option_->count() > 0;
}

std::string Settings::env_file_path() const {
    return env_file_is_named() ? env_file_option_->as<std::string>() : k_default_env_file;
}

std::string Settings::config_path() const {
    return is_on_command_line(config_option_) ? config_option_->as<std::string>()
                                              : k_default_config;
}

std::optional<std::string> Settings::find_in_env_file(const std::string& name) const {
    load_env_file();
    const auto value = env_file_->find(name);
    return value && value->empty() ? std::nullopt : value;
}

std::optional<std::string> Settings::find_variable(const std::string& name) const {
    if (env_file_is_named()) {
        const auto in_file = find_in_env_file(name);
        return in_file ? in_file : find_in_environment(name);
    }
    const auto in_environment = find_in_environment(name);
    return in_environment ? in_environment : find_in_env_file(name);
}

void Settings::resolve() {
    if (env_file_is_named()) {
        load_env_file(); // a named file must exist, needed or not
    }
    placed_url_ = find_url();
    if (placed_url_) {
        url_ = placed_url_->url;
    }
    const auto named = find_directory_name();
    if (named) {
        require_no_url(*named, "the dump directory");
        directory_ = directory_named(*named, "the dump directory");
        directory_is_default_ = false;
    } else {
        require_own_directory(k_default_directory);
        directory_ = k_default_directory;
    }
    if (directory_.empty()) {
        throw base::Error{base::ErrorKind::usage, "the dump directory's name is empty",
                          "Name a directory with --dir."};
    }
    if (bin_dir_option_->count() > 0) {
        bin_dir_ =
            directory_named(bin_dir_option_->as<std::string>(), "the directory of client programs");
    }
}

std::optional<std::string> Settings::find_directory_name() const {
    return directory_option_->count() > 0 ? std::optional{directory_option_->as<std::string>()}
                                          : find_variable(k_directory_variable);
}

std::optional<std::filesystem::path> Settings::find_directory() const {
    if (!directory_.empty()) {
        return directory_;
    }
    try {
        if (const auto named = find_directory_name()) {
            require_no_url(*named, "the dump directory");
            return directory_named(*named, "the dump directory");
        }
        if (!config_is_unread_) {
            require_own_directory(k_default_directory);
            return k_default_directory;
        }
    } catch (const std::exception&) {
        return std::nullopt; // it may be the failure itself, which is reported elsewhere
    }
    return std::nullopt;
}

std::vector<std::string> Settings::repeated_words(bool url_holds_secrets) const {
    std::vector<std::string> words = url_words(url_holds_secrets);
    if (is_on_command_line(directory_option_) ||
        (!directory_is_default_ && directory_.is_relative())) {
        words.insert(words.end(), {"--dir", absolute_path(directory_)});
    }
    if (is_on_command_line(bin_dir_option_)) {
        words.insert(words.end(), {"--bin-dir", absolute_path(*bin_dir_)});
    }
    if (is_on_command_line(config_option_) || section_ != nullptr ||
        (placed_url_ && placed_url_->place == UrlPlace::configuration)) {
        words.insert(words.end(), {"--config", absolute_path(config_path())});
    }
    return words;
}

} // namespace dbbackup::cli
