#include "cli/report/json_values.hpp"
#include "cli/report/report_json.hpp"
#include "cli/report/verify_text.hpp"
#include "cli/terminal/console.hpp"

namespace dbbackup::cli {

namespace {

const char* name_of(ops::Verdict verdict) {
    switch (verdict) {
    case ops::Verdict::damaged:
        return "damaged";
    case ops::Verdict::unverified:
        return "unverified";
    case ops::Verdict::good:
        return "good";
    }
    return "unverified";
}

const char* name_of(ops::TableProof proof) {
    switch (proof) {
    case ops::TableProof::rows_and_contents:
        return "contents";
    case ops::TableProof::by_column:
        return "contents by column";
    case ops::TableProof::by_value:
        return "contents by value";
    case ops::TableProof::rows_counted:
        return "row count";
    case ops::TableProof::differs:
        return "differs";
    }
    return "differs";
}

Json row_json(const std::optional<ops::RowPlace>& row) {
    return row ? Json{{"table", text(row->table)}, {"row", row->row}} : Json(nullptr);
}

Json place_json(const ops::DamagePlace& place) {
    return {{"member", number_or_null(place.member)},
            {"offset", number_or_null(place.offset)},
            {"table", text_or_null(place.table)},
            {"first_row", row_json(place.first_row)},
            {"last_row", row_json(place.last_row)}};
}

Json drill_json(const ops::DrillReport& drill) {
    Json tables = Json::array();
    for (const ops::ProvenTable& table : drill.tables) {
        tables.push_back({{"schema", text(table.schema)},
                          {"name", text(table.name)},
                          {"rows", table.rows},
                          {"compared", name_of(table.proof)}});
    }
    return {{"scratch", text(drill.scratch)},
            {"server_version", text(drill.server_version)},
            {"restore_ms", drill.restore_time.count()},
            {"compare_ms", drill.compare_time.count()},
            {"tables", std::move(tables)},
            {"sequences", drill.sequences},
            {"large_objects", drill.large_objects},
            {"objects", drill.objects},
            {"text_not_compared", text_or_null(drill.text_not_compared)},
            {"notes", texts(drill.notes)},
            {"left_out", texts(drill.left_out)},
            {"differences", texts(drill.differences)}};
}

Json dump_json(const ops::VerifiedDump& dump) {
    return {{"path", text(dump.path)},
            {"database", text_or_null(dump.database)},
            {"kind", dump.is_export ? "export" : "dump"},
            {"result", name_of(dump.verdict)},
            {"message", text_or_null(dump.message)},
            {"hint", text_or_null(dump.hint)},
            {"place", place_json(dump.place)},
            {"has_manifest", dump.has_manifest},
            {"not_checked", text_or_null(dump.not_checked)},
            {"size", dump.size},
            {"uncompressed_size", dump.sql_size},
            {"tables", dump.tables},
            {"rows", dump.rows},
            {"read_ms", dump.read_time.count()},
            {"drill", dump.drill ? drill_json(*dump.drill) : Json(nullptr)},
            {"recorded", dump.recorded},
            {"level", !dump.weaker_check.empty() ? dump.weaker_check
                      : dump.drill               ? "restore"
                                                 : "read"}};
}

} // namespace

std::string to_json(const ops::VerifyReport& report) {
    Json dumps = Json::array();
    for (const ops::VerifiedDump& dump : report.dumps) {
        dumps.push_back(dump_json(dump));
    }
    Json json{{"result", name_of(report.verdict())}, {"dumps", std::move(dumps)}};
    if (const auto error = find_error(report)) {
        json["error"] = error_json(*error);
    }
    return finish(json);
}

} // namespace dbbackup::cli
