#include "cli/command/dump_flags.hpp"

#include "cli/command/duration_flags.hpp"
#include "cli/command/seal_flags.hpp"
#include "cli/command_line/secret_words.hpp"

#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/client_environment.hpp>

#include <algorithm>
#include <fmt/format.h>

namespace dbbackup::cli {

namespace {

void add_filters(CLI::App& app, pg::DumpOptions& options) {
    const auto add_patterns = [&app](const char* names, std::vector<std::string>& patterns,
                                     const char* description) {
        app.add_option(names, patterns, description)->type_name("PATTERN")->allow_extra_args(false);
    };
    add_patterns("-t,--table", options.tables, "Dump only these tables (repeatable)");
    add_patterns("-T,--exclude-table", options.excluded_tables,
                 "Leave out these tables (repeatable)");
    add_patterns("-n,--schema", options.schemas, "Dump only these schemas (repeatable)");
    add_patterns("-N,--exclude-schema", options.excluded_schemas,
                 "Leave out these schemas (repeatable)");
    add_patterns("--exclude-table-data", options.excluded_table_data,
                 "Leave out the rows of these tables (repeatable)");
}

/// A URL among the patterns would show its password to all users in pg_dump's arguments.
void require_no_urls(const pg::DumpOptions& options) {
    for (const auto* patterns : {&options.tables, &options.excluded_tables, &options.schemas,
                                 &options.excluded_schemas, &options.excluded_table_data}) {
        for (const std::string& pattern : *patterns) {
            require_no_url(pattern, "a pattern");
        }
    }
}

bool has_unquoted_capital(const std::string& pattern) {
    bool is_quoted = false;
    return std::ranges::any_of(pattern, [&is_quoted](char c) {
        is_quoted = is_quoted != (c == '"');
        return !is_quoted && c >= 'A' && c <= 'Z';
    });
}

} // namespace

void DumpFlags::add_to(CLI::App& app) {
    app.add_option("-F,--format", format, "plain: SQL for psql; custom: an archive for pg_restore")
        ->check(CLI::IsMember({"plain", "custom", "p", "c"}))
        ->type_name("FORMAT")
        ->capture_default_str();
    app.add_option("-Z,--compress", compress, "gzip[:1-9], zstd[:1-22] or none (default: gzip)")
        ->type_name("METHOD");
    add_filters(app, options);
    auto* no_rows = app.add_flag("-s,--schema-only", schema_only, "Dump only the schema");
    app.add_flag("-a,--data-only", data_only, "Dump only rows")->excludes(no_rows);
    app.add_flag("-O,--no-owner", options.no_owner, "Do not dump owners");
    app.add_flag("-x,--no-privileges", options.no_privileges, "Do not dump grants");
    app.add_option("--label", label, "A label for the dump")->type_name("TEXT");
    app.add_option("--lock-wait-timeout", lock_wait_timeout,
                   "Give up if a table stays locked longer than this (10s, 5m; default: wait)")
        ->type_name("DURATION");
    app.add_option("--encrypt", recipients,
                   "Seal the dump with age for these public keys, or files of them (repeatable)")
        ->type_name("RECIPIENT")
        ->configurable(false);
    add_identity_flag(app);
    identity = app.get_option("--identity");
    app.add_flag("--pin", pin, "Never prune this dump");
    to.add_to(app, "Then copy the dump to a remote of the configuration (repeatable)");
    retention.add_to(app, "After the dump, delete older ones that no rule keeps");
}

void DumpFlags::warn_of_folded_names(ops::Listener& listener) const {
    for (const auto* patterns : {&options.tables, &options.excluded_tables, &options.schemas,
                                 &options.excluded_schemas, &options.excluded_table_data}) {
        for (const std::string& pattern : *patterns) {
            if (has_unquoted_capital(pattern)) {
                listener.on_warning(fmt::format(
                    "{} has capital letters, which pg_dump reads as lower case. If the name itself "
                    "has capitals, write it in double quotes, as in '\"Orders\"'",
                    base::printable(pattern)));
            }
        }
    }
}

ops::DumpRequest DumpFlags::to_request(const Settings& settings,
                                       const std::vector<std::string>& extra) const {
    require_no_urls(options);
    if (label) {
        require_no_url(*label, "a label");
    }
    ops::DumpRequest request{.connection = pg::parse_connection_url(settings.require_url()),
                             .directory = settings.directory(),
                             .options = options,
                             .compression = {},
                             .label = label,
                             .pin = pin ? ops::Pin::yes : ops::Pin::no,
                             .retention = std::nullopt,
                             .remotes = to.remotes(settings),
                             .recipients = recipients.empty() ? settings.recipients() : recipients};
    if (compress) {
        request.compression = stream::parse_compression(*compress);
    }
    if (format.starts_with('c')) {
        request.options.format = pg::DumpFormat::custom;
        request.options.archive_compression = compress;
    }
    if (schema_only || data_only) {
        request.options.sections =
            schema_only ? pg::DumpSections::schema_only : pg::DumpSections::data_only;
    }
    if (lock_wait_timeout) {
        request.options.lock_wait_timeout = parse_lock_timeout(
            "--lock-wait-timeout", *lock_wait_timeout, "Leave it out to wait without a limit.");
    }
    retention.require_rule_for_safety();
    if (retention.any()) {
        request.retention = retention.policy();
    }
    request.loss_limits = retention.losses;
    request.options.extra = extra;
    return request;
}

} // namespace dbbackup::cli
