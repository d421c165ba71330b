#include "cli/command/commands.hpp"
#include "cli/command/remote_flags.hpp"
#include "cli/command_line/secret_words.hpp"
#include "cli/exit_code.hpp"
#include "cli/report/report_json.hpp"
#include "cli/terminal/counted.hpp"
#include "cli/terminal/text_table.hpp"

#include <dbbackup/base/byte_size.hpp>
#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/copies.hpp>
#include <dbbackup/ops/list.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>
#include <set>
#include <utility>

namespace dbbackup::cli {

namespace {

std::string age(const std::optional<base::UtcTime>& time, base::UtcTime now) {
    if (!time) {
        return "?";
    }
    return *time > now ? "in the future" : base::format_duration(now - *time);
}

struct ListFlags {
    std::optional<std::string> database;
    std::optional<std::string> label;
    FromFlag from;
};

/// The problems of a dump, in short: `show` and the JSON have the details.
std::vector<std::string> problems_of(const store::DumpEntry& entry, base::UtcTime now) {
    std::vector<std::string> problems;
    if (entry.is_foreign()) {
        problems.emplace_back("another user's");
    }
    if (!entry.manifest) {
        problems.emplace_back(entry.unread_manifest ? "manifest unreadable" : "no manifest");
    } else if (entry.manifest->file.size != entry.size) {
        problems.emplace_back("wrong size");
    } else if (entry.manifest->found_damaged()) {
        problems.emplace_back("damaged");
    }
    if (entry.is_of_the_future(now)) {
        problems.emplace_back("in the future");
    }
    return problems;
}

/// Its problems, else how well it was checked, the best first; and its kind.
std::string state_of(const store::DumpEntry& entry, base::UtcTime now) {
    std::vector<std::string> words = problems_of(entry, now);
    if (!words.empty()) {
        words.front().insert(0, "! ");
    } else {
        const store::Manifest& manifest = entry.manifest.value();
        if (manifest.last_verified()) {
            words.emplace_back(manifest.last_proven() ? "proven" : "verified");
        }
    }
    if (entry.is_part()) {
        words.emplace_back("part");
    }
    if (entry.manifest && entry.manifest->seal) {
        words.emplace_back("sealed");
    }
    if (entry.manifest && entry.manifest->pinned) {
        words.emplace_back("pinned");
    }
    return words.empty() ? "-" : fmt::format("{}", fmt::join(words, ", "));
}

TextTable::Cell state_cell(const store::DumpEntry& entry, base::UtcTime now) {
    const std::string state = state_of(entry, now);
    return {state, state.starts_with("! ") ? Tone::bad : Tone::plain};
}

/// Where copies of a dump were made, by the records here.
std::string copies_of(const store::DumpEntry& entry) {
    std::vector<std::string> remotes;
    if (entry.manifest) {
        for (const store::Manifest::Copy& copy : entry.manifest->copies) {
            remotes.push_back(copy.remote);
        }
    }
    return fmt::format("{}", fmt::join(remotes, ", "));
}

std::string no_dumps(const ops::ListReport& report, const ListFlags& flags,
                     const base::CommandLine& command_line) {
    if (flags.from.from && !report.is_filtered) {
        return fmt::format("No copies yet in '{}'. Copy a dump there: {}\n",
                           base::printable(report.directory.native()),
                           command_line.another({"push", "--to", *flags.from.from}));
    }
    const std::string directory = base::printable(report.directory.native());
    return report.is_filtered ? fmt::format("No such dump in '{}'. See all: {}\n", directory,
                                            command_line.another({"list"}))
                              : fmt::format("No dumps yet in '{}'. Take the first: {}\n", directory,
                                            command_line.another({"dump"}));
}

/// Sets, and dumps of roles that are in none.
std::string text_of_server_files(const ops::ListReport& report) {
    std::string text;
    std::set<std::string> in_sets;
    for (const ops::ListedSet& set : report.sets) {
        const auto& members = set.entry.set;
        text += fmt::format("{}{}: {}", text.empty() ? "\n" : "", base::printable(set.entry.name),
                            members ? counted(members->databases.size(), "database") +
                                          ", with roles and tablespaces"
                                    : "! " + set.entry.problem);
        text +=
            set.missing.empty() ? "\n" : "; ! not whole: " + base::list_some(set.missing) + "\n";
        in_sets.insert(members ? members->globals.file : "");
    }
    for (const store::DumpEntry& globals : report.globals) {
        if (!in_sets.contains(globals.name)) {
            text += fmt::format("{}{}: roles and tablespaces{}\n", text.empty() ? "\n" : "",
                                base::printable(globals.name),
                                globals.problem.empty() ? "" : "; ! " + globals.problem);
        }
    }
    return text;
}

std::string to_text(const ops::ListReport& report, const ListFlags& flags,
                    const base::CommandLine& command_line, const Screen& screen) {
    if (report.dumps.empty()) {
        return no_dumps(report, flags, command_line) + text_of_server_files(report);
    }
    const bool has_copies = std::ranges::any_of(
        report.dumps, [](const store::DumpEntry& entry) { return !copies_of(entry).empty(); });
    std::vector<TextTable::Column> columns{{"NAME"},
                                           {"DATABASE", Align::left, Fit::shorten, 3},
                                           {"AGE", Align::right},
                                           {"SIZE", Align::right, Fit::whole, 2},
                                           {"ROWS", Align::right, Fit::whole, 1},
                                           {"STATE", Align::left, Fit::shorten, 0, 16},
                                           {"LABEL", Align::left, Fit::shorten, 4}};
    if (has_copies) {
        columns.push_back({"COPIES", Align::left, Fit::shorten, 5});
    }
    TextTable table{std::move(columns)};
    for (const store::DumpEntry& entry : report.dumps) {
        const auto& manifest = entry.manifest;
        std::vector<TextTable::Cell> cells{
            entry.name,
            entry.database().value_or("?"),
            age(entry.started_at(), report.now),
            base::format_byte_size(entry.size),
            manifest && manifest->knows_contents()
                ? base::with_thousands(manifest->contents.total_rows())
                : "?",
            state_cell(entry, report.now),
            manifest ? manifest->dump.label.value_or("") : ""};
        if (has_copies) {
            cells.emplace_back(copies_of(entry));
        }
        table.add(cells);
    }
    return table.to_string(screen) + text_of_server_files(report);
}

void run_list(const ListFlags& flags, const Invocation& invocation) {
    for (const auto& text : {flags.database, flags.label}) {
        require_no_url(text.value_or(""), "the name or label of dumps");
    }
    const ops::ListRequest request{.directory = invocation.settings.directory(),
                                   .database = flags.database,
                                   .label = flags.label,
                                   .named = invocation.settings.named_database(),
                                   .missing_directory = invocation.settings.directory_is_named()
                                                            ? ops::MissingDirectory::is_error
                                                            : ops::MissingDirectory::is_empty,
                                   .command_line = invocation.command_line};
    const auto remote = flags.from.remote(invocation.settings);
    const ops::ListReport report = remote ? ops::list_remote(request, *remote, invocation.context)
                                          : ops::list(request, invocation.context.clock);
    invocation.console.print_result(
        invocation.settings.json()
            ? to_json(report)
            : to_text(report, flags, invocation.command_line, invocation.console.result_screen()));
}

} // namespace

Command add_list_command(CLI::App& root) {
    auto flags = std::make_shared<ListFlags>();
    CLI::App* app = root.add_subcommand("list", "List the dumps, newest first");
    app->add_option("--database", flags->database, "Only dumps of databases of this name")
        ->type_name("NAME");
    app->add_option("--label", flags->label, "Only dumps with this label")->type_name("TEXT");
    flags->from.add_to(*app, "List the copies at a remote of the configuration");
    return {.app = app,
            .run =
                [flags](const Invocation& invocation) {
                    run_list(*flags, invocation);
                    return k_exit_done;
                },
            .after_dashes = AfterDashes::nothing};
}

} // namespace dbbackup::cli
