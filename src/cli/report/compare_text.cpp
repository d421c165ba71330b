#include "cli/report/compare_text.hpp"

#include "cli/report/row_differences_text.hpp"
#include "cli/terminal/counted.hpp"
#include "cli/terminal/text_table.hpp"

#include <dbbackup/base/dotted_name.hpp>
#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace dbbackup::cli {

namespace {

std::string shown(const pg::RelationName& name) {
    return base::dotted_name(name.schema, name.name);
}

std::string shown(const ops::ComparedState& state, base::UtcTime now) {
    const std::string moment =
        state.at == base::UtcTime{}
            ? ""
            : fmt::format(", {} ({} ago)", base::format_utc(state.at),
                          base::format_duration(std::max(now - state.at, {})));
    return state.server.empty() ? state.name + moment
                                : fmt::format("database '{}' on {}", state.database, state.server);
}

std::string head(const ops::CompareReport& report) {
    std::string text;
    for (const auto& [label, state] : {std::pair{"then", &report.then}, {"now", &report.now}}) {
        text += fmt::format("{:<4}  {}\n", label, base::printable(shown(*state, report.made_at)));
        if (!state->part.empty()) {
            text += fmt::format("      PARTIAL: {}; only what it holds is compared\n",
                                base::printable(state->part));
        }
    }
    return text;
}

std::string number(const std::optional<std::uint64_t>& rows) {
    return rows ? base::with_thousands(*rows) : "-";
}

std::string columns_text(std::string_view what, const std::vector<std::string>& columns) {
    return fmt::format("column{} {}: {}", columns.size() == 1 ? "" : "s", what,
                       fmt::join(columns, ", "));
}

/// "2 rows fewer, column added: phone"
std::string change_of(const ops::ComparedTable& table) {
    if (!table.was_there) {
        return "new table";
    }
    if (!table.is_there) {
        return "table is gone";
    }
    std::vector<std::string> changes;
    if (table.rows == ops::RowsMatch::differ) {
        const std::uint64_t then = table.rows_then.value_or(0);
        const std::uint64_t now = table.rows_now.value_or(0);
        changes.push_back(now > then   ? counted(now - then, "row") + " more"
                          : now < then ? counted(then - now, "row") + " fewer"
                                       : "contents differ");
    } else if (!table.not_compared.empty()) {
        changes.push_back("rows not compared: " + table.not_compared);
    }
    if (!table.gone_columns.empty()) { // first, because the cell may be cut
        changes.push_back(columns_text("gone", table.gone_columns));
    }
    if (!table.added_columns.empty()) {
        changes.push_back(columns_text("added", table.added_columns));
    }
    for (const ops::ChangedColumn& column : table.changed_columns) {
        changes.push_back(
            fmt::format("column {} is {}, was {}", column.name, column.now, column.then));
    }
    return fmt::format("{}", fmt::join(changes, "; "));
}

bool is_only_counted(const ops::ComparedTable& table) {
    return table.rows == ops::RowsMatch::not_compared && table.rows_then && table.rows_now;
}

std::string tables_text(const ops::CompareReport& report, const Screen& screen) {
    TextTable table{{{"TABLE"},
                     {"THEN", Align::right},
                     {"NOW", Align::right},
                     {"CHANGE", Align::left, Fit::shorten}}};
    bool any = false;
    for (const ops::ComparedTable& one : report.tables) {
        const bool is_unknown = one.rows == ops::RowsMatch::not_compared && !is_only_counted(one);
        if (one.differs() || is_unknown) {
            any = true;
            const bool is_loss =
                !one.is_there || one.rows_now < one.rows_then || !one.gone_columns.empty();
            table.add({shown(one.table),
                       number(one.rows_then),
                       number(one.rows_now),
                       {change_of(one), is_loss ? Tone::bad : Tone::caution}});
        }
    }
    return any ? "\n" + table.to_string(screen) : "";
}

std::string value_of(const std::optional<std::string>& value, bool is_called) {
    return !value ? "not there" : *value + (is_called ? "" : " (not used yet)");
}

/// Everything that is no table, a line each.
std::vector<std::string> other_changes(const ops::CompareReport& report) {
    std::vector<std::string> lines;
    for (const ops::ComparedMigrations& migrations : report.migrations) {
        const std::string name =
            fmt::format("migrations ({}, {})", migrations.tool, shown(migrations.table));
        if (!migrations.applied.empty()) {
            lines.push_back(
                fmt::format("{}: applied since: {}", name, fmt::join(migrations.applied, ", ")));
        }
        if (!migrations.gone.empty()) {
            lines.push_back(fmt::format("{}: not applied any more: {}", name,
                                        fmt::join(migrations.gone, ", ")));
        }
    }
    for (const ops::ComparedSequence& sequence : report.sequences) {
        lines.push_back(fmt::format("sequence {}: {}, was {}", shown(sequence.sequence),
                                    value_of(sequence.now, sequence.is_called),
                                    value_of(sequence.then, sequence.was_called)));
    }
    for (const pg::StatePart& index : report.invalid_indexes) {
        lines.push_back(fmt::format("index {} on {} is invalid", index.name, shown(index.table)));
    }
    for (const pg::StatePart& constraint : report.newly_not_validated) {
        lines.push_back(fmt::format("constraint {} on {} is not validated", constraint.name,
                                    shown(constraint.table)));
    }
    for (const pg::StatePart& constraint : report.validated_since) {
        lines.push_back(fmt::format("constraint {} on {} was not validated, and is now, or is gone",
                                    constraint.name, shown(constraint.table)));
    }
    return lines;
}

/// What was not compared of all that there is.
std::string limits(const ops::CompareReport& report) {
    std::string text = "not compared: large objects, defaults, generated values, views, functions, "
                       "types, triggers, indexes, constraints, grants\n";
    std::vector<std::string> untyped;
    for (const ops::ComparedTable& table : report.tables) {
        if (table.was_there && table.is_there && !table.types_known) {
            untyped.push_back(shown(table.table));
        }
    }
    if (!untyped.empty()) {
        text += fmt::format("not compared either: the types of columns of {}, as the dump does "
                            "not say them all\n",
                            base::list_some(untyped));
    }
    return text;
}

/// "all the same: 3 tables with 270 rows, 2 sequences"; of a difference, what else was compared.
std::string summary(const ops::CompareReport& report) {
    std::uint64_t rows = 0;
    std::uint64_t same = 0;
    bool only_counted = false;
    bool is_complete = true;
    for (const ops::ComparedTable& table : report.tables) {
        only_counted = only_counted || is_only_counted(table);
        is_complete = is_complete && table.rows != ops::RowsMatch::not_compared;
        if (!table.differs() && table.rows_now) {
            ++same;
            rows += *table.rows_now;
        }
    }
    const char* verdict = report.differs() ? "the same" : "all the same";
    std::string text = fmt::format(
        "{}: {} with {}, {}\n", is_complete ? verdict : "the same, as far as compared",
        counted(same, "table"), counted(rows, "row"), counted(report.same_sequences, "sequence"));
    if (only_counted) {
        text += "rows were only counted\n";
    }
    return text + limits(report);
}

} // namespace

std::string verdict_of(const ops::CompareReport& report) {
    const auto tables = static_cast<std::uint64_t>(
        std::ranges::count_if(report.tables, &ops::ComparedTable::differs));
    const std::uint64_t others = other_changes(report).size();
    if (!report.differs()) {
        return "the same";
    }
    if (others == 0) {
        return counted(tables, "table") + (tables == 1 ? " differs" : " differ");
    }
    return fmt::format("{}{} differ", tables > 0 ? counted(tables, "table") + " and " : "",
                       counted(others, "other thing"));
}

std::string to_text(const ops::CompareReport& report, const Screen& screen) {
    std::string text = head(report) + tables_text(report, screen);
    const auto changes = other_changes(report);
    for (const std::string& line : changes) {
        text +=
            (&line == changes.data() ? "\n" : "") + screen.caution(base::printable(line)) + "\n";
    }
    if (report.row_differences) {
        text += "\n" + to_text(*report.row_differences, screen);
    }
    return text + "\n" + summary(report);
}

} // namespace dbbackup::cli
