#include "ops/restore/restore_plan.hpp"

#include "ops/restore/other_database.hpp"

#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/dump_command.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <utility>

namespace dbbackup::ops {

namespace {

std::vector<TableChange> table_changes(const pg::DumpSummary& restored,
                                       const pg::TargetSurvey& survey) {
    std::map<std::pair<std::string, std::string>, TableChange> changes;
    for (const pg::ScannedTable& table : restored.contents.tables) {
        changes[{table.schema, table.name}] = {.schema = table.schema,
                                               .name = table.name,
                                               .in_target = false,
                                               .rows_now = std::nullopt,
                                               .rows_after = table.rows};
    }
    for (const pg::InsertedTable& table : restored.inventory.inserted) {
        TableChange& change = changes[{table.schema, table.name}];
        change.schema = table.schema;
        change.name = table.name;
        change.rows_after = change.rows_after.value_or(0) + table.rows;
    }
    for (const pg::TargetTable& table : survey.tables) {
        const auto rows = table.counted ? std::optional{table.rows} : std::nullopt;
        const auto known = changes.find({table.schema, table.name});
        if (known != changes.end()) {
            known->second.in_target = true;
            known->second.rows_now = rows;
            known->second.columns = table.columns;
        } else if (table.goes) {
            changes[{table.schema, table.name}] = {.schema = table.schema,
                                                   .name = table.name,
                                                   .in_target = true,
                                                   .rows_now = rows,
                                                   .rows_after = std::nullopt};
        }
    }
    std::vector<TableChange> sorted;
    for (auto& [key, change] : changes) {
        sorted.push_back(std::move(change));
    }
    return sorted;
}

std::vector<std::string> texts_of(const std::vector<pg::LeftAlone>& objects) {
    std::vector<std::string> texts;
    for (const pg::LeftAlone& one : objects) {
        texts.push_back(fmt::format("{} {} ({})", one.object.kind, one.object.name, one.owner));
    }
    return texts;
}

} // namespace

std::optional<std::uint64_t> RestorePlan::rows_lost() const noexcept {
    std::uint64_t rows = 0;
    for (const TableChange& table : tables) {
        if (clean != Clean::nothing && table.in_target && !table.rows_now) {
            return std::nullopt;
        }
        rows += clean == Clean::nothing ? 0 : table.rows_now.value_or(0);
    }
    return rows;
}

std::uint64_t RestorePlan::tables_vanishing() const noexcept {
    return static_cast<std::uint64_t>(std::ranges::count_if(
        tables, [](const TableChange& table) { return !table.rows_after.has_value(); }));
}

std::string name_dumped_database(const store::DumpEntry& entry, const DumpFile& file) {
    // Anyone can rename a file; an archive itself names its database.
    const auto archived = entry.manifest ? std::nullopt : file.archived_database();
    return archived ? *archived : entry.database().value_or("");
}

pg::DropScope choose_scope(const RestoreRequest& request,
                           const std::optional<store::Manifest>& manifest,
                           const pg::DumpSummary& restored) {
    if (request.jobs > 0 && request.clean != Clean::nothing) {
        return pg::DropScope::everything; // another database replaces it
    }
    switch (request.clean) {
    case Clean::nothing:
        return pg::DropScope::nothing;
    case Clean::everything:
        return pg::DropScope::everything;
    case Clean::dumped:
        break;
    }
    const bool of_tables =
        (!request.tables.empty() && request.schemas.empty()) || restored.holds_rows_alone() ||
        (manifest && std::ranges::any_of(manifest->dump.options, pg::is_table_filter));
    if (of_tables) {
        return pg::DropScope::dumped_objects;
    }
    return request.schemas.empty() ? pg::DropScope::dumped_schemas : pg::DropScope::chosen_schemas;
}

bool is_partial(const std::optional<store::Manifest>& manifest) {
    return manifest && std::ranges::any_of(manifest->dump.options, pg::is_filter);
}

RestorePlan make_plan(const RestoreRequest& request, const store::DumpEntry& entry,
                      const DumpFile& file, const DumpPass& pass, const pg::DumpSummary& restored,
                      const TargetServer& server, const pg::TargetSurvey& survey,
                      base::UtcTime now) {
    const bool holds_something = !survey.empty || !survey.changes.empty();
    const bool replaces = holds_something && (!survey.goes.empty() || !survey.changes.empty() ||
                                              restored.holds_rows_alone());
    const auto taken_at = entry.started_at();
    RestorePlan plan{
        .dump_path = file.path(),
        .dump_database = name_dumped_database(entry, file),
        .dump_host = entry.manifest ? entry.manifest->database.host : "",
        .dump_port = entry.manifest ? entry.manifest->database.port : 0,
        .dump_taken_at = taken_at,
        .dump_age = taken_at
                        ? std::optional{std::chrono::floor<std::chrono::seconds>(now - *taken_at)}
                        : std::nullopt,
        .has_manifest = entry.manifest.has_value(),
        .dump_size = pass.size,
        .dump_rows = restored.rows(),
        .sql_size = pass.sql_bytes,
        .host = server.info().host,
        .port = server.info().port,
        .database = request.connection.database,
        .server_version = server.info().version,
        .target_exists = server.target_exists(),
        .target_empty = survey.empty,
        .target_size = server.target_exists() ? server.info().database_size : 0,
        .part = {},
        .other_database = {},
        .clean = request.clean,
        .jobs = request.jobs,
        .safety_dump = request.safety_dump == SafetyDump::take && request.jobs == 0 && replaces,
        .asks = holds_something,
        .replaces = replaces,
        .tables = table_changes(restored, survey),
        .goes = survey.goes,
        .stays = request.jobs > 0 ? std::vector<std::string>{} : survey.stays,
        .stays_in_short = request.jobs > 0 ? std::vector<std::string>{} : survey.stays_in_short,
        .changes = survey.changes,
        .not_brought_back = {},
        .left_alone = request.jobs > 0 ? std::vector<std::string>{} : texts_of(survey.left_alone),
        .warnings = {}};
    plan.other_database = find_other_database(plan);
    if (!plan.has_manifest) {
        plan.warnings.push_back("the dump has no manifest: it is complete, but cannot be checked "
                                "against what was dumped");
        if (request.clean == Clean::dumped && plan.tables_vanishing() > 0) {
            plan.warnings.push_back(
                "it is also unknown whether it is a dump of single tables (pg_dump -t): the other "
                "tables of its schemas will be dropped");
        } else if (request.clean == Clean::everything && plan.replaces) {
            plan.warnings.push_back(
                "it is also unknown whether it is a part of its database (pg_dump -t, -n): "
                "everything else in the target will be dropped");
        }
    }
    if (request.clean == Clean::everything && entry.manifest && is_partial(entry.manifest)) {
        plan.warnings.push_back(
            "the dump is a part of its database, and --exact drops everything else in the target");
    }
    if (const auto damage = entry.manifest ? entry.manifest->found_damaged() : std::nullopt) {
        plan.warnings.push_back(fmt::format("verify found the dump damaged at {}: {}",
                                            base::format_utc(damage->at),
                                            base::printable_line(damage->result)));
    }
    if (entry.manifest && !entry.manifest->dump.warnings.empty()) {
        plan.warnings.push_back("pg_dump warned when the dump was taken: " +
                                base::printable_line(entry.manifest->dump.warnings.front()));
    }
    return plan;
}

} // namespace dbbackup::ops
