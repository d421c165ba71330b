#include "cli/command_line_of.hpp"
#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/describe_app.hpp"
#include "cli/exit_code.hpp"
#include "cli/interruption.hpp"
#include "cli/secret_words.hpp"
#include "cli/settings.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/cli/run.hpp>
#include <dbbackup/sys/core_dumps.hpp>
#include <dbbackup/sys/fd.hpp>
#include <dbbackup/sys/signals.hpp>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <cerrno>
#include <fmt/format.h>
#include <iostream>
#include <new>
#include <optional>
#include <system_error>

namespace dbbackup::cli {

namespace {

/// CLI11's message in our style.
std::string message_of(const CLI::ParseError& error) {
    std::string message = error.what();
    while (message.ends_with('\n') || message.ends_with('.')) {
        message.pop_back();
    }
    if (!message.empty()) {
        message.front() =
            static_cast<char>(std::tolower(static_cast<unsigned char>(message.front())));
    }
    return base::printable(message);
}

/// CLI11 says "INI was not able to parse KEY", or "KEY: This option is not allowed in …".
std::string config_message(const CLI::ConfigError& error) {
    constexpr std::string_view k_unknown = "INI was not able to parse ";
    const std::string_view message = error.what();
    return message.starts_with(k_unknown)
               ? fmt::format("the configuration file has a key that is not known there: {}",
                             base::printable(message.substr(k_unknown.size())))
               : fmt::format("in the configuration file: {}", base::printable(message));
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
        commands_ = {add_dump_command(root_),  add_restore_command(root_), add_list_command(root_),
                     add_show_command(root_),  add_verify_command(root_),  add_prune_command(root_),
                     add_pin_command(root_),   add_unpin_command(root_),   add_guard_command(root_),
                     add_status_command(root_)};
        root_.footer("The options above go with every command. See: dbbackup COMMAND --help");
        for (const Command& command : commands_) {
            command.app->fallthrough();
            command.app->footer(command.app->get_footer() +
                                "\nWith the options that every command has: dbbackup --help");
        }
    }

    int run(const std::vector<std::string>& words) {
        const SplitWords split = split_words(words);
        try {
            // CLI11 takes the words last first.
            root_.parse(std::vector<std::string>{split.ours.rbegin(), split.ours.rend()});
        } catch (const CLI::Success& success) {
            return print_help(success);
        } catch (const CLI::ConfigError& error) {
            throw base::Error{base::ErrorKind::usage, config_message(error),
                              "Keys are the long options without dashes; a command's stand below "
                              "[command]."};
        } catch (const CLI::ParseError& error) {
            throw usage_error(error);
        }
        const Command& chosen = chosen_command();
        if (split.has_dashes && chosen.after_dashes == AfterDashes::nothing) {
            throw base::Error{base::ErrorKind::usage,
                              fmt::format("'{}' takes nothing after --", chosen.app->get_name()),
                              "See: dbbackup " + chosen.app->get_name() + " --help"};
        }
        settings_.resolve();
        // Until here a signal may end us as it always does, also while a settings file that is a
        // FIFO waits for its writer.
        sys::take_over_signals();
        Console console{settings_};
        return chosen.run(
            {settings_, console, split.after_dashes, command_line_of(*chosen.app, settings_)});
    }

    [[nodiscard]] bool json() const noexcept { return settings_.json(); }

    [[nodiscard]] CommandDescription description() const { return describe_app(root_, commands_); }

private:
    int print_help(const CLI::Success& success) const {
        const int code = root_.exit(success);
        if (!std::cout.flush()) {
            throw base::system_error("write to stdout", errno);
        }
        return code;
    }

    base::Error usage_error(const CLI::ParseError& error) const {
        const std::vector<std::string> remaining = root_.remaining();
        const bool is_unknown_command = root_.get_subcommands().empty() && !remaining.empty() &&
                                        !remaining.front().starts_with('-');
        return {base::ErrorKind::usage,
                is_unknown_command
                    ? fmt::format("there is no command '{}'", base::printable(remaining.front()))
                    : message_of(error),
                "See: dbbackup --help"};
    }

    const Command& chosen_command() const {
        return *std::ranges::find_if(commands_,
                                     [](const Command& command) { return command.app->parsed(); });
    }

    CLI::App root_{"Backups of PostgreSQL databases that can be trusted.", "dbbackup"};
    Settings settings_;
    std::vector<Command> commands_;
};

} // namespace

CommandDescription describe_program() {
    return Program{}.description();
}

int run(int argument_count, char** arguments) {
    sys::occupy_standard_descriptors();
    sys::forbid_core_dumps();
    const std::vector<std::string> words{arguments + std::min(argument_count, 1),
                                         arguments + argument_count};
    hide_passwords(argument_count, arguments);
    const std::vector<std::string> ours = split_words(words).ours;
    const bool json_flag = std::ranges::count(ours, "--json") > 0;
    std::optional<Program> program;
    // The configuration, once it is read, may ask for JSON too.
    const auto json = [&] { return json_flag || (program && program->json()); };
    try {
        sys::prepare_signals();
        return program.emplace().run(words);
    } catch (const base::InterruptedDeed& interrupted) {
        report_interrupted_deed(interrupted, json());
        return k_exit_signal_base + interrupted.signal_number();
    } catch (const base::Interrupted& interrupted) {
        report_interruption(interrupted.signal_number(), json());
        return k_exit_signal_base + interrupted.signal_number();
    } catch (const base::Error& error) {
        report_error(without_passwords(error, words), json());
        return exit_code(error.kind());
    } catch (const std::bad_alloc&) {
        report_error({base::ErrorKind::failed, "there is too little memory"}, json());
        return exit_code(base::ErrorKind::failed);
    } catch (const std::system_error& error) {
        // A thread that could not be started, say.
        report_error(base::system_error("get what it takes from the system", error.code().value(),
                                        "Look at the limits on processes and memory (ulimit -a)."),
                     json());
        return exit_code(base::ErrorKind::failed);
    } catch (const std::exception& error) {
        const base::Error unexpected{base::ErrorKind::failed,
                                     "unexpected: " + base::printable(error.what())};
        report_error(without_passwords(unexpected, words), json());
        return exit_code(unexpected.kind());
    }
}

} // namespace dbbackup::cli
