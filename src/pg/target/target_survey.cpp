#include "pg/connect/answered_number.hpp"
#include "pg/connect/bare_search_path.hpp"
#include "pg/sql/sql_text.hpp"
#include "pg/target/changed_traits.hpp"
#include "pg/target/column_changes.hpp"
#include "pg/target/conflicts.hpp"
#include "pg/target/dependents.hpp"
#include "pg/target/drop_statements.hpp"
#include "pg/target/first_column.hpp"
#include "pg/target/objections.hpp"
#include "pg/target/target_fates.hpp"
#include "pg/target/target_summary.hpp"

#include <dbbackup/pg/drop_plan.hpp>
#include <dbbackup/pg/sqlstates.hpp>
#include <dbbackup/pg/target.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <string_view>

namespace dbbackup::pg {

namespace {

/// How many tables are counted in one query.
constexpr std::size_t k_tables_at_once = 100;

/// Extensions' tables only if the dump has rows for them; otherwise the extension handles them.
std::vector<const TargetObject*> tables_of_interest(const TargetObjects& target,
                                                    const DumpContents& contents) {
    std::set<std::pair<std::string, std::string>> filled;
    for (const ScannedTable& table : contents.tables) {
        if (table.has_data) {
            filled.emplace(table.schema, table.name);
        }
    }
    std::vector<const TargetObject*> tables;
    for (const TargetObject& object : target.objects) {
        if (object.relation_kind == 'r' &&
            (object.extension.empty() || filled.count({object.id.schema, object.id.name}) > 0)) {
            tables.push_back(&object);
        }
    }
    return tables;
}

/// Counts those from `begin` to before `end`.
void count_some(Session& session, const std::vector<const TargetObject*>& objects,
                std::vector<TargetTable>& tables, std::size_t begin, std::size_t end) {
    std::string sql;
    for (std::size_t at = begin; at < end; ++at) {
        if (tables.at(at).counted) {
            sql += fmt::format("{}select {}, pg_catalog.count(*) from only {}",
                               sql.empty() ? "" : " union all ", at, objects[at]->sql);
        }
    }
    if (!sql.empty()) {
        for (const Session::Row& row : session.query(sql)) {
            tables.at(answered_number(row[0])).rows = answered_number(row[1]);
        }
    }
}

void count_rows(Session& session, const std::vector<const TargetObject*>& objects,
                std::vector<TargetTable>& tables, LockedTables locked) {
    std::size_t at_once = k_tables_at_once;
    for (std::size_t begin = 0; begin < objects.size();) {
        const std::size_t end = std::min(begin + at_once, objects.size());
        try {
            count_some(session, objects, tables, begin, end);
            begin = end;
        } catch (const ServerError& error) {
            if (locked == LockedTables::fail || error.sqlstate() != k_lock_not_available) {
                throw;
            }
            if (at_once == 1) {
                tables.at(begin++).counted = false;
            }
            at_once = 1;
        }
    }
}

/// Tables that stay are not counted: that may take long, and wait for locks.
std::vector<TargetTable> list_tables(const std::vector<const TargetObject*>& objects) {
    std::vector<TargetTable> tables;
    for (const TargetObject* object : objects) {
        const bool goes = object->fate != Fate::stays;
        const bool matters = goes || object->gets_loose_rows;
        tables.push_back(
            {object->id.schema, object->id.name, 0, matters && object->is_readable, goes});
    }
    return tables;
}

std::vector<TargetTable> survey_tables(Session& session, const TargetObjects& target,
                                       const DumpSummary& dump, LockedTables locked) {
    const auto objects = tables_of_interest(target, dump.contents);
    std::vector<TargetTable> tables = list_tables(objects);
    compare_columns(session, objects, dump.inventory, tables);
    count_rows(session, objects, tables, locked);
    std::sort(tables.begin(), tables.end(), [](const TargetTable& a, const TargetTable& b) {
        return std::tie(a.schema, a.name) < std::tie(b.schema, b.name);
    });
    return tables;
}

std::vector<std::string> find_missing_roles(Session& session, const DumpInventory& inventory) {
    return first_column(
        session.query("select w.name from pg_catalog.unnest($1::pg_catalog.text[]) w (name) "
                      "where not exists (select from pg_catalog.pg_roles r "
                      "where r.rolname = w.name)",
                      {array_parameter(inventory.roles)}));
}

std::vector<std::string> find_missing_extensions(Session& session, const DumpInventory& inventory) {
    std::vector<std::string> names;
    for (const DumpedExtension& extension : inventory.extensions) {
        names.push_back(extension.name);
    }
    return first_column(
        session.query("select w.name from pg_catalog.unnest($1::pg_catalog.text[]) w (name) "
                      "where not exists (select from pg_catalog.pg_available_extensions e "
                      "where e.name = w.name)",
                      {array_parameter(names)}));
}

std::vector<LeftAlone> list_left_alone(const TargetFates& fates) {
    std::vector<LeftAlone> list;
    for (const TargetObject& object : fates.target.objects) {
        if (object.is_left_alone) {
            list.push_back({object.id, object.other_owner});
        }
    }
    return list;
}

/// If it is missing, it must be made even if nothing is dropped: pg_dump assumes that it exists.
bool has_public(Session& session) {
    return !session.query("select from pg_catalog.pg_namespace where nspname = 'public'").empty();
}

} // namespace

TargetSurvey survey_target(Session& session, const DumpSummary& dump, DropScope scope,
                           LockedTables locked) {
    const DumpInventory& inventory = dump.inventory;
    const BareSearchPath bare{session};
    const TargetFates fates = decide_fates(read_target_objects(session), dump, scope);
    TargetSurvey survey;
    survey.empty = holds_nothing(fates.target);
    survey.tables = survey_tables(session, fates.target, dump, locked);
    survey.conflicts = find_conflicts(fates, inventory, survey.tables);
    if (scope == DropScope::dumped_objects) {
        // Restoring into a schema that stays does not create that schema.
        std::erase_if(survey.conflicts,
                      [](const DumpObject& object) { return object.kind == "schema"; });
    }
    survey.missing_roles = find_missing_roles(session, inventory);
    survey.missing_extensions = find_missing_extensions(session, inventory);
    survey.changes = find_changes(session, fates, inventory, scope);
    survey.keeps_public = fates.target.keeps_public;
    survey.clears_public = fates.clears_public;
    survey.left_alone = list_left_alone(fates);
    survey.objections = find_objections(session, fates, inventory);
    survey.stays = list_what_stays(fates, ListLength::whole);
    survey.stays_in_short = list_what_stays(fates, ListLength::shortened);
    if (scope != DropScope::nothing) {
        survey.goes = list_what_goes(fates);
        survey.locks_to_drop = count_drop_locks(fates);
        survey.dependents = find_dependents(session, fates);
        survey.drop_statements = write_drop_statements(session, fates);
    }
    return survey;
}

DropPlan plan_drops(Session& session, const DumpSummary& dump, DropScope scope) {
    const auto& [contents, inventory] = dump;
    if (scope == DropScope::nothing && has_public(session) && !may_change_traits(inventory)) {
        return {};
    }
    const BareSearchPath bare{session};
    const TargetFates fates = decide_fates(read_target_objects(session), dump, scope);
    std::vector<TargetTable> tables = list_tables(tables_of_interest(fates.target, contents));
    std::erase_if(tables, [](const TargetTable& table) { return !table.goes; });
    return {.dependents = find_dependents(session, fates),
            .statements = write_drop_statements(session, fates),
            .tables = std::move(tables),
            .changes = find_changes(session, fates, inventory, scope),
            .target_empty = holds_nothing(fates.target),
            .keeps_public = fates.target.keeps_public,
            .left_alone = list_left_alone(fates),
            .objections = find_objections(session, fates, inventory)};
}

} // namespace dbbackup::pg
