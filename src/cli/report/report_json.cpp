#include "cli/report/report_json.hpp"

#include "cli/report/json_values.hpp"
#include "cli/report/prune_json.hpp"
#include "cli/report/push_json.hpp"

#include <dbbackup/store/manifest.hpp>

namespace dbbackup::cli {

namespace {

Json manifest_json(const store::Manifest& manifest) {
    return Json::parse(store::to_json(manifest));
}

/// The same; of a sealed dump all that an identity has opened.
Json open_manifest_json(const store::Manifest& manifest) {
    if (!manifest.seal || !manifest.seal->is_open) {
        return manifest_json(manifest);
    }
    Json json = Json::parse(store::to_open_json(manifest));
    json["sealed"] = {{"recipients", texts(manifest.seal->recipients)}};
    return json;
}

Json entry_json(const store::DumpEntry& entry, base::UtcTime now) {
    const auto started_at = entry.started_at();
    const auto database = entry.database();
    Json json{{"name", text(entry.name)},
              {"database", text_or_null(database)},
              {"started_at", time_or_null(started_at)},
              {"age_seconds",
               started_at
                   ? Json(std::chrono::floor<std::chrono::seconds>(now - *started_at).count())
                   : Json(nullptr)},
              {"size", entry.size},
              {"problem", text_or_null(entry.problem_at(now))},
              {"foreign_owner", text_or_null(entry.foreign_owner)}};
    if (entry.manifest) {
        const store::Manifest& manifest = *entry.manifest;
        json["host"] = text(manifest.database.host);
        json["port"] = manifest.database.port;
        const bool is_known = manifest.knows_contents();
        json["rows"] = is_known ? Json(manifest.contents.total_rows()) : Json(nullptr);
        json["tables"] = is_known ? Json(manifest.contents.tables.size()) : Json(nullptr);
        json["verified_at"] = time_or_null(manifest.last_verified());
        json["proven_at"] = time_or_null(manifest.last_proven());
        const auto damage = manifest.found_damaged();
        json["damaged_at"] = time_or_null(damage ? std::optional{damage->at} : std::nullopt);
        json["label"] = text_or_null(manifest.dump.label);
        json["pinned"] = manifest.pinned;
        json["partial"] = entry.is_part();
        json["sealed"] = manifest.seal.has_value();
    }
    return json;
}

Json set_json(const ops::ListedSet& set) {
    Json dumps = Json::array();
    if (set.entry.set) {
        dumps.push_back(text(set.entry.set->globals.file));
        for (const store::DumpSet::Database& database : set.entry.set->databases) {
            dumps.push_back(text(database.dump.file));
        }
    }
    return {{"name", text(set.entry.name)},
            {"created_at", base::format_utc(set.entry.time)},
            {"dumps", std::move(dumps)},
            {"missing", texts(set.missing)},
            {"problem", text_or_null(set.entry.problem)}};
}

const char* clean_name(ops::Clean clean) {
    switch (clean) {
    case ops::Clean::nothing:
        return "nothing";
    case ops::Clean::dumped:
        return "dumped";
    case ops::Clean::everything:
        return "everything";
    }
    return "nothing";
}

Json columns_json(const std::optional<pg::ColumnChanges>& columns) {
    if (!columns) {
        return nullptr;
    }
    Json changed = Json::array();
    for (const pg::ColumnType& column : columns->changed) {
        changed.push_back({{"name", text(column.name)},
                           {"type_now", text(column.now)},
                           {"type_after", text(column.after)}});
    }
    return {{"added", texts(columns->added)},
            {"gone", texts(columns->gone)},
            {"changed", std::move(changed)}};
}

Json plan_json(const ops::RestorePlan& plan) {
    Json tables = Json::array();
    for (const ops::TableChange& table : plan.tables) {
        tables.push_back({{"schema", text(table.schema)},
                          {"name", text(table.name)},
                          {"rows_now", number_or_null(table.rows_now)},
                          {"rows_after", number_or_null(table.rows_after)},
                          {"columns", columns_json(table.columns)}});
    }
    return {{"dump",
             {{"path", text(plan.dump_path)},
              {"database", text_or_null(plan.dump_database)},
              {"host", text_or_null(plan.dump_host)},
              {"port", plan.dump_port != 0 ? Json(plan.dump_port) : Json(nullptr)},
              {"taken_at", time_or_null(plan.dump_taken_at)},
              {"age_seconds", plan.dump_age ? Json(plan.dump_age->count()) : Json(nullptr)},
              {"has_manifest", plan.has_manifest},
              {"size", plan.dump_size},
              {"uncompressed_size", plan.sql_size},
              {"rows", plan.dump_rows}}},
            {"target",
             {{"host", text(plan.host)},
              {"port", plan.port},
              {"database", text(plan.database)},
              {"server_version", text(plan.server_version)},
              {"exists", plan.target_exists},
              {"empty", plan.target_empty},
              {"size_bytes", plan.target_size}}},
            {"partial", text_or_null(plan.part)},
            {"another_database", text_or_null(plan.other_database)},
            {"asks", plan.asks},
            {"clean", clean_name(plan.clean)},
            {"jobs", plan.jobs},
            {"safety_dump", plan.safety_dump},
            {"rows_lost", number_or_null(plan.rows_lost())},
            {"tables", std::move(tables)},
            {"goes", texts(plan.goes)},
            {"stays", texts(plan.stays)},
            {"changes", texts(plan.changes)},
            {"not_brought_back", texts(plan.not_brought_back)},
            {"warnings", texts(plan.warnings)}};
}

Json outcome_json(const ops::RestoreOutcome& outcome) {
    return {{"rows", outcome.rows},
            {"tables", outcome.tables},
            {"duration_ms", outcome.duration.count()},
            {"safety_dump", text_or_null(outcome.safety_dump)},
            {"kept_database", text_or_null(outcome.kept_database)},
            {"undo_command", texts(outcome.undo_command)},
            {"undo_leaves", texts(outcome.undo_leaves)},
            {"undo_sql", texts(outcome.undo_sql)},
            {"left_out", texts(outcome.left_out)},
            {"not_validated", texts(outcome.not_validated)}};
}

} // namespace

std::string to_json(const ops::RestoreReport& report) {
    return finish({{"plan", plan_json(report.plan)},
                   {"outcome", report.outcome ? outcome_json(*report.outcome) : Json(nullptr)}});
}

std::string to_json(const ops::DumpReport& report) {
    Json json{{"path", text(report.path)},
              {"manifest", manifest_json(report.manifest)},
              {"loss", report.loss ? loss_json(*report.loss) : Json(nullptr)},
              {"copies", copies_json(report.copies)},
              {"prune", report.prune ? prune_json(*report.prune) : Json(nullptr)},
              {"prune_problem", text_or_null(report.prune_problem)}};
    if (const auto error = report.find_copy_error()) {
        json["error"] = error_json(*error);
    }
    return finish(json);
}

std::string to_json(const ops::ListReport& report) {
    Json dumps = Json::array();
    for (const store::DumpEntry& entry : report.dumps) {
        dumps.push_back(entry_json(entry, report.now));
    }
    Json sets = Json::array();
    for (const ops::ListedSet& set : report.sets) {
        sets.push_back(set_json(set));
    }
    Json globals = Json::array();
    for (const store::DumpEntry& entry : report.globals) {
        globals.push_back({{"name", text(entry.name)},
                           {"started_at", time_or_null(entry.started_at())},
                           {"size", entry.size},
                           {"problem", text_or_null(entry.problem)}});
    }
    return finish({{"directory", text(report.directory.native())},
                   {"dumps", std::move(dumps)},
                   {"sets", std::move(sets)},
                   {"globals", std::move(globals)}});
}

std::string to_json(const ops::ShowReport& report) {
    const store::DumpEntry& entry = report.entry;
    Json json{{"path", text(report.path)},
              {"problem", text_or_null(entry.problem_at(report.now))},
              {"foreign_owner", text_or_null(entry.foreign_owner)},
              {"partial", entry.manifest ? Json(entry.is_part()) : Json(nullptr)},
              {"manifest", entry.manifest ? open_manifest_json(*entry.manifest) : Json(nullptr)}};
    if (report.read) {
        // As in a manifest.
        store::Manifest manifest;
        manifest.contents = report.read->contents;
        if (!report.read->part.empty()) {
            json["partial"] = true;
        }
        json["database"] = text_or_null(report.read->database);
        json["uncompressed_size"] = report.read->sql_size;
        json["sha256"] = report.read->sha256;
        json["contents"] = manifest_json(manifest).at("contents");
    }
    return finish(json);
}

} // namespace dbbackup::cli
