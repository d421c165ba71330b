#include "cli/command/commands.hpp"
#include "cli/command/duration_flags.hpp"
#include "cli/command/export_format.hpp"
#include "cli/command_line/secret_words.hpp"
#include "cli/exit_code.hpp"
#include "cli/report/export_text.hpp"
#include "cli/report/report_json.hpp"
#include "cli/report/result_lines.hpp"
#include "cli/run_record/note_results.hpp"
#include "cli/settings/directory_name.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/moment.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/export.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

namespace dbbackup::cli {

namespace {

constexpr const char* k_stdout = "-";

struct ExportFlags {
    std::optional<std::string> output;
    std::optional<std::string> format;
    std::vector<std::string> tables;
    std::vector<std::string> excluded_tables;
    std::vector<std::string> excluded_columns;
    std::vector<std::string> references;
    std::optional<std::string> root;
    std::optional<std::string> since;
    std::optional<std::string> until;
    std::vector<std::string> date_columns;
    std::string app_version;
    bool dry_run = false;
    std::string lock_timeout = "30s";
};

void add_list(CLI::App& app, const std::string& names, std::vector<std::string>& values,
              const std::string& type, const std::string& text) {
    app.add_option(names, values, text + " (repeatable)")->type_name(type)->allow_extra_args(false);
}

void add_flags(CLI::App& app, ExportFlags& flags) {
    app.add_option("-o,--output", flags.output,
                   "The new file, or - for stdout (default: ./DATABASE_TIME.export.json.gz)")
        ->type_name("FILE");
    app.add_option("--format", flags.format, "json, jsonl or csv (default: by FILE's ending)")
        ->type_name("FORMAT")
        ->check(CLI::IsMember({"json", "jsonl", "csv"}).description(""));
    add_list(app, "-t,--table", flags.tables, "PATTERN", "Export only these tables");
    add_list(app, "-T,--exclude-table", flags.excluded_tables, "PATTERN",
             "Do not export these tables");
    add_list(app, "--exclude-column", flags.excluded_columns, "TABLE.COL",
             "Do not export this column");
    add_list(app, "--ref", flags.references, "TABLE.COL=PARENT.COL",
             "Write the parent's key in place of its id");
    auto* root = app.add_option("--root", flags.root,
                                "Export one row, and all that refers to it by foreign keys")
                     ->type_name("TABLE:COLUMN=VALUE");
    app.add_option("--since", flags.since, "Only rows from this time on")
        ->type_name("DATE")
        ->excludes(root);
    app.add_option("--until", flags.until, "Only rows from before this time")
        ->type_name("DATE")
        ->excludes(root);
    add_list(app, "--date-column", flags.date_columns, "TABLE.COL",
             "The column that --since and --until mean in this table");
    app.add_option("--app-version", flags.app_version, "Record this version of your application")
        ->type_name("TEXT");
    app.add_flag("--dry-run", flags.dry_run, "Only show the tables and count the rows");
    app.add_option("--lock-timeout", flags.lock_timeout,
                   "How long to wait for other sessions (10s, 5m)")
        ->type_name("DURATION")
        ->capture_default_str();
    // Each is for a single run.
    for (const char* of_one_run :
         {"--output", "--format", "--table", "--exclude-table", "--exclude-column", "--ref",
          "--root", "--since", "--until", "--date-column", "--app-version", "--dry-run"}) {
        app.get_option(of_one_run)->configurable(false);
    }
}

[[noreturn]] void throw_usage(const std::string& message, const std::string& hint = {}) {
    throw base::Error{base::ErrorKind::usage, message, hint};
}

/// `text` before and after the first `separator`, neither of them empty.
std::pair<std::string, std::string> split(const std::string& text, char separator,
                                          const std::string& option, const std::string& form) {
    const std::size_t at = text.find(separator);
    if (at == std::string::npos || at == 0 || at + 1 == text.size()) {
        throw_usage(fmt::format("{} takes {}", option, form));
    }
    return {text.substr(0, at), text.substr(at + 1)};
}

ops::WantedReference read_reference(const std::string& text) {
    const auto [column, key] = split(text, '=', "--ref", "TABLE.COL=PARENT.COL[,COL…]");
    ops::WantedReference reference{.column = column, .parent = {}, .more_columns = {}};
    std::istringstream columns{key};
    for (std::string name; std::getline(columns, name, ',');) {
        if (reference.parent.empty()) {
            reference.parent = name;
        } else {
            reference.more_columns.push_back(name);
        }
    }
    return reference;
}

/// What was probably meant by "customers=1", "customers.id=1", "customers:1" or "customers".
std::string likely_root(const std::string& text) {
    const std::size_t equals = text.find('=');
    std::string table = text.substr(0, equals);
    std::string value = equals == std::string::npos ? "" : text.substr(equals + 1);
    std::string column;
    const std::size_t colon = table.find(':');
    const std::size_t dot = table.rfind('.');
    if (colon != std::string::npos) {
        (equals == std::string::npos ? value : column) = table.substr(colon + 1);
        table.erase(colon);
    } else if (dot != std::string::npos && equals != std::string::npos) {
        column = table.substr(dot + 1);
        table.erase(dot);
    }
    return fmt::format("{}:{}={}", table.empty() ? "customers" : table,
                       column.empty() ? "id" : column, value.empty() ? "1" : value);
}

ops::WantedRoot read_root(const std::string& text, const base::CommandLine& command_line) {
    const std::size_t colon = text.find(':');
    const std::size_t equals = text.find('=', colon == std::string::npos ? 0 : colon);
    const bool is_root = colon != std::string::npos && colon > 0 && equals != std::string::npos &&
                         equals > colon + 1;
    if (!is_root) {
        throw_usage("--root takes TABLE:COLUMN=VALUE",
                    fmt::format("Name the column that identifies the row, as in: {}",
                                command_line.another({"export", "--root", likely_root(text)})));
    }
    return {.table = text.substr(0, colon),
            .column = text.substr(colon + 1, equals - colon - 1),
            .value = text.substr(equals + 1)};
}

void require_text(const std::string& text, const std::string& option) {
    if (!base::is_valid_utf8(text)) {
        throw_usage(fmt::format("{} is not UTF-8", option));
    }
}

ops::ExportRequest to_request(const ExportFlags& flags, const Invocation& invocation) {
    const Settings& settings = invocation.settings;
    for (const auto* words : {&flags.tables, &flags.excluded_tables, &flags.excluded_columns,
                              &flags.references, &flags.date_columns}) {
        for (const std::string& word : *words) {
            require_no_url(word, "a table");
            require_text(word, "the name of a table or column");
        }
    }
    require_no_url(flags.output.value_or(""), "a file");
    require_text(flags.app_version, "--app-version");
    require_text(flags.root.value_or(""), "--root");
    ops::ExportRequest request{.connection = {},
                               .output = std::nullopt,
                               .dump_directory = settings.directory(),
                               .tables = flags.tables,
                               .excluded_tables = flags.excluded_tables,
                               .excluded_columns = flags.excluded_columns,
                               .references = {},
                               .root = std::nullopt,
                               .since = std::nullopt,
                               .until = std::nullopt,
                               .date_columns = flags.date_columns,
                               .app_version = flags.app_version,
                               .lock_timeout =
                                   parse_lock_timeout("--lock-timeout", flags.lock_timeout, ""),
                               .dry_run = flags.dry_run,
                               .command_line = invocation.command_line};
    request.to_stdout = flags.output == k_stdout;
    if (flags.output && !request.to_stdout) {
        request.output = directory_named(*flags.output, "the export");
    }
    if (request.to_stdout && settings.json()) {
        throw_usage("with --json, stdout has the report", "Write the export to a file.");
    }
    choose_export_format(flags.format, request);
    for (const std::string& reference : flags.references) {
        request.references.push_back(read_reference(reference));
    }
    if (flags.root) {
        request.root = read_root(*flags.root, invocation.command_line);
    }
    const base::UtcTime now = invocation.context.clock.now();
    if (flags.since) {
        request.since = base::parse_moment(*flags.since, now);
    }
    if (flags.until) {
        request.until = base::parse_moment(*flags.until, now);
    }
    const bool is_limited = flags.since || flags.until;
    if (is_limited && flags.date_columns.empty()) {
        throw_usage("--since and --until need a --date-column",
                    "Say which column they mean: --date-column orders.created_at");
    }
    if (!is_limited && !flags.date_columns.empty()) {
        throw_usage("--date-column needs --since or --until");
    }
    if (request.since && request.until && *request.since >= *request.until) {
        throw_usage("--since is not before --until");
    }
    request.connection = pg::parse_connection_url(settings.require_url());
    return request;
}

/// A redirected stdout may have been meant for the rows.
bool may_expect_rows_on_stdout() {
    struct stat status {};

    return ::fstat(STDOUT_FILENO, &status) == 0 &&
           (S_ISREG(status.st_mode) || S_ISFIFO(status.st_mode));
}

int run_export(const ExportFlags& flags, const Invocation& invocation) {
    const ops::ExportRequest request = to_request(flags, invocation);
    note_target(invocation.record, request.connection);
    const ops::ExportReport report = ops::export_rows(request, invocation.context);
    note(invocation.record, report);
    Console& console = invocation.console;
    console.log_result(result_line(report));
    if (request.to_stdout && !request.dry_run) {
        if (!invocation.settings.quiet()) {
            console.print_message(to_text(report, console.message_screen()));
        }
    } else {
        const std::string text =
            invocation.settings.json() ? to_json(report) : to_text(report, console.result_screen());
        if (request.dry_run) {
            console.print_result(text);
        } else {
            console.print_final_result(text);
        }
        if (!request.dry_run && !flags.output && may_expect_rows_on_stdout()) {
            console.on_notice(
                fmt::format("the rows are in '{}', not in what went to stdout. To write them "
                            "there: {}",
                            base::printable(report.path.value_or("")),
                            invocation.command_line.again({"-o", "-"})));
        }
    }
    return k_exit_done;
}

} // namespace

Command add_export_command(CLI::App& root) {
    auto flags = std::make_shared<ExportFlags>();
    CLI::App* app = root.add_subcommand(
        "export", "Write rows as JSON or CSV, for other programs and for import");
    add_flags(*app, *flags);
    return {.app = app, .run = [flags](const Invocation& invocation) {
                return run_export(*flags, invocation);
            }};
}

} // namespace dbbackup::cli
