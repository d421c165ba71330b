#include "ops/transfer/export_header.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <set>

// What is optional may be missing or null.

namespace dbbackup::ops {

namespace {

[[noreturn]] void throw_wrong(const std::string& what) {
    throw base::Error{base::ErrorKind::damaged, fmt::format("its header is wrong: {}", what)};
}

const nlohmann::json* find(const nlohmann::json& json, const char* name) {
    const auto found = json.find(name);
    return found == json.end() || found->is_null() ? nullptr : &*found;
}

std::string find_text(const nlohmann::json& json, const char* name) {
    const nlohmann::json* value = find(json, name);
    if (value == nullptr) {
        return {};
    }
    if (!value->is_string()) {
        throw_wrong(fmt::format("'{}' is not a string", name));
    }
    return value->get<std::string>();
}

std::string require_text(const nlohmann::json& json, const char* name) {
    std::string text = find_text(json, name);
    if (text.empty()) {
        throw_wrong(fmt::format("a '{}' is missing", name));
    }
    return text;
}

const nlohmann::json& require_array(const nlohmann::json& json, const char* name) {
    const nlohmann::json* value = find(json, name);
    if (value == nullptr || !value->is_array()) {
        throw_wrong(fmt::format("'{}' is not an array", name));
    }
    return *value;
}

std::vector<std::string> read_texts(const nlohmann::json& json, const char* name) {
    std::vector<std::string> texts;
    if (find(json, name) == nullptr) {
        return texts;
    }
    for (const nlohmann::json& one : require_array(json, name)) {
        if (!one.is_string()) {
            throw_wrong(fmt::format("'{}' is not an array of strings", name));
        }
        texts.push_back(one.get<std::string>());
    }
    return texts;
}

std::optional<base::UtcTime> find_time(const nlohmann::json& json, const char* name) {
    const std::string text = find_text(json, name);
    const auto time = base::parse_utc(text);
    if (!text.empty() && !time) {
        throw_wrong(fmt::format("'{}' is not a time in UTC (2026-11-20T03:15:00.123Z)", name));
    }
    return time;
}

void require_object(const nlohmann::json& json, const char* what) {
    if (!json.is_object()) {
        throw_wrong(fmt::format("{} is not an object", what));
    }
}

pg::SourceColumn read_column(const nlohmann::json& json) {
    require_object(json, "a column");
    pg::SourceColumn column{.name = require_text(json, "name"), .type = find_text(json, "type")};
    if (const nlohmann::json* reference = find(json, "reference")) {
        require_object(*reference, "a reference");
        column.reference = pg::SourceReference{
            .table = {find_text(*reference, "schema"), require_text(*reference, "table")},
            .columns = read_texts(*reference, "columns")};
        if (column.reference->columns.empty()) {
            throw_wrong("a reference has no columns");
        }
    }
    return column;
}

pg::SourceTable read_table(const nlohmann::json& json) {
    require_object(json, "a table");
    pg::SourceTable table{.table = {find_text(json, "schema"), require_text(json, "name")},
                          .columns = {}};
    std::set<std::string> names;
    for (const nlohmann::json& one : require_array(json, "columns")) {
        table.columns.push_back(read_column(one));
        if (!names.insert(table.columns.back().name).second) {
            throw_wrong("a table has two columns of one name");
        }
    }
    table.key = read_texts(json, "key");
    for (const std::string& column : table.key) {
        if (!names.contains(column)) {
            throw_wrong("a key has a column that the table does not have");
        }
    }
    if (const nlohmann::json* partitioned = find(json, "partitioned")) {
        require_object(*partitioned, "'partitioned'");
        table.partitioned = {find_text(*partitioned, "schema"), require_text(*partitioned, "name")};
    }
    return table;
}

void require_our_format(const nlohmann::json& json) {
    if (!json.is_object() || find(json, "format") == nullptr || json["format"] != k_export_format) {
        throw base::Error{base::ErrorKind::failed, "it is not an export of dbbackup",
                          fmt::format("An export begins with \"format\":\"{}\".", k_export_format)};
    }
    const std::string version = require_text(json, "format_version");
    if (version.substr(0, version.find('.')) !=
        k_export_version.substr(0, k_export_version.find('.'))) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("it is an export of format {}, which this dbbackup does not "
                                      "know",
                                      base::printable(version)),
                          "Use the dbbackup that made it, or a later one."};
    }
}

void read_identity(const nlohmann::json& json, pg::RowSource& source) {
    const nlohmann::json* database = find(json, "database");
    if (database == nullptr) {
        return;
    }
    require_object(*database, "'database'");
    source.database = find_text(*database, "name");
    source.identity.system_identifier = find_text(*database, "system_identifier");
    if (const nlohmann::json* oid = find(*database, "oid")) {
        if (!oid->is_number_unsigned() || oid->get<std::uint64_t>() > UINT32_MAX) {
            throw_wrong("'oid' is not an OID");
        }
        source.identity.database_oid = oid->get<std::uint32_t>();
    }
}

} // namespace

ExportHeader read_header(const nlohmann::json& json) {
    require_our_format(json);
    ExportHeader header;
    header.tool_version = find_text(json, "backup_version");
    header.app_version = find_text(json, "app_version");
    pg::RowSource& source = header.source;
    source.encoding = "UTF8";
    source.taken_at = find_time(json, "exported_at");
    source.schema_version = find_text(json, "db_schema_version");
    source.timezone = find_text(json, "timezone");
    read_identity(json, source);
    std::set<std::string> names;
    for (const nlohmann::json& one : require_array(json, "tables")) {
        source.tables.push_back(read_table(one));
        header.files.push_back(find_text(one, "file"));
        if (!names.insert(data_name(source.tables.back().table)).second) {
            throw_wrong("two tables have one name");
        }
    }
    return header;
}

} // namespace dbbackup::ops
