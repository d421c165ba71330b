#include "cli/command/commands.hpp"
#include "cli/command/dump_choice_flags.hpp"
#include "cli/command/duration_flags.hpp"
#include "cli/command/seal_flags.hpp"
#include "cli/command_line/secret_words.hpp"
#include "cli/exit_code.hpp"
#include "cli/report/compare_text.hpp"
#include "cli/report/report_json.hpp"
#include "cli/report/result_lines.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/ops/compare.hpp>

#include <memory>

namespace dbbackup::cli {

namespace {

/// They are kept in memory.
constexpr std::uint64_t k_most_rows = 1'000'000;

struct CompareFlags {
    std::string dump = "latest";
    DumpChoiceFlags choice;
    std::optional<std::string> with;
    std::vector<std::string> tables;
    bool counts_only = false;
    std::optional<std::string> rows;
    std::optional<std::uint64_t> limit;
    std::string lock_timeout = "30s";
};

void add_flags(CLI::App& app, CompareFlags& flags) {
    app.add_option("DUMP", flags.dump, std::string{k_dump_text} + " (default: latest)");
    flags.choice.add_to(app);
    add_identity_flag(app);
    app.add_option("--with", flags.with, "Compare with this dump instead of the database")
        ->type_name("DUMP2");
    app.add_option("-t,--table", flags.tables, "Compare only these tables (repeatable)")
        ->type_name("PATTERN")
        ->allow_extra_args(false);
    auto* counts_only = app.add_flag("--counts-only", flags.counts_only,
                                     "Count the rows instead of comparing their contents");
    auto* rows = app.add_option("--rows", flags.rows,
                                "Also list the rows of this table that differ, by primary key")
                     ->type_name("TABLE")
                     ->excludes(counts_only);
    app.add_option("--limit", flags.limit,
                   "With --rows: the most rows to list of each kind (default: 100)")
        ->type_name("N")
        ->check(CLI::Range(std::uint64_t{1}, k_most_rows).description(""))
        ->needs(rows);
    app.add_option("--lock-timeout", flags.lock_timeout,
                   "How long to wait for other sessions (10s, 5m)")
        ->type_name("DURATION")
        ->capture_default_str();
    // Each is for a single run.
    for (const char* of_one_run : {"--with", "--table", "--counts-only", "--rows", "--limit"}) {
        app.get_option(of_one_run)->configurable(false);
    }
}

ops::CompareRequest to_request(const CompareFlags& flags, const Invocation& invocation) {
    const Settings& settings = invocation.settings;
    for (const std::string& table : flags.tables) {
        require_no_url(table, "a table");
    }
    require_no_url(flags.rows.value_or(""), "a table");
    std::vector<std::string> dumps{flags.dump};
    if (flags.with) {
        dumps.push_back(*flags.with);
    }
    ops::CompareRequest request{.directory = settings.directory(),
                                .dump = flags.dump,
                                .latest = flags.choice.to_choice(dumps, settings),
                                .with_dump = flags.with,
                                .connection = std::nullopt,
                                .tables = flags.tables,
                                .contents = flags.counts_only ? ops::CompareContents::count_only
                                                              : ops::CompareContents::read,
                                .rows_of = flags.rows,
                                .lock_timeout =
                                    parse_lock_timeout("--lock-timeout", flags.lock_timeout, ""),
                                .command_line = invocation.command_line};
    request.limit = flags.limit.value_or(request.limit);
    if (!flags.with) {
        request.connection = pg::parse_connection_url(settings.require_url());
    }
    return request;
}

int run_compare(const CompareFlags& flags, const Invocation& invocation) {
    const ops::CompareReport report =
        ops::compare(to_request(flags, invocation), invocation.context);
    invocation.console.log_result(result_line(report));
    invocation.console.print_result(invocation.settings.json()
                                        ? to_json(report)
                                        : to_text(report, invocation.console.result_screen()));
    return report.differs() ? k_exit_differences : k_exit_done;
}

} // namespace

Command add_compare_command(CLI::App& root) {
    auto flags = std::make_shared<CompareFlags>();
    CLI::App* app = root.add_subcommand(
        "compare", "Show what has changed in the database since a dump, or between two dumps");
    app->alias("diff");
    add_flags(*app, *flags);
    return {.app = app, .run = [flags](const Invocation& invocation) {
                return run_compare(*flags, invocation);
            }};
}

} // namespace dbbackup::cli
