#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/report_json.hpp"
#include "cli/text_table.hpp"

#include <dbbackup/base/byte_size.hpp>
#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/list.hpp>

#include <fmt/format.h>

namespace dbbackup::cli {

namespace {

std::string age(const std::optional<base::UtcTime>& time, base::UtcTime now) {
    if (!time) {
        return "?";
    }
    return *time > now ? "in the future" : base::format_duration(now - *time);
}

/// What is known of how good a dump is, the best first.
std::string state_of(const store::DumpEntry& entry, base::UtcTime now) {
    if (const std::string problem = entry.problem_at(now); !problem.empty()) {
        return "! " + problem;
    }
    const store::Manifest& manifest = entry.manifest.value();
    std::string state = manifest.last_proven()     ? "proven"
                        : manifest.last_verified() ? "verified"
                                                   : "-";
    return manifest.pinned ? state + ", pinned" : state;
}

TextTable::Cell state_cell(const store::DumpEntry& entry, base::UtcTime now) {
    const std::string state = state_of(entry, now);
    return {state, state.starts_with("! ") ? Tone::bad : Tone::plain};
}

std::string to_text(const ops::ListReport& report, const Screen& screen) {
    if (report.dumps.empty()) {
        return fmt::format("no dumps in '{}'\n", base::printable(report.directory.native()));
    }
    TextTable table{{{"NAME"},
                     {"DATABASE", Align::left, Fit::shorten, 3},
                     {"AGE", Align::right},
                     {"SIZE", Align::right, Fit::whole, 2},
                     {"ROWS", Align::right, Fit::whole, 1},
                     {"STATE", Align::left, Fit::shorten, 0, 16},
                     {"LABEL", Align::left, Fit::shorten, 4}}};
    for (const store::DumpEntry& entry : report.dumps) {
        const auto& manifest = entry.manifest;
        table.add({entry.name, entry.database().value_or("?"), age(entry.started_at(), report.now),
                   base::format_byte_size(entry.size),
                   manifest ? base::with_thousands(manifest->contents.total_rows()) : "?",
                   state_cell(entry, report.now),
                   manifest ? manifest->dump.label.value_or("") : ""});
    }
    return table.to_string(screen);
}

} // namespace

Command add_list_command(CLI::App& root) {
    CLI::App* app = root.add_subcommand("list", "List the dumps, newest first");
    return {.app = app,
            .run =
                [](const Invocation& invocation) {
                    const ops::ListReport report = ops::list(
                        {.directory = invocation.settings.directory()}, base::system_clock());
                    invocation.console.print_result(
                        invocation.settings.json()
                            ? to_json(report)
                            : to_text(report, invocation.console.result_screen()));
                    return k_exit_done;
                },
            .after_dashes = AfterDashes::nothing};
}

} // namespace dbbackup::cli
