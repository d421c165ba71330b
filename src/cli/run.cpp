#include "cli/command/commands.hpp"
#include "cli/command/seal_flags.hpp"
#include "cli/command_line/command_line_of.hpp"
#include "cli/command_line/config_error.hpp"
#include "cli/command_line/secret_words.hpp"
#include "cli/command_line/separate_command.hpp"
#include "cli/command_line/usage_error.hpp"
#include "cli/exit_code.hpp"
#include "cli/reference/command_help.hpp"
#include "cli/reference/describe_app.hpp"
#include "cli/reference/help_formatter.hpp"
#include "cli/run_log.hpp"
#include "cli/run_record/run_reporter.hpp"
#include "cli/settings/settings.hpp"
#include "cli/terminal/console.hpp"
#include "cli/terminal/interruption.hpp"
#include "cli/terminal/screen.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/cli/run.hpp>
#include <dbbackup/pg/client_environment.hpp>
#include <dbbackup/pg/connect_error.hpp>
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
#include <unistd.h>

namespace dbbackup::cli {

namespace {

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

/// For help that goes to a pager or a file.
constexpr std::size_t k_help_width = 80;

class Program {
public:
    Program(RunLog& log, RunReporter& reporter) : log_(log), reporter_(reporter) {
        root_.require_subcommand(1);
        root_.fallthrough();
        root_.set_version_flag("-V,--version", std::string{"dbbackup "} + DBBACKUP_VERSION);
        settings_.on_warning([this](const std::string& message) {
            warn(message);
            log_.warning(message);
        });
        settings_.add_to(root_);
        log_.add_to(root_);
        reporter_.add_to(root_);
        commands_ = {
            add_dump_command(root_),     add_restore_command(root_), add_list_command(root_),
            add_show_command(root_),     add_verify_command(root_),  add_compare_command(root_),
            add_import_command(root_),   add_export_command(root_),  add_push_command(root_),
            add_pull_command(root_),     add_prune_command(root_),   add_pin_command(root_),
            add_unpin_command(root_),    add_guard_command(root_),   add_status_command(root_),
            add_schedule_command(root_), add_history_command(root_)};
        commands_.push_back(add_help_command(root_));
        root_.footer("All commands accept the options above. See: dbbackup COMMAND --help");
        for (const Command& command : commands_) {
            command.app->fallthrough();
            command.app->footer(command.app->get_footer() + "\nGlobal options: dbbackup --help");
        }
        const auto formatter = std::make_shared<HelpFormatter>(
            description(), screen_of(STDOUT_FILENO).width.value_or(k_help_width));
        root_.formatter(formatter);
        for (const Command& command : commands_) {
            command.app->formatter(formatter);
        }
    }

    int run(const std::vector<std::string>& words) {
        if (words.empty()) {
            return print_help_for_nothing();
        }
        SplitWords split = split_words(separate_command(root_, words));
        split.ours = help_as_option(std::move(split.ours), description());
        try {
            parse(split.ours);
        } catch (const CLI::Success& success) {
            return print_help(success, split.ours);
        } catch (...) {
            // The command is known if only its options or the configuration are wrong.
            if (const Command* meant = find_command()) {
                reporter_.begin(*meant->app, settings_);
            }
            throw;
        }
        const Command& chosen = *find_command();
        reporter_.begin(*chosen.app, settings_);
        log_.start(chosen.app->get_name());
        reporter_.require_usable_reason();
        if (split.has_dashes && chosen.after_dashes == AfterDashes::nothing) {
            throw base::Error{base::ErrorKind::usage,
                              fmt::format("'{}' takes nothing after --", chosen.app->get_name()),
                              "See: dbbackup " + chosen.app->get_name() + " --help"};
        }
        settings_.resolve();
        // Until here, a signal ends the process as usual, even while a settings file that is a FIFO
        // waits for its writer.
        sys::take_over_signals();
        reporter_.start(settings_);
        Console console{settings_, log_};
        try {
            return chosen.run({.settings = settings_,
                               .console = console,
                               .after_dashes = split.after_dashes,
                               .words = words,
                               .command_line = command_line_of(*chosen.app, settings_),
                               .context = {.listener = console,
                                           .clock = base::system_clock(),
                                           .bin_dir = settings_.bin_dir(),
                                           .environment = pg::current_environment(),
                                           .tool_version = DBBACKUP_VERSION,
                                           .identity = identity_of(*chosen.app, settings_),
                                           .recipients = settings_.recipients()},
                               .record = reporter_.record()});
        } catch (const pg::ConnectError& error) {
            // verify does not connect to the database of these settings.
            const std::string origin =
                chosen.app->get_name() == "verify" ? "" : settings_.url_origin();
            throw origin.empty()
                ? base::Error{error}
                : base::Error{error.kind(), error.what(),
                              fmt::format("The URL comes from {}. {}", origin, error.hint())};
        }
    }

