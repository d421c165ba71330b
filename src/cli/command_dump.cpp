#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/report_json.hpp"
#include "cli/secret_words.hpp"

#include <dbbackup/base/byte_size.hpp>
#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/dump.hpp>
#include <dbbackup/pg/client_environment.hpp>

#include <chrono>
#include <cstdint>
#include <fmt/format.h>
#include <limits>
#include <memory>

namespace dbbackup::cli {

namespace {

struct DumpFlags {
    std::string format = "plain";
    std::optional<std::string> compress;
    pg::DumpOptions options;
    bool schema_only = false;
    bool data_only = false;
    std::optional<std::string> lock_wait_timeout;
    std::optional<std::string> label;
    bool pin = false;
};

void add_filters(CLI::App& app, pg::DumpOptions& options) {
    const auto add_patterns = [&app](const char* names, std::vector<std::string>& patterns,
                                     const char* description) {
        app.add_option(names, patterns, description)->type_name("PATTERN")->allow_extra_args(false);
    };
    add_patterns("-t,--table", options.tables, "Only these tables (repeatable)");
    add_patterns("-T,--exclude-table", options.excluded_tables, "Not these tables (repeatable)");
    add_patterns("-n,--schema", options.schemas, "Only these schemas (repeatable)");
    add_patterns("-N,--exclude-schema", options.excluded_schemas, "Not these schemas (repeatable)");
    add_patterns("--exclude-table-data", options.excluded_table_data,
                 "These tables without their rows (repeatable)");
}

void add_flags(CLI::App& app, DumpFlags& flags) {
    app.add_option("-F,--format", flags.format,
                   "plain: SQL for psql; custom: an archive for pg_restore")
        ->check(CLI::IsMember({"plain", "custom", "p", "c"}))
        ->type_name("FORMAT")
        ->capture_default_str();
    app.add_option("-Z,--compress", flags.compress,
                   "gzip[:1-9], zstd[:1-22] or none (default: gzip)")
        ->type_name("METHOD");
    add_filters(app, flags.options);
    auto* schema_only = app.add_flag("-s,--schema-only", flags.schema_only, "No rows");
    app.add_flag("-a,--data-only", flags.data_only, "Only rows")->excludes(schema_only);
    app.add_flag("-O,--no-owner", flags.options.no_owner, "Do not record who owns what");
    app.add_flag("-x,--no-privileges", flags.options.no_privileges, "Do not record grants");
    app.add_option("--label", flags.label, "A text to know the dump by")->type_name("TEXT");
    app.add_option("--lock-wait-timeout", flags.lock_wait_timeout,
                   "Give up where a table is locked for longer (10s, 5m; default: wait)")
        ->type_name("DURATION");
    app.add_flag("--pin", flags.pin, "Mark the dump as one to keep");
}

/// A URL among the patterns would be shown to all, with its password, by pg_dump's arguments.
void require_no_urls(const pg::DumpOptions& options) {
    for (const auto* patterns : {&options.tables, &options.excluded_tables, &options.schemas,
                                 &options.excluded_schemas, &options.excluded_table_data}) {
        for (const std::string& pattern : *patterns) {
            require_no_url(pattern, "a pattern");
        }
    }
}

/// pg_dump hands it to the server, where 0 means no limit and 2^31 - 1 ms is the most.
std::chrono::milliseconds parse_lock_wait_timeout(const std::string& text) {
    constexpr std::chrono::milliseconds k_most{std::numeric_limits<std::int32_t>::max()};
    const std::chrono::milliseconds timeout = base::parse_duration(text);
    if (timeout.count() == 0 || timeout > k_most) {
        throw base::Error{base::ErrorKind::usage, "--lock-wait-timeout goes from 1 ms to 24 days",
                          "Leave it out to wait for as long as it takes."};
    }
    return timeout;
}

ops::DumpRequest to_request(const DumpFlags& flags, const Invocation& invocation) {
    const Settings& settings = invocation.settings;
    require_no_urls(flags.options);
    ops::DumpRequest request{.connection = pg::parse_connection_url(settings.require_url()),
                             .directory = settings.directory(),
                             .options = flags.options,
                             .compression = {},
                             .bin_dir = settings.bin_dir(),
                             .label = flags.label,
                             .pin = flags.pin ? ops::Pin::yes : ops::Pin::no,
                             .tool_version = DBBACKUP_VERSION,
                             .environment = pg::current_environment()};
    if (flags.compress) {
        request.compression = stream::parse_compression(*flags.compress);
    }
    if (flags.format.starts_with('c')) {
        request.options.format = pg::DumpFormat::custom;
        request.options.archive_compression = flags.compress;
    }
    if (flags.schema_only || flags.data_only) {
        request.options.sections =
            flags.schema_only ? pg::DumpSections::schema_only : pg::DumpSections::data_only;
    }
    if (flags.lock_wait_timeout) {
        request.options.lock_wait_timeout = parse_lock_wait_timeout(*flags.lock_wait_timeout);
    }
    request.options.extra = invocation.after_dashes;
    return request;
}

std::string to_text(const ops::DumpReport& report) {
    const store::Manifest& manifest = report.manifest;
    const double ratio = manifest.file.size == 0
                             ? 0.0
                             : static_cast<double>(manifest.file.uncompressed_size) /
                                   static_cast<double>(manifest.file.size);
    const std::size_t tables = manifest.contents.tables.size();
    return fmt::format("{}\n{} ({:.1f}:1), {} rows in {} {}, {}\n", base::printable(report.path),
                       base::format_byte_size(manifest.file.size), ratio,
                       base::with_thousands(manifest.contents.total_rows()),
                       base::with_thousands(tables), tables == 1 ? "table" : "tables",
                       base::format_duration(std::chrono::milliseconds{manifest.dump.duration_ms}));
}

void run_dump(const DumpFlags& flags, const Invocation& invocation) {
    const ops::DumpReport report =
        ops::dump(to_request(flags, invocation), invocation.console, base::system_clock());
    const Settings& settings = invocation.settings;
    try {
        invocation.console.print_result(settings.json()    ? to_json(report)
                                        : settings.quiet() ? base::printable(report.path) + "\n"
                                                           : to_text(report));
    } catch (const base::Error& error) {
        // The dump is taken, complete and durable: that nobody reads of it does not change it.
        invocation.console.on_warning(error.what());
    }
}

} // namespace

Command add_dump_command(CLI::App& root) {
    auto flags = std::make_shared<DumpFlags>();
    CLI::App* app = root.add_subcommand("dump", "Take a dump of the database");
    app->alias("backup");
    app->footer("Everything after -- goes to pg_dump as it is.");
    add_flags(*app, *flags);
    return {.app = app,
            .run =
                [flags](const Invocation& invocation) {
                    run_dump(*flags, invocation);
                    return k_exit_done;
                },
            .takes_words_after_dashes = true};
}

} // namespace dbbackup::cli
