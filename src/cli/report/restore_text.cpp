#include "cli/report/restore_text.hpp"

#include "cli/terminal/counted.hpp"
#include "cli/terminal/text_table.hpp"

#include <dbbackup/base/byte_size.hpp>
#include <dbbackup/base/dotted_name.hpp>
#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string_view>
#include <utility>

namespace dbbackup::cli {

namespace {

constexpr std::size_t k_most_tables = 40;

std::string dump_line(const ops::RestorePlan& plan) {
    std::string text = base::printable(plan.dump_path);
    if (!plan.dump_database.empty()) {
        text += ", of database " + base::printable(plan.dump_database);
    }
    if (plan.dump_age) {
        text += fmt::format(", {} old", base::format_duration(*plan.dump_age));
    }
    return text + fmt::format(", {}, {}", base::format_byte_size(plan.dump_size),
                              counted(plan.dump_rows, "row"));
}

std::string target_line(const ops::RestorePlan& plan) {
    return fmt::format("database {} on {}, port {} (PostgreSQL {}), {}",
                       base::printable(plan.database), base::printable(plan.host), plan.port,
                       base::printable(plan.server_version),
                       !plan.target_exists ? "will be created"
                       : plan.target_empty ? "empty"
                                           : base::format_byte_size(plan.target_size));
}

/// If not all are shown, the tables that lose most come first.
std::vector<ops::TableChange> chosen_tables(const ops::RestorePlan& plan, TableList list) {
    std::vector<ops::TableChange> tables = plan.tables;
    if (list == TableList::shortened && tables.size() > k_most_tables) {
        const auto loss = [](const ops::TableChange& table) {
            const std::uint64_t now = table.rows_now.value_or(0);
            return table.rows_after ? now - std::min(now, *table.rows_after) : now + 1;
        };
        std::ranges::stable_sort(tables, std::ranges::greater{}, loss);
        tables.resize(k_most_tables);
    }
    return tables;
}

std::string name_of(const ops::TableChange& table) {
    return base::dotted_name(table.schema, table.name);
}

std::string column_details(const pg::ColumnChanges& columns) {
    std::vector<std::string> types;
    for (const pg::ColumnType& column : columns.changed) {
        types.push_back(fmt::format("{} (now {}, then {})", column.name, column.now, column.after));
    }
    std::vector<std::string> details;
    for (const auto& [what, names] :
         {std::pair{"added", columns.added}, {"gone", columns.gone}, {"another type", types}}) {
        if (!names.empty()) {
            details.push_back(fmt::format("{} {}", what, base::list_all(names)));
        }
    }
    return fmt::format("{}", fmt::join(details, "; "));
}

/// Which columns differ, or where to see it.
std::string column_list(const ops::RestorePlan& plan, TableList list) {
    std::string text;
    std::uint64_t tables = 0;
    for (const ops::TableChange& table : plan.tables) {
        if (table.columns_differ()) {
            ++tables;
            text += fmt::format("  {}: {}\n", base::printable(name_of(table)),
                                column_details(*table.columns));
        }
    }
    if (tables == 0) {
        return {};
    }
    return list == TableList::whole
               ? "Columns that the restore changes:\n" + text
               : fmt::format("The restore changes the columns of {} (which ones: --verbose).\n",
                             counted(tables, "table"));
}

std::string table_list(const ops::RestorePlan& plan, TableList list, const Screen& screen) {
    std::vector<TextTable::Column> titles{
        {"table", Align::left}, {"rows now", Align::right}, {"rows after", Align::right}};
    const bool columns_differ = std::ranges::any_of(plan.tables, &ops::TableChange::columns_differ);
    if (columns_differ) {
        titles.push_back({"columns", Align::left});
    }
    TextTable text{std::move(titles)};
    const auto tables = chosen_tables(plan, list);
    for (const ops::TableChange& table : tables) {
        std::vector<TextTable::Cell> cells{
            name_of(table),
            table.rows_now    ? base::with_thousands(*table.rows_now)
            : table.in_target ? "?"
                              : "-",
            table.rows_after ? TextTable::Cell{base::with_thousands(*table.rows_after)}
                             : TextTable::Cell{"vanishes", Tone::bad}};
        if (columns_differ) {
            cells.emplace_back(table.columns_differ() ? "differ" : "", Tone::caution);
        }
        text.add(std::move(cells));
    }
    std::string all = text.to_string(screen);
    if (tables.size() < plan.tables.size()) {
        all += fmt::format("and {} (all of them with --verbose)\n",
                           counted(plan.tables.size() - tables.size(), "more table"));
    }
    return all + column_list(plan, list);
}

std::string what_happens(const ops::RestorePlan& plan) {
    std::string text;
    if (plan.jobs > 0) {
        text += "The dump is restored into a new database, which then takes the name";
        text += !plan.target_exists ? ".\n"
                : plan.asks         ? "; the old database is kept under another name.\n"
                                    : "; the old database is dropped if it is still empty.\n";
    } else if (!plan.goes.empty()) {
        text += fmt::format("Dropped first: {}.\n", base::list_all(plan.goes));
    }
    if (!plan.changes.empty()) {
        text += fmt::format("Replaced or lost: {}.\n", base::list_all(plan.changes));
    }
    if (!plan.stays.empty()) {
        text += fmt::format("Not touched: {}.\n", base::list_all(plan.stays_in_short));
    }
    if (plan.clean != ops::Clean::nothing && plan.replaces && !plan.goes.empty()) {
        const auto lost = plan.rows_lost();
        text += lost ? fmt::format("This deletes {}", counted(*lost, "row"))
                     : std::string{"This deletes rows that could not be counted (?)"};
        text += plan.tables_vanishing() == 0
                    ? ".\n"
                    : fmt::format("; {} will vanish.\n", counted(plan.tables_vanishing(), "table"));
    }
    if (plan.jobs == 0 && plan.asks) {
        text += plan.safety_dump ? "A safety dump of the target is taken first.\n"
                : plan.replaces  ? "No safety dump is taken: you cannot undo this.\n"
                                 : "Nothing is dropped, so no safety dump is taken.\n";
        if (plan.safety_dump && !plan.goes.empty()) {
            text += "What is written between it and the restore is lost: stop the application "
                    "first.\n";
        }
    }
    return text;
}

} // namespace

std::vector<std::string> headlines(const ops::RestorePlan& plan) {
    std::vector<std::string> lines;
    if (!plan.part.empty()) {
        lines.push_back("PARTIAL: " + plan.part);
    }
    if (!plan.other_database.empty()) {
        lines.push_back("ANOTHER DATABASE: " + plan.other_database);
    }
    return lines;
}

std::string to_text(const ops::RestorePlan& plan, TableList tables, const Screen& screen) {
    std::string text;
    for (const std::string& line : headlines(plan)) {
        text += screen.bad(base::printable(line)) + "\n";
    }
    text += text.empty() ? "" : "\n";
    text += fmt::format("dump    {}\ntarget  {}\n\n", dump_line(plan), target_line(plan));
    if (!plan.tables.empty()) {
        text += table_list(plan, tables, screen) + "\n";
    }
    text += what_happens(plan);
    if (!plan.not_brought_back.empty()) {
        text += screen.caution("Not brought back:") +
                fmt::format(" {}. The dump holds it, but you did not choose it.\n",
                            base::list_all(plan.not_brought_back));
    }
    for (const std::string& warning : plan.warnings) {
        text += screen.caution("Warning:") + " " + base::printable(warning) + ".\n";
    }
    return text;
}

std::string to_text(const ops::RestorePlan& plan, const ops::RestoreOutcome& outcome) {
    std::string text =
        fmt::format("restored {}: {} in {}, as in the dump, in {}\n",
                    base::printable(plan.database), counted(outcome.rows, "row"),
                    counted(outcome.tables, "table"), base::format_duration(outcome.duration));
    for (const std::string& left_out : outcome.left_out) {
        text += fmt::format("left out: {}\n", base::printable(left_out));
    }
    for (const std::string& missing : plan.not_brought_back) {
        text += fmt::format("not brought back: {}\n", base::printable(missing));
    }
    for (const std::string& constraint : outcome.not_validated) {
        text += fmt::format("not validated, as in the dump: {}\n", base::printable(constraint));
    }
    if (outcome.safety_dump) {
        text += fmt::format("safety dump: {}\n", base::printable(*outcome.safety_dump));
    }
    if (!outcome.undo_command.empty()) {
        text += fmt::format("to undo: {}\n", shell_words(outcome.undo_command));
    }
    if (!outcome.undo_leaves.empty()) {
        text += fmt::format("this does not undo: {}\n", base::list_all(outcome.undo_leaves));
    }
    if (outcome.kept_database) {
        text += fmt::format(
            "the old database is kept as {}\nto undo, run in another database of the server:\n",
            base::printable(*outcome.kept_database));
        for (const std::string& statement : outcome.undo_sql) {
            text += fmt::format("    {};\n", base::printable(statement));
        }
    }
    return text;
}

} // namespace dbbackup::cli
