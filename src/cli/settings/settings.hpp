#pragma once

#include "cli/settings/database_urls.hpp"
#include "cli/settings/databases.hpp"
#include "cli/settings/env_file.hpp"
#include "cli/settings/hook_settings.hpp"
#include "cli/settings/remotes.hpp"

#include <dbbackup/store/dump_series.hpp>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace dbbackup::cli {

/// The options that every command has, and where else their values can come from: a flag beats an
/// env file that --env-file names, which beats the environment, which beats `.env`, which beats the
/// configuration, which beats the default.
class Settings {
public:
    void add_to(CLI::App& app);

    /// Receives warnings. Call it before anything else.
    void on_warning(std::function<void(const std::string&)> warn) { warn_ = std::move(warn); }

    /// Call it after the command line is parsed. Throws base::Error{usage}.
    void resolve();

    /// The URL of the database, or nothing. Warns, once, if another file or variable that the user
    /// may have meant names another database.
    [[nodiscard]] const std::optional<std::string>& url() const;

    /// The same, but throws base::Error{usage} if there is none.
    [[nodiscard]] const std::string& require_url() const;

    /// Whether there is a URL that holds secrets. Does not warn about other databases, because this
    /// one is not used.
    [[nodiscard]] bool url_holds_secrets() const;

    /// Like require_url(), for commands that change the database: if `.env` and `.env.local`
    /// disagree, neither is used. Throws base::Error{usage}.
    [[nodiscard]] const std::string& require_clear_url() const;

    /// Every URL of a database that we can find, the one that counts first: for a guarded command,
    /// which may look for it elsewhere than we do. An env file that --env-file names is the user's
    /// choice and is compared only with --url. Throws base::Error{usage} if there is none.
    [[nodiscard]] std::vector<PlacedUrl> find_urls() const;

    /// The source of the URL, "DATABASE_URL in .env", if the user did not type it; else empty.
    [[nodiscard]] std::string url_origin() const;

    [[nodiscard]] const std::filesystem::path& directory() const noexcept { return directory_; }

    /// The dump directory, if it is known, also after a failure to resolve all settings: for the
    /// journal. Never throws.
    [[nodiscard]] std::optional<std::filesystem::path> find_directory() const;

    /// The configuration could not be read: it may name another directory than the default.
    void note_unread_config() noexcept { config_is_unread_ = true; }

    /// Whether --dir, DBBACKUP_DIR or the configuration names it.
    [[nodiscard]] bool directory_is_named() const noexcept { return !directory_is_default_; }

    [[nodiscard]] const std::optional<std::filesystem::path>& bin_dir() const noexcept {
        return bin_dir_;
    }

    [[nodiscard]] const Remotes& remotes() const noexcept { return remotes_; }

    /// The sections [database.NAME].
    [[nodiscard]] const Databases& databases() const noexcept { return databases_; }

    /// The one that --database chose, whose URL is url(); nothing if it chose none.
    [[nodiscard]] const DatabaseSection* section() const noexcept { return section_; }

    /// The database of that section, by its URL. Nothing without a section.
    [[nodiscard]] std::optional<store::NamedDatabase> named_database() const;
    /// The name that the server has for it.
    [[nodiscard]] std::optional<std::string> name_of_named_database() const;

    /// The URL of `section`, if it can be found.
    [[nodiscard]] std::optional<PlacedUrl> find_url_of(const DatabaseSection& section) const;
    /// The error that it cannot.
    [[nodiscard]] static base::Error missing_url_of(const DatabaseSection& section);

    /// Whether the user typed the option "--NAME" of the running command, or --url.
    [[nodiscard]] bool is_typed(const std::string& name) const { return typed_.contains(name); }

    /// For whom dumps are sealed, by `recipients` of [dump] in the configuration; other commands
    /// take safety dumps.
    [[nodiscard]] const std::vector<std::string>& recipients() const noexcept {
        return recipients_;
    }

    [[nodiscard]] bool json() const noexcept { return json_; }

    [[nodiscard]] bool quiet() const noexcept { return quiet_; }

    [[nodiscard]] bool verbose() const noexcept { return verbose_; }

    [[nodiscard]] bool progress() const noexcept { return !no_progress_ && !quiet_; }

    [[nodiscard]] const HookSettings& hooks() const noexcept { return hooks_; }

