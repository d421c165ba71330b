#include "cli/command/commands.hpp"
#include "cli/command/dump_flags.hpp"
#include "cli/command_line/restore_command.hpp"
#include "cli/exit_code.hpp"
#include "cli/report/restore_text.hpp"
#include "cli/report/result_lines.hpp"
#include "cli/run_record/note_results.hpp"
#include "cli/settings/settings_names.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/guard.hpp>
#include <dbbackup/pg/database_address.hpp>

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <optional>

namespace dbbackup::cli {

namespace {

/// The database to dump, and how the command finds the same one.
struct GuardedDatabase {
    PlacedUrl url;
    std::optional<std::string> for_command; ///< DATABASE_URL for the command
    bool seen_by_command = false;           ///< if it reads DATABASE_URL
};

/// The command opens the same URL with the caller's environment.
void require_no_leading_variable(const Settings& settings, const PlacedUrl& url) {
    const auto variable = find_leading_variable(
        url.url, [&settings](const std::string& name) { return settings.find_variable(name); });
    if (variable) {
        throw base::Error{
            base::ErrorKind::usage,
            fmt::format("{} is set, and could make the command use another server than {}, which "
                        "would be dumped",
                        *variable, url.text()),
            fmt::format(
                "Nothing was dumped, and nothing was run. Unset {}, or put its value into the URL.",
                *variable)};
    }
}

/// Refuses anything that could let the command work on a database other than the dumped one.
GuardedDatabase choose_database(const Settings& settings) {
    const std::vector<PlacedUrl> urls = settings.find_urls();
    (void)pg::parse_connection_url(urls.front().url); // its errors come first
    if (!find_others(urls).empty()) {
        throw differing_urls_error(
            urls, "the command could change one database, and the dump be of the other");
    }
    require_no_leading_variable(settings, urls.front());
    GuardedDatabase guarded{.url = urls.front(), .for_command = std::nullopt};
    const auto has = [&](UrlPlace place) {
        return std::ranges::count(urls, place, &PlacedUrl::place) > 0;
    };
    if (guarded.url.variable != k_url_variable) {
        return guarded; // of a section: nobody knows which variable the command reads
    }
    guarded.seen_by_command = has(UrlPlace::environment) || has(UrlPlace::env_file);
    const auto in_file = std::ranges::find(urls, UrlPlace::env_file, &PlacedUrl::place);
    // An env file beats the environment only if the user named it.
    if (in_file != urls.end() &&
        (guarded.url.place == UrlPlace::env_file || !has(UrlPlace::environment))) {
        guarded.for_command = in_file->url;
    }
    return guarded;
}

void say_which(const GuardedDatabase& guarded, Console& console) {
    const auto connection = pg::parse_connection_url(guarded.url.url);
    const std::string line = fmt::format(
        "guarding database {} on {}, from {}", base::printable(connection.database),
        base::printable(pg::address_of(connection).server_text()), guarded.url.place_text());
    if (guarded.seen_by_command) {
        console.on_notice(line);
    } else {
        console.on_warning(
            line +
            ", which is not passed to the command: make sure that it uses the same database");
    }
}

std::string undo_text(const ops::GuardReport& report, const ops::GuardRequest& request,
                      const Settings& settings) {
    std::error_code ignored;
    if (!std::filesystem::exists(report.dump.path, ignored)) {
        return fmt::format("dbbackup: warning: '{}' is missing: the command moved or deleted it, "
                           "so you cannot undo the command\n",
                           base::printable(report.dump.path));
    }
    const store::Manifest::Database& database = report.dump.manifest.database;
    const std::string line = shell_words(complete_restore_command(
        report.restore_command, full_name_of(database.host, database.port, database.name),
        request.dump.connection, settings));
    return report.command.success()
               ? fmt::format("to undo: {}\n", line)
               : fmt::format("dbbackup: the command ended with {}\nto undo: {}\n",
                             report.command.describe(), line);
}

int run_guard(const DumpFlags& flags, const Invocation& invocation) {
    const Settings& settings = invocation.settings;
    if (settings.json()) {
        throw base::Error{base::ErrorKind::usage, "guard has no JSON output",
                          "stdout is the command's own. For a report, take the dump with dbbackup "
                          "dump --json."};
    }
    ops::require_command(invocation.after_dashes);
    const GuardedDatabase guarded = choose_database(settings);
    const ops::GuardRequest request{.dump = flags.to_request(settings, {}),
                                    .command = invocation.after_dashes,
                                    .url_for_command = guarded.for_command};
    note_target(invocation.record, request.dump.connection);
    say_which(guarded, invocation.console);
    flags.warn_of_folded_names(invocation.console);
    const ops::GuardReport report = ops::guard(request, invocation.context);
    note(invocation.record, report.dump);
    if (!report.command.success()) {
        invocation.record.message = "the command ended with " + report.command.describe();
    }
    invocation.console.log_result(result_line(report));
    // Also with --quiet and exit code 0, which drizzle-kit returns for failures too: the user may
    // have nothing else to go by.
    invocation.console.print_message(undo_text(report, request, settings));
    return report.command.signal_number != 0 ? k_exit_signal_base + report.command.signal_number
                                             : report.command.exit_code;
}

} // namespace

Command add_guard_command(CLI::App& root) {
    auto flags = std::make_shared<DumpFlags>();
    CLI::App* app = root.add_subcommand(
        "guard", "Take and verify a dump, run a command, and print how to undo it");
    app->footer("Exits with the command's exit code.");
    flags->add_to(*app);
    // guard refuses these and says why, so they are not offered.
    for (const char* name : {"--schema-only", "--data-only", "--exclude-table-data", "--no-owner",
                             "--no-privileges"}) {
        app->get_option(name)->group("");
    }
    return {.app = app,
            .run = [flags](const Invocation& invocation) { return run_guard(*flags, invocation); },
            .after_dashes = AfterDashes::command};
}

} // namespace dbbackup::cli
