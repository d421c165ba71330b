#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::cli {

/// The options that every command has, and where else their values can come from: a flag beats the
/// environment, which beats the env file, which beats the configuration, which beats the default.
class Settings {
public:
    void add_to(CLI::App& app);

    /// To be called once the command line is parsed. Throws base::Error{usage}.
    void resolve();

    [[nodiscard]] const std::string& require_url() const;

    [[nodiscard]] const std::optional<std::string>& url() const noexcept { return url_; }

    [[nodiscard]] const std::filesystem::path& directory() const noexcept { return directory_; }

    [[nodiscard]] const std::optional<std::filesystem::path>& bin_dir() const noexcept {
        return bin_dir_;
    }

    [[nodiscard]] bool json() const noexcept { return json_; }

    [[nodiscard]] bool quiet() const noexcept { return quiet_; }

    [[nodiscard]] bool verbose() const noexcept { return verbose_; }

    [[nodiscard]] bool progress() const noexcept { return !no_progress_ && !quiet_; }

    /// The options among these that stood on the command line, as words of another one: for a
    /// command that a message proposes. A URL that holds secrets comes out as the word URL.
    [[nodiscard]] std::vector<std::string> repeated_words(bool url_holds_secrets) const;

    /// `name` from the environment or, failing that, from the env file.
    [[nodiscard]] std::optional<std::string> find_variable(const std::string& name) const;

private:
    void load_env_file() const;
    /// What dbbackup.toml of the current directory says; nothing if --config names a file.
    [[nodiscard]] std::optional<std::string> find_unnamed_config() const;

    CLI::Option* url_option_ = nullptr;
    CLI::Option* directory_option_ = nullptr;
    CLI::Option* env_file_option_ = nullptr;
    CLI::Option* config_option_ = nullptr;
    CLI::Option* bin_dir_option_ = nullptr;
    mutable bool config_is_named_ = false;
    mutable std::optional<std::map<std::string, std::string>> env_file_;

    std::optional<std::string> url_;
    std::filesystem::path directory_;
    std::optional<std::filesystem::path> bin_dir_;
    bool json_ = false;
    bool quiet_ = false;
    bool verbose_ = false;
    bool no_progress_ = false;
};

} // namespace dbbackup::cli
