#include "ops/transfer/export_end.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace dbbackup::ops {

namespace {

[[noreturn]] void throw_wrong(const char* what) {
    throw base::Error{base::ErrorKind::damaged, what};
}

} // namespace

ExportEnd read_end(const nlohmann::json& json) {
    ExportEnd end;
    if (!json.is_object() || !json.contains("rows") || !json["rows"].is_object()) {
        throw_wrong("its 'end' has no 'rows'");
    }
    for (const auto& [name, rows] : json["rows"].items()) {
        if (!rows.is_number_unsigned()) {
            throw_wrong("its 'end' has a number of rows that is no number");
        }
        end.rows[name] = rows.get<std::uint64_t>();
    }
    if (json.contains("sha256") && !json["sha256"].is_null()) {
        if (!json["sha256"].is_string()) {
            throw_wrong("its SHA-256 is not a string");
        }
        end.sha256 = json["sha256"].get<std::string>();
    }
    if (json.contains("files") && json["files"].is_object()) {
        for (const auto& [name, sum] : json["files"].items()) {
            end.files[name] = sum.is_string() ? sum.get<std::string>() : "";
        }
    }
    return end;
}

void require_end(const ExportHeader& header, const std::vector<std::uint64_t>& rows,
                 const ExportEnd& end, const std::string& actual_sha256) {
    if (!end.sha256.empty() && end.sha256 != actual_sha256) {
        throw base::Error{base::ErrorKind::damaged, "its content does not fit its SHA-256"};
    }
    const auto& tables = header.source.tables;
    for (std::size_t i = 0; i < tables.size(); ++i) {
        const std::string name = data_name(tables[i].table);
        const auto said = end.rows.find(name);
        if (said == end.rows.end() || said->second != rows[i]) {
            throw base::Error{base::ErrorKind::damaged,
                              fmt::format("it has {} rows of {}, and says {}", rows[i],
                                          base::printable(name),
                                          said == end.rows.end() ? "nothing of them"
                                                                 : std::to_string(said->second))};
        }
    }
    if (end.rows.size() > tables.size()) {
        throw base::Error{base::ErrorKind::damaged,
                          "its end counts rows of a table that it does not list"};
    }
}

} // namespace dbbackup::ops