    /// After it is read, the configuration may ask for JSON too.
    [[nodiscard]] bool json(const std::vector<std::string>& words) const {
        return settings_.json() ||
               std::ranges::count(split_words(separate_command(root_, words)).ours, "--json") > 0;
    }

    /// Passes on what the run did.
    void report(int exit_code) { reporter_.finish(settings_, exit_code); }

    [[nodiscard]] CommandDescription description() const { return describe_app(root_, commands_); }

private:
    void parse(const std::vector<std::string>& words) {
        try {
            // CLI11 takes the words in reverse order.
            root_.parse(std::vector<std::string>{words.rbegin(), words.rend()});
        } catch (const CLI::Success&) {
            throw;
        } catch (const CLI::ConfigError& error) {
            settings_.note_unread_config();
            throw explain_config_error(error, description());
        } catch (const CLI::ParseError& error) {
            throw explain_parse_error(error, root_, description());
        } catch (const base::Error&) {
            settings_.note_unread_config();
            throw;
        }
    }

    int print_help(const CLI::Success& success, const std::vector<std::string>& words) const {
        if (dynamic_cast<const CLI::CallForHelp*>(&success) != nullptr) {
            require_meant_for_help(words, root_, description());
        }
        const int code = root_.exit(success);
        flush_stdout();
        return code;
    }

    /// Not a success: a script that lost its arguments must not take it for a dump.
    int print_help_for_nothing() const {
        std::cout << root_.help();
        flush_stdout();
        return exit_code(base::ErrorKind::usage);
    }

    static void flush_stdout() {
        if (!std::cout.flush()) {
            throw base::system_error("write to stdout", errno);
        }
    }

    /// The command on the command line; null if there is none.
    const Command* find_command() const {
        const auto found = std::ranges::find_if(
            commands_, [](const Command& command) { return command.app->parsed(); });
        return found == commands_.end() ? nullptr : &*found;
    }

    CLI::App root_{"Take, verify and restore PostgreSQL dumps.", "dbbackup"};
    Settings settings_;
    RunLog& log_;
    RunReporter& reporter_;
    std::vector<Command> commands_;
};

/// The current exception as the one error to report.
base::Error current_error() {
    try {
        throw;
    } catch (const base::Error& error) {
        return error;
    } catch (const std::bad_alloc&) {
        return {base::ErrorKind::failed, "not enough memory"};
    } catch (const std::system_error& error) {
        // For example, a thread could not be started.
        return base::system_error("get resources from the system", error.code().value(),
                                  "Check the limits on processes and memory (ulimit -a).");
    } catch (const std::exception& error) {
        return {base::ErrorKind::failed, "unexpected: " + base::printable(error.what())};
    }
}

} // namespace

CommandDescription describe_program() {
    RunLog log;
    RunReporter reporter{log};
    return Program{log, reporter}.description();
}

int run(int argument_count, char** arguments) {
    sys::occupy_standard_descriptors();
    sys::forbid_core_dumps();
    const std::vector<std::string> words{arguments + std::min(argument_count, 1),
                                         arguments + argument_count};
    hide_passwords(argument_count, arguments);
    RunLog log;
    RunReporter reporter{log};
    std::optional<Program> program;
    const auto json = [&] { return program && program->json(words); };
    int code = k_exit_done;
    try {
        sys::prepare_signals();
        code = program.emplace(log, reporter).run(words);
    } catch (const base::InterruptedOperation& interrupted) {
        report_interrupted_deed(interrupted, json());
        log.interruption(interrupted.signal_number());
        note_interruption(reporter.record(), interrupted.signal_number(), interrupted.outcome());
        code = k_exit_signal_base + interrupted.signal_number();
    } catch (const base::Interrupted& interrupted) {
        report_interruption(interrupted.signal_number(), json());
        log.interruption(interrupted.signal_number());
        note_interruption(reporter.record(), interrupted.signal_number(), "");
        code = k_exit_signal_base + interrupted.signal_number();
    } catch (const UsageError& error) {
        const base::Error shown = without_passwords(error, words);
        report_usage_error(shown, error.usage(), json());
        note_failure(reporter.record(), shown);
        code = exit_code(error.kind());
    } catch (...) {
        const base::Error error = without_passwords(current_error(), words);
        report_error(error, json());
        log.error(error);
        note_failure(reporter.record(), error);
        code = exit_code(error.kind());
    }
    if (program) {
        program->report(code);
    }
    log.end(code);
    return code;
}

} // namespace dbbackup::cli