    /// `ping-url-file` of the configuration, or nothing.
    [[nodiscard]] const std::optional<std::string>& ping_url_file() const noexcept {
        return ping_url_file_;
    }

    /// Whether pings are sent and hooks run.
    [[nodiscard]] bool notifies() const noexcept { return !no_notify_; }

    /// The options that another command line needs to mean the same database and directory, from
    /// any directory: for a command that a message suggests. The environment is assumed to be the
    /// same. A URL that holds secrets becomes the word URL, unless the environment or an env file
    /// has it too.
    [[nodiscard]] std::vector<std::string> repeated_words(bool url_holds_secrets) const;

    /// The options by which a program that another one starts, with no environment of ours, means
    /// the same database and directory: absolute paths, and never a secret. Throws
    /// base::Error{usage} if the URL is in no file.
    [[nodiscard]] std::vector<std::string> standalone_words() const;

    /// Those of --url, --env-file, --dir, --bin-dir and --config that the user typed.
    [[nodiscard]] std::vector<std::string> names_on_command_line() const;

    /// `name` from the environment or, failing that, from the env file.
    [[nodiscard]] std::optional<std::string> find_variable(const std::string& name) const;

private:
    /// Records the command line itself, before the configuration is added to it.
    void note_command_line() const;
    [[nodiscard]] bool is_on_command_line(const CLI::Option* option) const;
    [[nodiscard]] bool env_file_is_named() const;
    [[nodiscard]] std::string env_file_path() const;
    [[nodiscard]] std::string config_path() const;
    void load_env_file() const;
    /// What names the dump directory, or nothing.
    [[nodiscard]] std::optional<std::string> find_directory_name() const;
    [[nodiscard]] std::optional<std::string> find_in_env_file(const std::string& name) const;
    [[nodiscard]] std::optional<PlacedUrl> find_url() const;
    [[nodiscard]] std::optional<PlacedUrl> find_url_in_environment() const;
    /// The variable of the environment and of env files that holds the URL; empty if none does.
    [[nodiscard]] std::string url_variable() const;
    [[nodiscard]] PlacedUrl placed(UrlPlace place, const std::string& file,
                                   const std::string& url) const;
    /// Lets --database choose a section, and applies it to `items` of the configuration.
    void choose_section(const CLI::App& root, std::vector<CLI::ConfigItem>& items);
    /// The word after --database, wherever it stands; passed on to the command's own option, if it
    /// has one.
    [[nodiscard]] std::optional<std::string> find_database_word(CLI::Option* own) const;
    /// Another env file next to the one whose URL counts, if it names another database.
    [[nodiscard]] std::optional<PlacedUrl> find_env_local() const;
    [[nodiscard]] std::vector<std::string> url_words(bool url_holds_secrets) const;
    void warn_of_other_databases() const;
    [[nodiscard]] base::Error find_missing_url() const;
    /// The content of dbbackup.toml in the current directory; nothing if --config names a file.
    [[nodiscard]] std::optional<std::string> find_unnamed_config() const;

    std::function<void(const std::string&)> warn_;
    CLI::Option* url_option_ = nullptr;
    CLI::Option* directory_option_ = nullptr;
    CLI::Option* env_file_option_ = nullptr;
    CLI::Option* config_option_ = nullptr;
    CLI::Option* bin_dir_option_ = nullptr;
    CLI::Option* database_option_ = nullptr;
    mutable std::vector<const CLI::Option*> on_command_line_;
    mutable std::optional<EnvFile> env_file_;
    mutable std::optional<std::string> config_url_;
    mutable bool is_url_compared_ = false;
    std::vector<std::string> recipients_;
    HookSettings hooks_;
    std::optional<std::string> ping_url_file_;

    std::optional<PlacedUrl> placed_url_;
    std::optional<std::string> url_;
    Remotes remotes_;
    Databases databases_;
    const DatabaseSection* section_ = nullptr;
    std::set<std::string> typed_;
    std::filesystem::path directory_;
    bool directory_is_default_ = true;
    bool config_is_unread_ = false;
    std::optional<std::filesystem::path> bin_dir_;
    bool json_ = false;
    bool quiet_ = false;
    bool verbose_ = false;
    bool no_progress_ = false;
    bool no_notify_ = false;
};

/// The database that `url`, of the section named `section`, leads to.
[[nodiscard]] store::NamedDatabase named_database_at(const std::string& section,
                                                     const std::string& url);

} // namespace dbbackup::cli
