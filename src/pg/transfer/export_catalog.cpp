#include "pg/compare/live_queries.hpp"
#include "pg/compare/migration_table.hpp"
#include "pg/connect/answered_number.hpp"
#include "pg/sql/sql_text.hpp"

#include <dbbackup/pg/export_catalog.hpp>

#include <algorithm>
#include <fmt/format.h>

namespace dbbackup::pg {

namespace {

/// Partitions of partitions too. One of them may be a foreign table.
constexpr const char* k_ancestors =
    "select c.oid, n.nspname, a.relname from pg_catalog.pg_class c "
    "cross join lateral pg_catalog.pg_partition_ancestors(c.oid) with ordinality p (relid, i) "
    "join pg_catalog.pg_class a on a.oid = p.relid "
    "join pg_catalog.pg_namespace n on n.oid = a.relnamespace "
    "where c.relispartition and a.oid <> c.oid order by c.oid, p.i";

constexpr const char* k_foreign_keys =
    "select k.oid, k.conname, cn.nspname, c.relname, c.relkind = 'p', pn.nspname, p.relname, "
    "p.relkind = 'p', ca.attname, pa.attname, opn.nspname, o.oprname "
    "from pg_catalog.pg_constraint k "
    "join pg_catalog.pg_class c on c.oid = k.conrelid "
    "join pg_catalog.pg_namespace cn on cn.oid = c.relnamespace "
    "join pg_catalog.pg_class p on p.oid = k.confrelid "
    "join pg_catalog.pg_namespace pn on pn.oid = p.relnamespace "
    "cross join lateral rows from (pg_catalog.unnest(k.conkey), pg_catalog.unnest(k.confkey), "
    "pg_catalog.unnest(k.conpfeqop)) with ordinality u (child, parent, op, i) "
    "join pg_catalog.pg_attribute ca on ca.attrelid = c.oid and ca.attnum = u.child "
    "join pg_catalog.pg_attribute pa on pa.attrelid = p.oid and pa.attnum = u.parent "
    "join pg_catalog.pg_operator o on o.oid = u.op "
    "join pg_catalog.pg_namespace opn on opn.oid = o.oprnamespace "
    "where k.contype = 'f' and k.conparentid = 0 order by 3, 4, 2, k.oid, u.i";

std::uint32_t answered_oid(const std::string& text) {
    return static_cast<std::uint32_t>(answered_number(text));
}

} // namespace

std::vector<CatalogTable> read_catalog_tables(Session& session) {
    std::vector<CatalogTable> tables;
    for (const Session::Row& row : session.query(
             fmt::format("select c.oid, n.nspname, c.relname, c.relkind = 'p', c.relkind = 'f', "
                         "pg_catalog.row_security_active(c.oid) {} "
                         "and c.relkind in ('r', 'p', 'f') order by 2, 3",
                         k_users_relations))) {
        tables.push_back({.oid = answered_oid(row[0]),
                          .table = {row[1], row[2]},
                          .is_partitioned = row[3] == "t",
                          .is_foreign = row[4] == "t",
                          .hides_rows = row[5] == "t"});
    }
    std::map<std::uint32_t, std::vector<RelationName>> ancestors;
    for (const Session::Row& row : session.query(k_ancestors)) {
        ancestors[answered_oid(row[0])].push_back({row[1], row[2]});
    }
    for (CatalogTable& table : tables) {
        table.ancestors = ancestors[table.oid];
    }
    std::ranges::sort(tables, {}, &CatalogTable::table); // not in the order of its collation
    return tables;
}

std::vector<RelationName> find_migration_tables(Session& session,
                                                const std::vector<CatalogTable>& tables) {
    const std::vector<std::string> names = migration_table_names();
    std::vector<RelationName> found;
    for (const CatalogTable& table : tables) {
        const bool is_one = std::ranges::find(names, table.table.name) != names.end() &&
                            !table.is_partitioned && !table.is_foreign && !table.hides_rows;
        if (is_one && session.query("select pg_catalog.has_table_privilege($1::pg_catalog.oid, "
                                    "'select') and pg_catalog.has_schema_privilege($2, 'usage')",
                                    {std::to_string(table.oid), table.table.schema})
                              .at(0)
                              .at(0) == "t") {
            found.push_back(table.table);
        }
    }
    return found;
}

std::string read_time_zone(Session& session) {
    return session.query("select pg_catalog.current_setting('TimeZone')").at(0).at(0);
}

std::vector<LiveForeignKey> read_foreign_keys(Session& session) {
    std::vector<LiveForeignKey> keys;
    std::string last_oid;
    for (const Session::Row& row : session.query(k_foreign_keys)) {
        if (row[0] != last_oid) {
            last_oid = row[0];
            keys.push_back({.name = row[1],
                            .child = {row[2], row[3]},
                            .parent = {row[5], row[6]},
                            .child_is_partitioned = row[4] == "t",
                            .parent_is_partitioned = row[7] == "t",
                            .columns = {}});
        }
        keys.back().columns.push_back(
            {.child_column = row[8],
             .parent_column = row[9],
             .equality = fmt::format("operator({}.{})", quote_identifier(row[10]), row[11])});
    }
    return keys;
}

std::vector<std::vector<std::string>> read_unique_columns(Session& session,
                                                          const RelationName& table) {
    std::vector<std::vector<std::string>> indexes;
    std::string last_oid;
    for (const Session::Row& row : session.query(
             "select i.indexrelid, a.attname from pg_catalog.pg_index i "
             "cross join lateral pg_catalog.unnest(i.indkey) with ordinality u (num, i) "
             "join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = u.num "
             "where i.indrelid = pg_catalog.to_regclass($1) and i.indisunique and i.indisvalid "
             "and i.indpred is null and i.indexprs is null and u.i <= i.indnkeyatts order by 1, 2",
             {quoted(table)})) {
        if (row[0] != last_oid) {
            last_oid = row[0];
            indexes.emplace_back();
        }
        indexes.back().push_back(row[1]);
    }
    return indexes;
}

std::vector<std::string> read_nullable_columns(Session& session, const RelationName& table) {
    std::vector<std::string> columns;
    for (const Session::Row& row :
         session.query("select attname from pg_catalog.pg_attribute where attrelid = "
                       "pg_catalog.to_regclass($1) and attnum > 0 and not attisdropped and "
                       "not attnotnull order by attnum",
                       {quoted(table)})) {
        columns.push_back(row[0]);
    }
    return columns;
}

bool has_large_objects(Session& session) {
    return !session.query("select from pg_catalog.pg_largeobject_metadata limit 1").empty();
}

} // namespace dbbackup::pg
