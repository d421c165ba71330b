#include "cli/report/export_text.hpp"

#include "cli/terminal/counted.hpp"
#include "cli/terminal/text_table.hpp"

#include <dbbackup/base/byte_size.hpp>
#include <dbbackup/base/dotted_name.hpp>
#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/text.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace dbbackup::cli {

namespace {

std::string shown(const pg::RelationName& name) {
    return base::dotted_name(name.schema, name.name);
}

std::string path_text(const ops::ExportPath& path) {
    return fmt::format("{} ({} -> {}): {}", path.constraint, fmt::join(path.columns, ", "),
                       shown(path.parent), base::with_thousands(path.rows));
}

std::string way_to(const ops::ExportReport& report, const ops::ExportedTable& table) {
    std::vector<std::string> ways;
    for (const ops::ExportPath& path : table.reached_by) {
        ways.push_back(path_text(path));
    }
    const bool is_root = report.root && (report.root->table == table.table.name ||
                                         report.root->table == shown(table.table));
    if (is_root) {
        ways.insert(ways.begin(), "the root");
    }
    return fmt::format("{}", fmt::join(ways, "; "));
}

std::string tables_text(const ops::ExportReport& report, const Screen& screen) {
    std::vector<TextTable::Column> columns{{"TABLE"}, {"ROWS", Align::right}};
    if (report.root) {
        columns.push_back({"REACHED BY", Align::left, Fit::shorten});
    } else if (report.is_limited_by_date()) {
        columns.push_back({"LIMITED BY", Align::left, Fit::shorten});
    }
    TextTable table{std::move(columns)};
    for (const ops::ExportedTable& one : report.tables) {
        std::vector<TextTable::Cell> cells{shown(one.table), base::with_thousands(one.rows)};
        if (report.root) {
            cells.emplace_back(way_to(report, one));
        } else if (report.is_limited_by_date()) {
            cells.emplace_back(one.date_column.empty() ? "-" : one.date_column);
        }
        table.add(cells);
    }
    return table.to_string(screen);
}

/// "from 2026-11-01T00:00:00.000Z until before 2026-11-20T00:00:00.000Z"
std::string range_text(const ops::ExportReport& report) {
    if (!report.is_limited_by_date()) {
        return {};
    }
    std::string text = "rows";
    if (report.since) {
        text += fmt::format(" from {}", base::format_utc(*report.since));
    }
    if (report.until) {
        text += fmt::format(" until before {}", base::format_utc(*report.until));
    }
    return text + "\n";
}

} // namespace

std::string to_text(const ops::ExportReport& report, const Screen& screen) {
    const std::string what = fmt::format("{} in {}", counted(report.rows(), "row"),
                                         counted(report.tables.size(), "table"));
    const std::string details = tables_text(report, screen) + range_text(report);
    if (report.dry_run) {
        return fmt::format("{}dry run: would export {}; nothing was written\n", details, what);
    }
    return fmt::format("{}exported {} to {}\n{}, in {}\n", details, what,
                       base::printable(report.path.value_or("stdout")),
                       base::format_byte_size(report.size), base::format_duration(report.duration));
}

} // namespace dbbackup::cli
