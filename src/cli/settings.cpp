#include "cli/settings.hpp"

#include "cli/secret_words.hpp"
#include "cli/toml_config.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <sstream>

namespace dbbackup::cli {

namespace {

constexpr const char* k_url_variable = "DATABASE_URL";
constexpr const char* k_directory_variable = "DBBACKUP_DIR";
constexpr const char* k_default_directory = "dumps";
constexpr const char* k_default_env_file = ".env";
constexpr const char* k_default_config = "dbbackup.toml";

std::string trim(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) {
        return {};
    }
    return std::string{text.substr(first, text.find_last_not_of(" \t\r") - first + 1)};
}

/// A value as it stands after the equals sign; nothing where its quote is not closed.
std::optional<std::string> unquote(const std::string& raw) {
    const char quote = raw.empty() ? '\0' : raw.front();
    if (quote != '"' && quote != '\'') {
        return trim(raw.substr(0, raw.find(" #")));
    }
    std::string value;
    for (std::size_t i = 1; i < raw.size(); ++i) {
        if (raw[i] == quote) {
            return value;
        }
        const bool escaped = quote == '"' && raw[i] == '\\' && i + 1 < raw.size() &&
                             (raw[i + 1] == '"' || raw[i + 1] == '\\' || raw[i + 1] == '$');
        value += raw[escaped ? ++i : i];
    }
    return std::nullopt;
}

} // namespace

std::map<std::string, std::string> parse_env_file(const std::string& text,
                                                  const std::string& path) {
    std::map<std::string, std::string> values;
    constexpr std::string_view k_byte_order_mark = "\xef\xbb\xbf";
    std::istringstream lines{
        text.substr(text.starts_with(k_byte_order_mark) ? k_byte_order_mark.size() : 0)};
    std::string raw_line;
    for (int number = 1; std::getline(lines, raw_line); ++number) {
        std::string line = trim(raw_line);
        if (line.empty() || line.front() == '#') {
            continue;
        }
        if (line.starts_with("export ")) {
            line = trim(line.substr(7));
        }
        const std::size_t equals = line.find('=');
        const auto value = equals == std::string::npos
                               ? std::nullopt
                               : unquote(trim(std::string_view{line}.substr(equals + 1)));
        if (!value) {
            // Values of other programs may span lines; only what is asked for must be sound.
            const std::string name = trim(line.substr(0, equals));
            if (name == k_url_variable || name == k_directory_variable) {
                throw base::Error{
                    base::ErrorKind::usage,
                    fmt::format("line {} of '{}' cannot be read", number, base::printable(path)),
                    "Write NAME=value, with the value in single quotes where it has "
                    "spaces or quotes."};
            }
            continue;
        }
        values[trim(line.substr(0, equals))] = *value;
    }
    return values;
}

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
        app.add_option("--bin-dir", "Use pg_dump, pg_restore and psql of this directory")
            ->type_name("DIR");
    app.set_config("--config", k_default_config,
                   "Read options from FILE (default: dbbackup.toml where it exists)")
        ->type_name("FILE");
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
    const bool is_directory = std::filesystem::is_directory(path);
    std::ifstream file{path};
    if (is_directory ? named : !file && (named || std::filesystem::exists(path))) {
        throw base::Error{base::ErrorKind::usage,
                          fmt::format("cannot read the env file '{}'", base::printable(path)),
                          "Name an existing file with --env-file."};
    }
    std::ostringstream content;
    content << file.rdbuf();
    env_file_ = parse_env_file(content.str(), path);
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

const std::string& Settings::require_url() const {
    if (!url_) {
        throw base::Error{base::ErrorKind::usage, "no database is named",
                          "Set DATABASE_URL (in the environment or in .env) or give --url."};
    }
    return *url_;
}

} // namespace dbbackup::cli
