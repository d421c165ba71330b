#include "cli/command/commands.hpp"
#include "cli/command/dump_choice_flags.hpp"
#include "cli/command/remote_flags.hpp"
#include "cli/command/seal_flags.hpp"
#include "cli/exit_code.hpp"
#include "cli/report/report_json.hpp"
#include "cli/terminal/text_table.hpp"

#include <dbbackup/base/byte_size.hpp>
#include <dbbackup/base/dotted_name.hpp>
#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/copies.hpp>
#include <dbbackup/ops/show.hpp>
#include <dbbackup/pg/client_environment.hpp>
#include <dbbackup/store/dump_part.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>

namespace dbbackup::cli {

namespace {

struct ShowFlags {
    std::string dump = "latest";
    DumpChoiceFlags choice;
    FromFlag from;
};

std::string joined(const std::vector<std::string>& words) {
    return words.empty() ? "-" : fmt::format("{}", fmt::join(words, " "));
}

using Facts = std::vector<std::pair<std::string, std::string>>;

/// Which database it was, whatever its name.
std::string identity_text(const store::Manifest::Database& database) {
    return fmt::format("system {}, database OID {}",
                       database.system_identifier.empty() ? "unknown" : database.system_identifier,
                       database.oid == 0 ? "unknown" : std::to_string(database.oid));
}

Facts facts_of(const store::Manifest& manifest) {
    const store::Manifest::Database& database = manifest.database;
    const auto verified = manifest.last_verified();
    const auto proven = manifest.last_proven();
    const std::string part = store::describe_part(manifest.dump);
    const bool is_whole = part.empty();
    if (!manifest.knows_contents()) {
        return {
            {"database", fmt::format("{} on {}:{}", database.name, database.host, database.port)},
            {"server", fmt::format("PostgreSQL {}", database.server_version)},
            {"identity", identity_text(database)},
            {"taken", fmt::format("{}, in {}", base::format_utc(manifest.dump.started_at),
                                  base::format_duration(
                                      std::chrono::milliseconds{manifest.dump.duration_ms}))},
            {"by", fmt::format("dbbackup {}, pg_dump {}", manifest.tool_version,
                               manifest.dump.pg_dump_version)},
            {"format", fmt::format("{}, {}", manifest.dump.format, manifest.dump.compression)},
            {"holds", is_whole ? "the whole database" : "PARTIAL: " + part},
            {"pinned", manifest.pinned ? "yes" : "no"},
            {"size", base::format_byte_size(manifest.file.size)},
            {"sha256", manifest.file.sha256},
            {"verified", verified ? base::format_utc(*verified) : "never"},
            {"proven", proven ? base::format_utc(*proven) : "never"},
            {"sealed", "for " + joined(manifest.seal->recipients)},
            {"not shown", "tables, rows, options and label are sealed: add --identity FILE"},
        };
    }
    Facts facts{
        {"database", fmt::format("{} on {}:{} as {}", database.name, database.host, database.port,
                                 database.user)},
        {"server", fmt::format("PostgreSQL {}, database of {}", database.server_version,
                               base::format_byte_size(database.size_bytes))},
        {"identity", identity_text(database)},
        {"taken",
         fmt::format("{}, in {}", base::format_utc(manifest.dump.started_at),
                     base::format_duration(std::chrono::milliseconds{manifest.dump.duration_ms}))},
        {"by", fmt::format("dbbackup {}, pg_dump {}", manifest.tool_version,
                           manifest.dump.pg_dump_version)},
        {"format", fmt::format("{}, {}", manifest.dump.format, manifest.dump.compression)},
        {"options", joined(manifest.dump.options)},
        {"holds", is_whole ? "the whole database" : "PARTIAL: " + part},
        {"label", manifest.dump.label.value_or("-")},
        {"pinned", manifest.pinned ? "yes" : "no"},
        {"size", fmt::format("{} ({} of SQL)", base::format_byte_size(manifest.file.size),
                             base::format_byte_size(manifest.file.uncompressed_size))},
        {"sha256", manifest.file.sha256},
        {"verified", verified ? base::format_utc(*verified) : "never"},
        {"proven", proven ? base::format_utc(*proven) : "never"},
        {"schemas", joined(manifest.contents.schemas)},
        {"tables", base::with_thousands(manifest.contents.tables.size())},
        {"rows", base::with_thousands(manifest.contents.total_rows())},
        {"large objects", base::with_thousands(manifest.contents.large_objects)},
    };
    if (manifest.seal) {
        facts.emplace_back("sealed", "for " + joined(manifest.seal->recipients));
    }
    return facts;
}

/// For a dump without a manifest.
Facts facts_of(const ops::ReadDump& read, const store::DumpEntry& entry) {
    Facts facts{{"manifest", "none: this is the content of the dump itself; it is unknown whether "
                             "that is all that was dumped"}};
    if (!read.database.empty()) {
        facts.emplace_back("database", read.database);
    }
    if (!read.part.empty()) {
        facts.emplace_back("holds", "PARTIAL: " + read.part);
    }
    const Facts contents{
        {"size", fmt::format("{} ({} of SQL)", base::format_byte_size(entry.size),
                             base::format_byte_size(read.sql_size))},
        {"sha256", read.sha256},
        {"schemas", joined(read.contents.schemas)},
        {"tables", base::with_thousands(read.contents.tables.size())},
        {"rows", base::with_thousands(read.contents.total_rows())},
        {"large objects", base::with_thousands(read.contents.large_objects)},
    };
    facts.insert(facts.end(), contents.begin(), contents.end());
    return facts;
}

std::string facts_text(const ops::ShowReport& report, const Screen& screen) {
    Facts facts = report.read ? facts_of(*report.read, report.entry)
                              : facts_of(report.entry.manifest.value());
    facts.insert(facts.begin(), {"dump", report.path});
    if (report.entry.manifest) {
        for (const std::string& warning : report.entry.manifest->dump.warnings) {
            facts.emplace_back("warning", warning);
        }
    }
    if (const std::string problem = report.entry.problem_at(report.now); !problem.empty()) {
        facts.emplace_back("PROBLEM", problem);
    }
    std::string text;
    for (const auto& [name, value] : facts) {
        const Tone tone = name == "PROBLEM"   ? Tone::bad
                          : name == "warning" ? Tone::caution
                                              : Tone::plain;
        text +=
            screen.paint(fmt::format("{:<14}", name), tone) + " " + base::printable(value) + "\n";
    }
    return text;
}

std::string tables(const store::Manifest::Contents& contents, const Screen& screen) {
    TextTable table{{{"TABLE"},
                     {"ROWS", Align::right},
                     {"BYTES", Align::right, Fit::whole, 2},
                     {"FINGERPRINT", Align::left, Fit::whole, 1}}};
    for (const store::Manifest::Table& entry : contents.tables) {
        table.add({base::dotted_name(entry.schema, entry.name),
                   entry.has_data ? base::with_thousands(entry.rows) : "no data",
                   base::format_byte_size(entry.bytes), entry.has_data ? entry.fingerprint : ""});
    }
    return contents.tables.empty() ? "" : "\n" + table.to_string(screen);
}

/// Newest first, like lists.
std::string verifications(const store::Manifest& manifest, const Screen& screen) {
    TextTable table{{{"CHECKED"},
                     {"LEVEL"},
                     {"SECONDS", Align::right, Fit::whole, 1},
                     {"RESULT", Align::left, Fit::shorten}}};
    const auto& entries = manifest.verifications;
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
        table.add({base::format_utc(entry->at), entry->level, fmt::format("{:.1f}", entry->seconds),
                   entry->result});
    }
    return entries.empty() ? "" : "\n" + table.to_string(screen);
}

std::string to_text(const ops::ShowReport& report, const Screen& screen) {
    if (report.read) {
        return facts_text(report, screen) + tables(report.read->contents, screen);
    }
    const store::Manifest& manifest = report.entry.manifest.value();
    return facts_text(report, screen) + tables(manifest.contents, screen) +
           verifications(manifest, screen);
}

void run_show(const ShowFlags& flags, const Invocation& invocation) {
    const Settings& settings = invocation.settings;
    const ops::ShowRequest request{.directory = settings.directory(),
                                   .dump = flags.dump,
                                   .latest = flags.choice.to_choice({flags.dump}, settings),
                                   .command_line = invocation.command_line};
    const auto remote = flags.from.remote(settings);
    const ops::ShowReport report = remote ? ops::show_copy(request, *remote, invocation.context)
                                          : ops::show(request, invocation.context);
    invocation.console.print_result(
        settings.json() ? to_json(report) : to_text(report, invocation.console.result_screen()));
}

} // namespace

Command add_show_command(CLI::App& root) {
    auto flags = std::make_shared<ShowFlags>();
    CLI::App* app = root.add_subcommand("show", "Show what a dump holds");
    app->add_option("dump", flags->dump, k_dump_text)->type_name("DUMP")->capture_default_str();
    flags->choice.add_to(*app);
    flags->from.add_to(*app, "Show a copy at a remote of the configuration");
    add_identity_flag(*app);
    return {.app = app,
            .run =
                [flags](const Invocation& invocation) {
                    run_show(*flags, invocation);
                    return k_exit_done;
                },
            .after_dashes = AfterDashes::nothing};
}

} // namespace dbbackup::cli
