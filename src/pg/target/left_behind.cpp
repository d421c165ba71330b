#include "pg/sql/sql_text.hpp"

#include <dbbackup/pg/left_behind.hpp>

#include <set>

namespace dbbackup::pg {

namespace {

bool is_view(const DumpObject& object) {
    return object.kind == "view" || object.kind == "materialized view";
}

/// Those that the target lacks.
std::vector<DumpObject> find_missing(Session& session, const std::vector<DumpObject>& objects) {
    std::vector<std::string> schemas;
    std::vector<std::string> names;
    for (const DumpObject& object : objects) {
        schemas.push_back(object.schema);
        names.push_back(object.name);
    }
    const auto rows = session.query(
        "select w.number - 1 from rows from (pg_catalog.unnest($1::pg_catalog.text[]), "
        "pg_catalog.unnest($2::pg_catalog.text[])) with ordinality w (schema, name, number) "
        "where not exists (select from pg_catalog.pg_class c join pg_catalog.pg_namespace n "
        "on n.oid = c.relnamespace where n.nspname = w.schema and c.relname = w.name) "
        "order by w.number",
        {array_parameter(schemas), array_parameter(names)});
    std::vector<DumpObject> missing;
    for (const Session::Row& row : rows) {
        missing.push_back(objects.at(std::stoul(row.at(0))));
    }
    return missing;
}

/// If the foreign key's table exists, but not the key.
std::vector<std::string> find_missing_keys(Session& session, const std::vector<ForeignKey>& keys) {
    std::vector<std::string> names;
    std::vector<std::string> schemas;
    std::vector<std::string> tables;
    for (const ForeignKey& key : keys) {
        names.push_back(key.name);
        schemas.push_back(key.table.schema);
        tables.push_back(key.table.name);
    }
    const auto rows = session.query(
        "select w.number - 1 from rows from (pg_catalog.unnest($1::pg_catalog.text[]), "
        "pg_catalog.unnest($2::pg_catalog.text[]), pg_catalog.unnest($3::pg_catalog.text[])) "
        "with ordinality w (name, schema, relation, number) "
        "join pg_catalog.pg_namespace n on n.nspname = w.schema "
        "join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = w.relation "
        "where not exists (select from pg_catalog.pg_constraint o where o.conrelid = c.oid "
        "and o.contype = 'f' and o.conname = w.name) order by w.number",
        {array_parameter(names), array_parameter(schemas), array_parameter(tables)});
    std::vector<std::string> missing;
    for (const Session::Row& row : rows) {
        const ForeignKey& key = keys.at(std::stoul(row.at(0)));
        missing.push_back("foreign key " + key.name + " of " + key.table.schema + "." +
                          key.table.name);
    }
    return missing;
}

} // namespace

LeftBehind find_left_behind(Session& session, const DumpInventory& whole,
                            const DumpInventory& chosen) {
    const std::set<DumpObject> restored{chosen.objects.begin(), chosen.objects.end()};
    const auto is_restored = [&restored](const RelationName& table) {
        return restored.contains({"table", table.schema, table.name});
    };
    std::vector<DumpObject> tables;
    std::vector<DumpObject> views;
    for (const DumpObject& object : whole.objects) {
        if (object.kind == "table" && restored.contains(object)) {
            tables.push_back(object);
        } else if (is_view(object) && !restored.contains(object)) {
            views.push_back(object);
        }
    }
    std::vector<ForeignKey> keys;
    for (const ForeignKey& key : whole.foreign_keys) {
        if (is_restored(key.referenced) && !is_restored(key.table)) {
            keys.push_back(key);
        }
    }
    LeftBehind found;
    for (const DumpObject& table : find_missing(session, tables)) {
        found.lost_tables.push_back({table.schema, table.name});
    }
    found.missing = find_missing_keys(session, keys);
    if (!found.lost_tables.empty()) {
        for (const DumpObject& view : find_missing(session, views)) {
            found.missing.push_back(view.kind + " " + view.schema + "." + view.name);
        }
    }
    return found;
}

} // namespace dbbackup::pg
