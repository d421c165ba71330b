#include "cli/report/json_values.hpp"
#include "cli/report/report_json.hpp"

#include <dbbackup/base/dotted_name.hpp>

namespace dbbackup::cli {

namespace {

const char* name_of(ops::ExportFormat format) {
    switch (format) {
    case ops::ExportFormat::json:
        return "json";
    case ops::ExportFormat::jsonl:
        return "jsonl";
    case ops::ExportFormat::csv:
        return "csv";
    }
    return "json";
}

Json path_json(const ops::ExportPath& path) {
    return {{"constraint", text(path.constraint)},
            {"columns", texts(path.columns)},
            {"parent_schema", text(path.parent.schema)},
            {"parent", text(path.parent.name)},
            {"rows", path.rows}};
}

Json table_json(const ops::ExportedTable& table) {
    Json paths = Json::array();
    for (const ops::ExportPath& path : table.reached_by) {
        paths.push_back(path_json(path));
    }
    return {{"schema", text(table.table.schema)},
            {"name", text(table.table.name)},
            {"rows", table.rows},
            {"date_column", text_or_null(table.date_column)},
            {"undated_rows", table.undated},
            {"reached_by", std::move(paths)}};
}

} // namespace

std::string to_json(const ops::ExportReport& report) {
    Json tables = Json::array();
    for (const ops::ExportedTable& table : report.tables) {
        tables.push_back(table_json(table));
    }
    return finish({{"result", report.dry_run ? "dry_run" : "exported"},
                   {"path", report.path ? Json(text(*report.path)) : Json(nullptr)},
                   {"format", name_of(report.format)},
                   {"database", text(report.database)},
                   {"db_schema_version", text_or_null(report.schema_version)},
                   {"size", report.size},
                   {"uncompressed_size", report.uncompressed_size},
                   {"sha256", text_or_null(report.sha256)},
                   {"rows", report.rows()},
                   {"tables", std::move(tables)},
                   {"since", time_or_null(report.since)},
                   {"until", time_or_null(report.until)},
                   {"duration_ms", report.duration.count()}});
}

} // namespace dbbackup::cli
