#include "cli/command/commands.hpp"
#include "cli/command_line/secret_words.hpp"
#include "cli/exit_code.hpp"
#include "cli/run_record/journal.hpp"
#include "cli/terminal/counted.hpp"
#include "cli/terminal/text_table.hpp"

#include <dbbackup/base/byte_size.hpp>
#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/moment.hpp>
#include <dbbackup/base/text.hpp>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <fmt/format.h>
#include <limits>
#include <memory>
#include <optional>

namespace dbbackup::cli {

namespace {

struct HistoryFlags {
    std::size_t limit = 20;
    std::optional<std::string> since;
    std::optional<std::string> before;
    std::vector<std::string> commands;
    std::optional<std::string> database;
    bool failed = false;
};

/// Which runs to show.
struct HistoryFilter {
    std::optional<base::UtcTime> since;
    std::optional<base::UtcTime> before;
    const HistoryFlags& flags;

    bool operator()(const RunRecord& run) const {
        return (!since || run.started_at >= *since) && (!before || run.started_at < *before) &&
               (flags.commands.empty() || std::ranges::count(flags.commands, run.command) > 0) &&
               (!flags.failed || !run.is_success()) &&
               (!flags.database || (run.target && run.target->database == *flags.database));
    }
};

HistoryFilter filter_of(const HistoryFlags& flags, base::UtcTime now) {
    require_no_url(flags.database.value_or(""), "the name of a database");
    HistoryFilter filter{.since = std::nullopt, .before = std::nullopt, .flags = flags};
    if (flags.since) {
        filter.since = base::parse_moment(*flags.since, now);
    }
    if (flags.before) {
        filter.before = base::parse_moment(*flags.before, now);
    }
    return filter;
}

/// Nothing if no dump was taken yet, so that there is no directory.
std::optional<sys::Directory> find_directory(const Settings& settings) {
    try {
        return sys::Directory::open(settings.directory());
    } catch (const base::SystemError& error) {
        if (error.error_number() != ENOENT || settings.directory_is_named()) {
            throw;
        }
        return std::nullopt;
    }
}

/// "2026-11-20 03:15:00Z".
std::string when(base::UtcTime time) {
    std::string text = base::format_utc(time);
    text.replace(text.find('T'), 1, " ");
    return text.substr(0, text.find('.')) + "Z";
}

std::string who(const RunRecord& run) {
    const std::string user = run.sudo_user.empty() ? run.user : run.sudo_user + " (sudo)";
    return run.machine.empty() ? user : user + "@" + run.machine;
}

TextTable::Cell result_cell(const RunRecord& run) {
    if (run.is_success()) {
        return {"ok"};
    }
    return {fmt::format("{} ({})", result_of(run), run.exit_code), Tone::bad};
}

std::string note_of(const RunRecord& run) {
    if (run.message.empty() || run.reason.empty()) {
        return run.message + run.reason;
    }
    return fmt::format("{}; {}", run.message, run.reason);
}

std::string table_of(const JournalPage& page, const Screen& screen) {
    TextTable table{{{"TIME"},
                     {"COMMAND"},
                     {"RESULT"},
                     {"DATABASE", Align::left, Fit::shorten, 4},
                     {"DUMP", Align::left, Fit::shorten, 5},
                     {"TOOK", Align::right, Fit::whole, 3},
                     {"SIZE", Align::right, Fit::whole, 2},
                     {"USER", Align::left, Fit::shorten, 1},
                     {"NOTE", Align::left, Fit::shorten, 0, 16}}};
    for (const RunRecord& run : page.runs) {
        table.add({when(run.started_at), run.command, result_cell(run),
                   run.target ? run.target->database : "",
                   run.dumps ? counted(*run.dumps, "dump") : run.dump,
                   base::format_duration(run.duration),
                   run.bytes ? base::format_byte_size(*run.bytes) : "", who(run), note_of(run)});
    }
    return table.to_string(screen);
}

std::string to_text(const JournalPage& page, const Settings& settings, const Screen& screen) {
    if (page.runs.empty()) {
        return fmt::format("No such run is recorded in '{}'.\n",
                           base::printable(settings.directory().native()));
    }
    return table_of(page, screen) + (page.has_more ? "There are more: --limit 0 shows all.\n" : "");
}

std::string to_json(const JournalPage& page, const Settings& settings) {
    Json runs = Json::array();
    for (const RunRecord& run : page.runs) {
        runs.push_back(to_json(run));
    }
    return finish({{"directory", text(settings.directory().native())},
                   {"runs", std::move(runs)},
                   {"has_more", page.has_more},
                   {"unreadable_lines", page.unreadable}});
}

int run_history(const HistoryFlags& flags, const Invocation& invocation) {
    const Settings& settings = invocation.settings;
    const HistoryFilter filter = filter_of(flags, invocation.context.clock.now());
    const auto directory = find_directory(settings);
    const std::size_t most =
        flags.limit == 0 ? std::numeric_limits<std::size_t>::max() : flags.limit;
    const JournalPage page = directory ? read_journal(*directory, most, filter) : JournalPage{};
    for (const std::string& problem : page.problems) {
        invocation.console.on_warning("a file of the journal was passed over: " + problem);
    }
    if (page.unreadable > 0) {
        invocation.console.on_warning(fmt::format("{} of the journal {} unreadable",
                                                  counted(page.unreadable, "line"),
                                                  page.unreadable == 1 ? "is" : "are"));
    }
    invocation.console.print_result(
        settings.json() ? to_json(page, settings)
                        : to_text(page, settings, invocation.console.result_screen()));
    return k_exit_done;
}

} // namespace

Command add_history_command(CLI::App& root) {
    auto flags = std::make_shared<HistoryFlags>();
    CLI::App* app = root.add_subcommand("history", "List what was run, newest first");
    app->add_option("--limit", flags->limit, "At most N runs; 0 for all")
        ->type_name("N")
        ->capture_default_str();
    app->add_option("--since", flags->since, "Only runs from then on (yesterday, 2026-11-20, 2h)")
        ->type_name("TIME")
        ->configurable(false);
    app->add_option("--before", flags->before, "Only earlier runs")
        ->type_name("TIME")
        ->configurable(false);
    app->add_option("--command", flags->commands, "Only runs of this command (repeatable)")
        ->type_name("COMMAND")
        ->allow_extra_args(false)
        ->check(CLI::IsMember(recorded_commands()).description(""))
        ->configurable(false);
    app->add_option("--database", flags->database, "Only runs on databases of this name")
        ->type_name("NAME");
    app->add_flag("--failed", flags->failed, "Only runs that failed or were refused")
        ->configurable(false);
    return {.app = app, .run = [flags](const Invocation& invocation) {
                return run_history(*flags, invocation);
            }};
}

} // namespace dbbackup::cli
