#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/settings.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/cli/run.hpp>
#include <dbbackup/sys/signals.hpp>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <string_view>

namespace dbbackup::cli {

namespace {

constexpr int k_exit_failed = 1;
constexpr int k_exit_signal_base = 128;

int exit_code(base::ErrorKind kind) {
    switch (kind) {
    case base::ErrorKind::failed:
        return k_exit_failed;
    case base::ErrorKind::usage:
        return 2;
    case base::ErrorKind::damaged:
        return 3;
    case base::ErrorKind::locked:
        return 4;
    case base::ErrorKind::refused:
        return 5;
    }
    return k_exit_failed;
}

bool may_hold_a_password(std::string_view word) {
    return word.find("://") != std::string_view::npos || word.find('@') != std::string_view::npos ||
           word.find("password") != std::string_view::npos;
}

/// Overwrites what may be a password where `ps` reads it. The words have been copied before.
void hide_passwords(int argument_count, char** arguments) {
    for (int i = 1; i < argument_count; ++i) {
        char* scheme_end = std::strstr(arguments[i], "://");
        if (scheme_end != nullptr) {
            char* secret = scheme_end + 3;
            std::fill(secret, secret + std::strlen(secret), 'x');
        }
    }
}

/// CLI11's message, which repeats words of the command line: a URL in the wrong place must not be
/// one of them.
std::string safe_message(const CLI::ParseError& error, const std::vector<std::string>& words) {
    std::string message = error.what();
    for (const std::string& word : words) {
        if (may_hold_a_password(word)) {
            for (std::size_t at = message.find(word); at != std::string::npos;
                 at = message.find(word)) {
                message.replace(at, word.size(), "***");
            }
        }
    }
    while (message.ends_with('\n') || message.ends_with('.')) {
        message.pop_back();
    }
    if (!message.empty()) {
        message.front() = static_cast<char>(std::tolower(message.front()));
    }
    return base::printable(message);
}

/// CLI11 says "INI was not able to parse KEY".
std::string config_message(const CLI::ConfigError& error) {
    const std::string_view message = error.what();
    return fmt::format("the configuration file has a key that is not known there: {}",
                       base::printable(message.substr(message.rfind(' ') + 1)));
}

/// The words before and after the first `--`.
struct SplitWords {
    std::vector<std::string> ours;
    std::vector<std::string> after_dashes;
    bool has_dashes = false;
};

SplitWords split_words(const std::vector<std::string>& words) {
    const auto dashes = std::ranges::find(words, "--");
    SplitWords split{.ours = {words.begin(), dashes}, .after_dashes = {}, .has_dashes = false};
    if (dashes != words.end()) {
        split.after_dashes.assign(dashes + 1, words.end());
        split.has_dashes = true;
    }
    return split;
}

class Program {
public:
    Program() {
        root_.require_subcommand(1);
        root_.fallthrough();
        root_.set_version_flag("-V,--version", std::string{"dbbackup "} + DBBACKUP_VERSION);
        settings_.add_to(root_);
        commands_ = {add_dump_command(root_), add_list_command(root_), add_show_command(root_)};
        for (const Command& command : commands_) {
            command.app->fallthrough();
        }
    }

    int run(const std::vector<std::string>& words) {
        const SplitWords split = split_words(words);
        try {
            // CLI11 takes the words last first.
            root_.parse(std::vector<std::string>{split.ours.rbegin(), split.ours.rend()});
        } catch (const CLI::Success& success) {
            return root_.exit(success);
        } catch (const CLI::ConfigError& error) {
            throw base::Error{base::ErrorKind::usage, config_message(error),
                              "Keys are the long options without dashes; a command's stand below "
                              "[command]."};
        } catch (const CLI::ParseError& error) {
            throw base::Error{base::ErrorKind::usage, safe_message(error, words),
                              "See: dbbackup --help"};
        }
        const Command& chosen = chosen_command();
        if (split.has_dashes && !chosen.takes_words_after_dashes) {
            throw base::Error{base::ErrorKind::usage,
                              fmt::format("'{}' takes nothing after --", chosen.app->get_name()),
                              "See: dbbackup " + chosen.app->get_name() + " --help"};
        }
        settings_.resolve();
        Console console{settings_};
        chosen.run({settings_, console, split.after_dashes});
        return 0;
    }

private:
    const Command& chosen_command() const {
        return *std::ranges::find_if(commands_,
                                     [](const Command& command) { return command.app->parsed(); });
    }

    CLI::App root_{"Takes, restores, proves and expires backups of PostgreSQL databases.",
                   "dbbackup"};
    Settings settings_;
    std::vector<Command> commands_;
};

} // namespace

int run(int argument_count, char** arguments) {
    const std::vector<std::string> words{arguments + std::min(argument_count, 1),
                                         arguments + argument_count};
    hide_passwords(argument_count, arguments);
    const bool json = std::ranges::count(words, "--json") > 0;
    try {
        const sys::SignalGuard signals;
        return Program{}.run(words);
    } catch (const base::Interrupted& interrupted) {
        report_interruption(interrupted.signal_number(), json);
        return k_exit_signal_base + interrupted.signal_number();
    } catch (const base::Error& error) {
        report_error(error, json);
        return exit_code(error.kind());
    } catch (const std::exception& error) {
        report_error({base::ErrorKind::failed, "unexpected: " + base::printable(error.what())},
                     json);
        return k_exit_failed;
    }
}

} // namespace dbbackup::cli
