#include "ops/transfer/export_header.hpp"

#include <dbbackup/base/dotted_name.hpp>
#include <dbbackup/base/text.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace dbbackup::ops {

namespace {

using Json = nlohmann::ordered_json;

Json text_or_null(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

Json time_or_null(const std::optional<base::UtcTime>& time) {
    return time ? Json(base::format_utc(*time)) : Json(nullptr);
}

Json name_json(const pg::RelationName& name) {
    return {{"schema", name.schema}, {"name", name.name}};
}

Json column_json(const pg::SourceColumn& column) {
    Json json{{"name", column.name}, {"type", column.type}};
    if (column.reference) {
        json["reference"] = {{"schema", column.reference->table.schema},
                             {"table", column.reference->table.name},
                             {"columns", column.reference->columns}};
    }
    return json;
}

Json table_json(const ExportHeader& header, std::size_t i) {
    const pg::SourceTable& table = header.source.tables[i];
    Json columns = Json::array();
    for (const pg::SourceColumn& column : table.columns) {
        columns.push_back(column_json(column));
    }
    Json json = name_json(table.table);
    json["columns"] = std::move(columns);
    json["key"] = table.key;
    if (table.partitioned) {
        json["partitioned"] = name_json(*table.partitioned);
    }
    if (!header.files.empty()) {
        json["file"] = header.files[i];
    }
    return json;
}

Json date_range_json(const ExportHeader& header) {
    if (!header.since && !header.until) {
        return nullptr;
    }
    Json columns = Json::array();
    for (std::size_t i = 0; i < header.source.tables.size(); ++i) {
        if (!header.date_columns[i].empty()) {
            Json json = name_json(header.source.tables[i].table);
            json["column"] = header.date_columns[i];
            columns.push_back(std::move(json));
        }
    }
    return {{"since", time_or_null(header.since)},
            {"until", time_or_null(header.until)},
            {"columns", std::move(columns)}};
}

Json excluded_json(const ExportHeader& header) {
    Json tables = Json::array();
    for (const pg::RelationName& table : header.excluded_tables) {
        tables.push_back(name_json(table));
    }
    Json columns = Json::array();
    for (const ExcludedColumn& column : header.excluded_columns) {
        columns.push_back({{"schema", column.table.schema},
                           {"table", column.table.name},
                           {"column", column.column}});
    }
    return {{"tables", std::move(tables)}, {"columns", std::move(columns)}};
}

Json to_json(const ExportHeader& header) {
    const pg::RowSource& source = header.source;
    Json json{
        {"format", k_export_format},
        {"format_version", k_export_version},
        {"backup_version", header.tool_version},
        {"exported_at", time_or_null(source.taken_at)},
        {"app_version", text_or_null(header.app_version)},
        {"db_schema_version", text_or_null(source.schema_version)},
        {"timezone", text_or_null(source.timezone)},
        {"database",
         {{"name", source.database},
          {"system_identifier", text_or_null(source.identity.system_identifier)},
          {"oid", source.identity.database_oid == 0 ? Json(nullptr)
                                                    : Json(source.identity.database_oid)}}},
        {"date_range", date_range_json(header)},
        {"excluded", excluded_json(header)},
    };
    json["root"] = header.root ? Json{{"table", header.root->table},
                                      {"column", header.root->column},
                                      {"value", header.root->value}}
                               : Json(nullptr);
    return json;
}

/// As one line, safe as append_json_string() makes it.
std::string line_of(const Json& json) {
    return base::printable_json(json.dump(-1, ' ', false, Json::error_handler_t::strict));
}

} // namespace

std::string data_name(const pg::RelationName& table) {
    const auto part = [](const std::string& name) {
        if (name.find_first_of(".\"") == std::string::npos) {
            return name;
        }
        std::string quoted = "\"";
        for (const char c : name) {
            quoted.append(c == '"' ? 2 : 1, c);
        }
        return quoted + '"';
    };
    return base::dotted_name(part(table.schema), part(table.name));
}

std::vector<std::string> to_members(const ExportHeader& header) {
    std::vector<std::string> members;
    const Json json = to_json(header);
    for (const auto& [name, value] : json.items()) {
        members.push_back(fmt::format("\"{}\":{}", name, line_of(value)));
    }
    std::string tables = "\"tables\":[";
    for (std::size_t i = 0; i < header.source.tables.size(); ++i) {
        tables += i == 0 ? "\n" : ",\n";
        tables += line_of(table_json(header, i));
    }
    members.push_back(tables + "\n]");
    return members;
}

} // namespace dbbackup::ops
