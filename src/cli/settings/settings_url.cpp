// Chooses the database URL that counts, and finds the others.

#include "cli/command_line/secret_words.hpp"
#include "cli/settings/missing_url.hpp"
#include "cli/settings/settings.hpp"
#include "cli/settings/settings_file.hpp"
#include "cli/settings/settings_names.hpp"
#include "cli/terminal/console.hpp"

#include <dbbackup/base/error.hpp>

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

namespace dbbackup::cli {

std::optional<std::string> find_in_environment(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value == nullptr || *value == '\0' ? std::nullopt : std::optional<std::string>{value};
}

std::string Settings::url_variable() const {
    return section_ == nullptr ? k_url_variable : section_->url_variable.value_or("");
}

PlacedUrl Settings::placed(UrlPlace place, const std::string& file, const std::string& url) const {
    return {.place = place,
            .file = file,
            .url = url,
            .variable = url_variable(),
            .section = section_ == nullptr ? "" : section_->text()};
}

std::optional<PlacedUrl> Settings::find_url_in_environment() const {
    const auto value = find_in_environment(url_variable());
    return value ? std::optional{placed(UrlPlace::environment, {}, *value)} : std::nullopt;
}

std::optional<PlacedUrl> Settings::find_url() const {
    if (is_on_command_line(url_option_)) {
        return placed(UrlPlace::flag, {}, url_option_->as<std::string>());
    }
    if (section_ != nullptr) {
        return find_url_of(*section_);
    }
    const auto in_environment = find_url_in_environment();
    if (in_environment && !env_file_is_named()) {
        return in_environment;
    }
    if (const auto url = find_in_env_file(k_url_variable)) {
        return placed(UrlPlace::env_file, env_file_path(), *url);
    }
    if (in_environment) {
        return in_environment;
    }
    if (config_url_ && !config_url_->empty()) {
        return placed(UrlPlace::configuration, config_path(), *config_url_);
    }
    return std::nullopt;
}

std::optional<PlacedUrl> Settings::find_env_local() const {
    if (env_file_is_named() || url_variable().empty()) {
        return std::nullopt;
    }
    const auto file = find_settings_file(k_local_env_file, k_env_file_kind);
    if (!file) {
        return std::nullopt;
    }
    const auto url =
        EnvFile{file->content, k_local_env_file, find_in_environment}.find(url_variable());
    if (!url || url->empty()) {
        return std::nullopt;
    }
    return placed(UrlPlace::env_file, k_local_env_file, *url);
}

std::vector<PlacedUrl> Settings::find_urls() const {
    is_url_compared_ = true;
    (void)require_url();
    std::vector<PlacedUrl> urls{*placed_url_};
    const auto add = [&](const std::optional<PlacedUrl>& url) {
        if (url && (url->place != placed_url_->place || url->file != placed_url_->file)) {
            urls.push_back(*url);
        }
    };
    if (url_variable().empty()) {
        return urls;
    }
    const auto in_file = find_in_env_file(url_variable());
    if (in_file) {
        add(placed(UrlPlace::env_file, env_file_path(), *in_file));
    }
    if (in_file && env_file_is_named()) {
        return urls;
    }
    add(find_url_in_environment());
    add(find_env_local());
    if (section_ == nullptr && config_url_ && !config_url_->empty()) {
        add(placed(UrlPlace::configuration, config_path(), *config_url_));
    }
    return urls;
}

void Settings::warn_of_other_databases() const {
    if (is_url_compared_ || !placed_url_ || placed_url_->place != UrlPlace::env_file) {
        return;
    }
    is_url_compared_ = true;
    std::vector<PlacedUrl> urls{*placed_url_};
    try {
        const auto other = env_file_is_named() ? find_url_in_environment() : find_env_local();
        if (other) {
            urls.push_back(*other);
        }
    } catch (const base::Error& error) {
        warn_(fmt::format("cannot check whether {} names the same database: {}", k_local_env_file,
                          error.what()));
    }
    for (const PlacedUrl& other : find_others(urls)) {
        warn_(fmt::format("using {}, not {}", placed_url_->text(), other.text()));
    }
}

const std::optional<std::string>& Settings::url() const {
    warn_of_other_databases();
    return url_;
}

std::string Settings::url_origin() const {
    return placed_url_ && placed_url_->place != UrlPlace::flag ? placed_url_->place_text() : "";
}

bool Settings::url_holds_secrets() const {
    return url_ && may_hold_secrets(*url_);
}

base::Error Settings::find_missing_url() const {
    if (section_ != nullptr) {
        return missing_url_of(*section_);
    }
    load_env_file();
    MissingUrlSearch search{
        .env_file = *env_file_, .env_file_path = env_file_path(), .other_env_file = std::nullopt};
    try {
        if (find_env_local()) {
            search.other_env_file = k_local_env_file;
        }
    } catch (const base::Error&) {
        // An unreadable file does not help.
        search.other_env_file = std::nullopt;
    }
    return missing_url_error(search);
}

const std::string& Settings::require_url() const {
    if (!url_) {
        throw find_missing_url();
    }
    warn_of_other_databases();
    return *url_;
}

const std::string& Settings::require_clear_url() const {
    if (placed_url_ && placed_url_->place == UrlPlace::env_file && !env_file_is_named()) {
        is_url_compared_ = true;
        std::vector<PlacedUrl> urls{*placed_url_};
        if (const auto local = find_env_local()) {
            urls.push_back(*local);
        }
        if (!find_others(urls).empty()) {
            throw differing_urls_error(urls, "nothing was changed");
        }
    }
    return require_url();
}

std::vector<std::string> Settings::url_words(bool url_holds_secrets) const {
    std::vector<std::string> words;
    if (section_ != nullptr) {
        words = {"--database", section_->name};
        if (env_file_is_named() || (placed_url_ && placed_url_->place == UrlPlace::env_file)) {
            words.insert(words.end(), {"--env-file", absolute_path(env_file_path())});
        }
        return words;
    }
    if (!placed_url_) {
        return words;
    }
    // Not read just for this: a finished run must not end in an error about that file.
    const auto in_file = env_file_ ? find_in_env_file(k_url_variable) : std::nullopt;
    const bool file_has_it = in_file && is_same_database(*in_file, placed_url_->url);
    const auto in_environment = find_url_in_environment();
    const bool environment_has_it =
        in_environment && is_same_database(in_environment->url, placed_url_->url);
    bool names_env_file = env_file_is_named() || placed_url_->place == UrlPlace::env_file;
    if (placed_url_->place == UrlPlace::flag) {
        if (!url_holds_secrets) {
            words = {"--url", placed_url_->url};
        } else if (file_has_it) {
            names_env_file = true;
        } else if (!environment_has_it || (in_file && env_file_is_named())) {
            words = {"--url", "URL"};
        }
    }
    if (names_env_file) {
        words.insert(words.end(), {"--env-file", absolute_path(env_file_path())});
    }
    return words;
}

} // namespace dbbackup::cli
