#include "cli/report/json_values.hpp"
#include "cli/report/report_json.hpp"

#include <utility>

namespace dbbackup::cli {

namespace {

Json state_json(const ops::ComparedState& state) {
    const bool is_dump = state.server.empty();
    return {{"dump", is_dump ? Json(text(state.name)) : Json(nullptr)},
            {"database", text_or_null(state.database)},
            {"server", text_or_null(state.server)},
            {"at", state.at == base::UtcTime{} ? Json(nullptr) : Json(base::format_utc(state.at))},
            {"server_version", text_or_null(state.server_version)},
            {"part", text_or_null(state.part)}};
}

const char* name_of(ops::RowsMatch match) {
    switch (match) {
    case ops::RowsMatch::equal:
        return "equal";
    case ops::RowsMatch::differ:
        return "differ";
    case ops::RowsMatch::not_compared:
        return "not compared";
    }
    return "not compared";
}

const char* change_of(const ops::ComparedTable& table) {
    return !table.was_there  ? "new"
           : !table.is_there ? "gone"
           : table.differs() ? "changed"
                             : "none";
}

Json table_json(const ops::ComparedTable& table) {
    Json changed = Json::array();
    for (const ops::ChangedColumn& column : table.changed_columns) {
        changed.push_back(
            {{"name", text(column.name)}, {"then", text(column.then)}, {"now", text(column.now)}});
    }
    return {{"schema", text(table.table.schema)},
            {"name", text(table.table.name)},
            {"change", change_of(table)},
            {"rows_then", number_or_null(table.rows_then)},
            {"rows_now", number_or_null(table.rows_now)},
            {"rows", name_of(table.rows)},
            {"not_compared", text_or_null(table.not_compared)},
            {"columns_added", texts(table.added_columns)},
            {"columns_gone", texts(table.gone_columns)},
            {"columns_changed", std::move(changed)},
            {"types_known", table.types_known}};
}

Json sequence_json(const ops::ComparedSequence& sequence) {
    return {{"schema", text(sequence.sequence.schema)}, {"name", text(sequence.sequence.name)},
            {"then", text_or_null(sequence.then)},      {"now", text_or_null(sequence.now)},
            {"was_called", sequence.was_called},        {"is_called", sequence.is_called}};
}

Json migrations_json(const ops::ComparedMigrations& migrations) {
    return {{"tool", migrations.tool},
            {"schema", text(migrations.table.schema)},
            {"table", text(migrations.table.name)},
            {"applied", texts(migrations.applied)},
            {"gone", texts(migrations.gone)}};
}

Json part_json(const pg::StatePart& part) {
    return {{"schema", text(part.table.schema)},
            {"table", text(part.table.name)},
            {"name", text(part.name)}};
}

template <typename Item>
Json list_json(const std::vector<Item>& items, Json (*to_json)(const Item&)) {
    Json list = Json::array();
    for (const Item& item : items) {
        list.push_back(to_json(item));
    }
    return list;
}

Json key_json(const ops::RowDifferences& rows, const ops::RowDifference& row) {
    Json key = Json::object();
    for (std::size_t i = 0; i < row.key.size() && i < rows.key.size(); ++i) {
        key[text(rows.key[i])] = row.key[i] ? Json(text(*row.key[i])) : Json(nullptr);
    }
    return key;
}

Json row_json(const ops::RowDifferences& rows, const ops::RowDifference& row) {
    Json fields = Json::array();
    for (const ops::RowDifference::Field& field : row.changed) {
        fields.push_back({{"column", text(field.column)},
                          {"then", field.then ? Json(text(*field.then)) : Json(nullptr)},
                          {"now", field.now ? Json(text(*field.now)) : Json(nullptr)}});
    }
    return {{"key", key_json(rows, row)}, {"changed", std::move(fields)}};
}

Json rows_json(const ops::RowDifferences& rows) {
    const auto list = [&rows](const std::vector<ops::RowDifference>& some, bool with_fields) {
        Json json = Json::array();
        for (const ops::RowDifference& row : some) {
            json.push_back(with_fields ? row_json(rows, row) : Json{{"key", key_json(rows, row)}});
        }
        return json;
    };
    return {{"schema", text(rows.table.schema)},
            {"table", text(rows.table.name)},
            {"key", texts(rows.key)},
            {"has_primary_key", rows.has_key},
            {"added", rows.added},
            {"gone", rows.gone},
            {"changed", rows.changed},
            {"added_rows", list(rows.added_rows, false)},
            {"gone_rows", list(rows.gone_rows, false)},
            {"changed_rows", list(rows.changed_rows, true)}};
}

} // namespace

std::string to_json(const ops::CompareReport& report) {
    return finish(
        {{"result", report.differs() ? "different" : "same"},
         {"then", state_json(report.then)},
         {"now", state_json(report.now)},
         {"tables", list_json(report.tables, table_json)},
         {"sequences", list_json(report.sequences, sequence_json)},
         {"same_sequences", report.same_sequences},
         {"migrations", list_json(report.migrations, migrations_json)},
         {"invalid_indexes", list_json(report.invalid_indexes, part_json)},
         {"newly_not_validated", list_json(report.newly_not_validated, part_json)},
         {"validated_since", list_json(report.validated_since, part_json)},
         {"rows", report.row_differences ? rows_json(*report.row_differences) : Json(nullptr)},
         {"duration_ms", report.duration.count()}});
}

} // namespace dbbackup::cli
