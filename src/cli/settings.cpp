#include "cli/settings.hpp"

#include "cli/env_file.hpp"
#include "cli/secret_words.hpp"
#include "cli/toml_config.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <unistd.h>

namespace dbbackup::cli {

namespace {

constexpr const char* k_url_variable = "DATABASE_URL";
constexpr const char* k_directory_variable = "DBBACKUP_DIR";
constexpr const char* k_default_directory = "dumps";
constexpr const char* k_default_env_file = ".env";
constexpr std::size_t k_most_env_file_bytes = 1 << 20;
constexpr const char* k_default_config = "dbbackup.toml";

} // namespace

void Settings::add_to(CLI::App& app) {
    url_option_ = app.add_option("--url", "Database: postgres://user:password@host:port/database "
                                          "(better: DATABASE_URL, which ps does not show)")
                      ->type_name("URL");
    env_file_option_ =
        app.add_option("--env-file", "Read variables from FILE (default: .env where it exists)")
            ->type_name("FILE")
            ->configurable(false);
    directory_option_ =
        app.add_option("--dir", "Where dumps live (or DBBACKUP_DIR; default: dumps)")
            ->type_name("DIR");
    bin_dir_option_ =
        app.add_option("--bin-dir", "Use the PostgreSQL client programs of this directory")
            ->type_name("DIR");
    config_option_ =
        app.set_config("--config", k_default_config,
                       "Read options from FILE (default: dbbackup.toml where it exists)");
    config_option_->type_name("FILE");
    app.allow_config_extras(
        CLI::config_extras_mode::error); // a misspelt key must not pass in silence
    app.config_formatter(std::make_shared<TomlConfig>([this](const std::string& key) {
        return (key == "url" && find_variable(k_url_variable)) ||
               (key == "dir" && find_variable(k_directory_variable));
    }));
    app.add_flag("--json", json_, "Print one JSON object on stdout, errors included");
    app.add_flag("-q,--quiet", quiet_, "Only results, warnings and errors");
    app.add_flag("-v,--verbose", verbose_, "Say more about what is done");
    app.add_flag("--no-progress", no_progress_, "Show no progress");
}

void Settings::load_env_file() const {
    if (env_file_) {
        return;
    }
    const bool named = env_file_option_->count() > 0;
    const std::string path = named ? env_file_option_->as<std::string>() : k_default_env_file;
    // Docker makes a directory where a .env to mount is missing.
    std::error_code ignored;
    const bool is_directory = std::filesystem::is_directory(path, ignored);
    std::ifstream file{path};
    if (is_directory ? named : !file && (named || std::filesystem::exists(path, ignored))) {
        throw base::Error{base::ErrorKind::usage,
                          fmt::format("cannot read the env file '{}'", base::printable(path)),
                          "Name an existing file with --env-file."};
    }
    std::string content(k_most_env_file_bytes + 1, '\0');
    file.read(content.data(), static_cast<std::streamsize>(content.size()));
    content.resize(static_cast<std::size_t>(file.gcount()));
    if (content.size() > k_most_env_file_bytes) {
        throw base::Error{base::ErrorKind::usage,
                          fmt::format("the env file '{}' is too large", base::printable(path)),
                          "Name another one with --env-file."};
    }
    env_file_ = parse_env_file(content, path, {k_url_variable, k_directory_variable});
}

std::optional<std::string> Settings::find_variable(const std::string& name) const {
    if (const char* value = std::getenv(name.c_str()); value != nullptr && *value != '\0') {
        return value;
    }
    load_env_file();
    const auto found = env_file_->find(name);
    return found == env_file_->end() || found->second.empty() ? std::nullopt
                                                              : std::optional{found->second};
}

void Settings::resolve() {
    // CLI11 passes over a default configuration that is there, but cannot be read.
    if (config_option_->count() == 0 && ::access(k_default_config, F_OK) == 0 &&
        ::access(k_default_config, R_OK) != 0) {
        throw base::Error{base::ErrorKind::usage,
                          fmt::format("cannot read the configuration file '{}'", k_default_config),
                          "Make it readable for this user, or name another with --config."};
    }
    const auto layered = [this](const CLI::Option* option, const char* variable) {
        return option->count() > 0 ? std::optional{option->as<std::string>()}
                                   : find_variable(variable);
    };
    if (env_file_option_->count() > 0) {
        load_env_file(); // a file that was named must be there, needed or not
    }
    url_ = layered(url_option_, k_url_variable);
    directory_ = layered(directory_option_, k_directory_variable).value_or(k_default_directory);
    if (directory_.empty()) {
        throw base::Error{base::ErrorKind::usage, "the dump directory's name is empty",
                          "Name a directory with --dir."};
    }
    require_no_url(directory_.native(), "the dump directory");
    if (bin_dir_option_->count() > 0) {
        bin_dir_ = bin_dir_option_->as<std::string>();
    }
}

std::vector<std::string> Settings::repeated_words(bool url_holds_secrets) const {
    std::vector<std::string> words;
    for (const CLI::Option* option :
         {url_option_, env_file_option_, directory_option_, bin_dir_option_, config_option_}) {
        if (option->count() > 0) {
            const bool is_secret = option == url_option_ && url_holds_secrets;
            words.push_back("--" + option->get_lnames().front());
            words.push_back(is_secret ? "URL" : option->as<std::string>());
        }
    }
    return words;
}

const std::string& Settings::require_url() const {
    if (!url_) {
        throw base::Error{base::ErrorKind::usage, "no database is named",
                          "Set DATABASE_URL (in the environment or in .env) or give --url."};
    }
    return *url_;
}

} // namespace dbbackup::cli
