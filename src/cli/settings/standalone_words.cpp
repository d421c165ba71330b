// The options of a command that another program starts: cron, systemd, launchd.

#include "cli/settings/settings.hpp"
#include "cli/settings/settings_file.hpp"
#include "cli/settings/settings_names.hpp"

#include <dbbackup/base/error.hpp>

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

namespace dbbackup::cli {

namespace {

/// Adds `option` with the path of `file`, unless `words` has it or there is no such file.
void add_file(std::vector<std::string>& words, const std::string& option, const std::string& file) {
    std::error_code ignored;
    if (std::ranges::count(words, option) == 0 && std::filesystem::is_regular_file(file, ignored)) {
        words.insert(words.end(), {option, absolute_path(file)});
    }
}

} // namespace

std::vector<std::string> Settings::standalone_words() const {
    (void)require_url();
    std::vector<std::string> words = repeated_words(url_holds_secrets());
    const auto url = std::ranges::find(words, "--url");
    const bool is_hidden = url != words.end() && *std::next(url) == "URL";
    const bool names_url = std::ranges::count(words, "--env-file") > 0 ||
                           (url != words.end() && !is_hidden) ||
                           placed_url_->place == UrlPlace::configuration;
    if (!names_url) {
        throw base::Error{
            base::ErrorKind::usage,
            placed_url_->place == UrlPlace::flag
                ? "the URL holds a password, which must not stand in a command line"
                : fmt::format("the URL comes from {}, which a scheduled run does not have",
                              placed_url_->place_text()),
            fmt::format("Put the line {}=… into a file of mode 0600, and name that with "
                        "--env-file FILE.",
                        placed_url_->variable)};
    }
    if (std::ranges::count(words, "--dir") == 0) {
        words.insert(words.end(), {"--dir", absolute_path(directory_)});
    }
    add_file(words, "--config", config_path());
    add_file(words, "--env-file", env_file_path());
    return words;
}

std::vector<std::string> Settings::names_on_command_line() const {
    std::vector<std::string> names;
    for (const CLI::Option* option : on_command_line_) {
        names.push_back(option->get_name());
    }
    return names;
}

} // namespace dbbackup::cli
