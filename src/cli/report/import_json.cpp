#include "cli/report/json_values.hpp"
#include "cli/report/report_json.hpp"

#include <dbbackup/base/outside_text.hpp>

namespace dbbackup::cli {

namespace {

const char* name_of(pg::PlacingMode mode) {
    switch (mode) {
    case pg::PlacingMode::add:
        return "add";
    case pg::PlacingMode::merge:
        return "merge";
    case pg::PlacingMode::replace:
        return "replace";
    }
    return "add";
}

Json counts_json(const pg::PlacingCounts& counts) {
    return {{"source", counts.source},      {"inserted", counts.inserted},
            {"updated", counts.updated},    {"unchanged", counts.unchanged},
            {"kept", counts.kept},          {"deleted", counts.deleted},
            {"conflicts", counts.conflicts}};
}

Json table_json(const pg::TablePlacing& table, const pg::PlacingCounts& counts) {
    Json json{{"schema", text(table.target.table.schema)}, {"name", text(table.target.table.name)}};
    json.update(counts_json(counts));
    std::vector<std::string> key;
    for (const std::size_t place : table.key) {
        key.push_back(table.columns[place].column.name);
    }
    json["key"] = texts(key);
    json["columns_ignored"] = texts(table.ignored);
    json["columns_defaulted"] = texts(table.defaulted);
    return json;
}

} // namespace

std::string to_json(const ops::ImportReport& report, const std::optional<base::Error>& error) {
    Json tables = Json::array();
    for (std::size_t i = 0; i < report.plan.placing.tables.size(); ++i) {
        tables.push_back(table_json(report.plan.placing.tables[i], report.result.tables[i]));
    }
    Json conflicts = Json::array();
    for (const pg::PlacingConflict& conflict : report.result.conflicts) {
        conflicts.push_back({{"schema", text(conflict.table.schema)},
                             {"name", text(conflict.table.name)},
                             {"key", text(conflict.key)},
                             {"reason", text(base::without_marks(conflict.reason))}});
    }
    Json json{{"source", text(report.plan.source)},
              {"source_database", text_or_null(report.plan.source_database)},
              {"source_taken_at", time_or_null(report.plan.source_taken_at)},
              {"schema_version", text_or_null(report.plan.schema_version)},
              {"database", text(report.plan.database)},
              {"host", text(report.plan.host)},
              {"port", report.plan.port},
              {"mode", name_of(report.plan.placing.options.mode)},
              {"dry_run", report.is_dry_run},
              {"committed", report.is_committed},
              {"tables", std::move(tables)},
              {"total", counts_json(report.total())},
              {"conflicts", std::move(conflicts)},
              {"notes", texts(report.plan.placing.notes)},
              {"safety_dump", text_or_null(report.safety_dump)},
              {"undo_file", text_or_null(report.undo_file)},
              {"undo_command", texts(report.undo_command)},
              {"duration_ms", report.duration.count()}};
    if (error) {
        json["error"] = error_json(*error);
    }
    return finish(json);
}

std::string to_json(const ops::ImportUndoReport& report) {
    Json tables = Json::array();
    for (const auto& table : report.tables) {
        tables.push_back({{"schema", text(table.table.schema)},
                          {"name", text(table.table.name)},
                          {"inserted", table.inserted},
                          {"deleted", table.deleted},
                          {"changed", table.changed},
                          {"in_use", table.in_use},
                          {"gone", table.gone}});
    }
    return finish({{"undo_file", text(report.file)},
                   {"database", text(report.database)},
                   {"dry_run", report.is_dry_run},
                   {"tables", std::move(tables)}});
}

} // namespace dbbackup::cli
