#include "cli/report/import_text.hpp"

#include "cli/terminal/counted.hpp"
#include "cli/terminal/text_table.hpp"

#include <dbbackup/base/dotted_name.hpp>
#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace dbbackup::cli {

namespace {

std::string shown(const pg::RelationName& name) {
    return base::dotted_name(name.schema, name.name);
}

const char* deed_of(pg::PlacingMode mode) {
    switch (mode) {
    case pg::PlacingMode::add:
        return "add: rows that are not there are inserted; nothing else changes";
    case pg::PlacingMode::merge:
        return "merge: rows that are not there are inserted, older ones updated";
    case pg::PlacingMode::replace:
        return "replace: all rows of these tables are deleted first";
    }
    return "";
}

std::string key_of(const pg::TablePlacing& table) {
    std::vector<std::string> names;
    for (const std::size_t place : table.key) {
        names.push_back(table.columns[place].column.name);
    }
    return names.empty() ? "-" : fmt::format("{}", fmt::join(names, ", "));
}

/// What is not as in the source.
std::string remarks_on(const pg::TablePlacing& table) {
    std::vector<std::string> remarks;
    if (!table.ignored.empty()) {
        remarks.push_back("left out: " + base::list_some(table.ignored));
    }
    if (!table.defaulted.empty()) {
        remarks.push_back("default: " + base::list_some(table.defaulted));
    }
    for (const pg::PlacedReference& reference : table.references) {
        remarks.push_back(fmt::format("{} follows {}", reference.name, shown(reference.parent)));
    }
    if (table.newer_by) {
        remarks.push_back("newer by " + table.columns[*table.newer_by].column.name);
    }
    for (const pg::PlacedColumn& column : table.columns) {
        if (column.origin == pg::ValueOrigin::sequence && column.keeps_original) {
            remarks.push_back("new rows get a new " + column.column.name);
        }
    }
    return fmt::format("{}", fmt::join(remarks, "; "));
}

std::string number(std::uint64_t rows) {
    return rows == 0 ? "-" : base::with_thousands(rows);
}

std::string counts_text(const ops::ImportReport& report, const Screen& screen) {
    const auto& tables = report.plan.placing.tables;
    TextTable table{{{"TABLE"},
                     {"SOURCE", Align::right},
                     {"INSERTED", Align::right},
                     {"UPDATED", Align::right},
                     {"SAME", Align::right},
                     {"KEPT", Align::right},
                     {"DELETED", Align::right},
                     {"CONFLICTS", Align::right}}};
    for (std::size_t i = 0; i < tables.size(); ++i) {
        const pg::PlacingCounts& counts = report.result.tables[i];
        table.add({shown(tables[i].target.table),
                   number(counts.source),
                   number(counts.inserted),
                   number(counts.updated),
                   number(counts.unchanged),
                   number(counts.kept),
                   number(counts.deleted),
                   {number(counts.conflicts), counts.conflicts > 0 ? Tone::bad : Tone::plain}});
    }
    return table.to_string(screen);
}

std::string conflicts_text(const ops::ImportReport& report) {
    std::string text;
    constexpr std::size_t k_most = 100;
    const auto& conflicts = report.result.conflicts;
    const bool lists_all = report.is_committed; // what was skipped is named, each row
    for (std::size_t i = 0; i < conflicts.size(); ++i) {
        if (!lists_all && i == k_most) {
            break;
        }
        text += fmt::format("conflict: {} {}: {}\n", base::printable(shown(conflicts[i].table)),
                            base::printable(conflicts[i].key),
                            base::printable(base::without_marks(conflicts[i].reason)));
    }
    const std::uint64_t listed = lists_all ? conflicts.size() : std::min(conflicts.size(), k_most);
    const std::uint64_t all = report.total().conflicts;
    if (all > listed) {
        text += fmt::format("and {} more{}\n", counted(all - listed, "conflict"),
                            lists_all ? "" : " (all with --json)");
    }
    return text.empty() ? "" : "\n" + text;
}

} // namespace

std::string to_text(const ops::ImportPlan& plan, const Screen& screen) {
    std::string text = fmt::format("source    {}\n", base::printable(plan.source));
    std::string facts;
    if (!plan.source_database.empty()) {
        facts += fmt::format("          database '{}'", base::printable(plan.source_database));
    }
    if (plan.source_taken_at) {
        facts += fmt::format("{}{}", facts.empty() ? "          " : ", ",
                             base::format_utc(*plan.source_taken_at));
    }
    if (!plan.schema_version.empty()) {
        facts += fmt::format("{}schema version {}", facts.empty() ? "          " : ", ",
                             base::printable(plan.schema_version));
    }
    text += facts.empty() ? "" : facts + "\n";
    text += fmt::format("target    {}:{}/{}\n", base::printable(plan.host), plan.port,
                        base::printable(plan.database));
    text += fmt::format("mode      {}\n\n", deed_of(plan.placing.options.mode));
    TextTable table{
        {{"TABLE"}, {"ROWS", Align::right}, {"KEY"}, {"REMARKS", Align::left, Fit::shorten}}};
    for (std::size_t i = 0; i < plan.placing.tables.size(); ++i) {
        const pg::TablePlacing& one = plan.placing.tables[i];
        table.add(
            {shown(one.target.table), number(plan.source_rows[i]), key_of(one), remarks_on(one)});
    }
    text += table.to_string(screen);
    for (const std::string& note : plan.placing.notes) {
        text += fmt::format("note: {}\n", base::printable(note));
    }
    if (plan.asks()) {
        text += plan.takes_safety_dump ? "\nA safety dump is taken first.\n"
                                       : "\nNo safety dump is taken.\n";
    }
    return text + "\n";
}

std::string to_text(const ops::ImportReport& report, const std::string& way_back,
                    const Screen& screen) {
    std::string text = counts_text(report, screen) + conflicts_text(report) + "\n";
    const pg::PlacingCounts total = report.total();
    const std::string sum =
        fmt::format("{} inserted, {} updated, {} unchanged, {} kept, {} deleted",
                    base::with_thousands(total.inserted), base::with_thousands(total.updated),
                    base::with_thousands(total.unchanged), base::with_thousands(total.kept),
                    base::with_thousands(total.deleted));
    if (report.is_committed) {
        text += fmt::format("imported  {} ({})\n", sum, base::format_duration(report.duration));
    } else if (report.is_dry_run) {
        text += fmt::format("dry run   {}. Nothing was changed.\n", sum);
    } else {
        text += "nothing was changed\n";
    }
    if (report.safety_dump) {
        text += fmt::format("safety    {}\n", base::printable(*report.safety_dump));
    }
    if (!way_back.empty()) {
        text += fmt::format("to undo   {}\n", way_back);
    }
    return text;
}

std::string to_text(const ops::ImportUndoReport& report, const Screen& screen) {
    TextTable table{{{"TABLE"},
                     {"INSERTED", Align::right},
                     {"DELETED", Align::right},
                     {"CHANGED SINCE", Align::right},
                     {"IN USE", Align::right},
                     {"GONE", Align::right}}};
    bool stays = false;
    for (const auto& one : report.tables) {
        table.add({shown(one.table), number(one.inserted), number(one.deleted), number(one.changed),
                   number(one.in_use), number(one.gone)});
        stays = stays || one.changed > 0 || one.in_use > 0;
    }
    std::string text = table.to_string(screen);
    if (stays) {
        text += "\nRows that were changed since, or that other rows refer to, stay.\n";
    }
    if (report.is_dry_run) {
        text += "\nDry run: nothing was changed.\n";
    }
    return text;
}

} // namespace dbbackup::cli
