#include "pg/compare/live_contents.hpp"
#include "pg/compare/live_queries.hpp"
#include "pg/connect/answered_number.hpp"
#include "pg/sql/sql_text.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/pg/live_state.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <utility>

namespace dbbackup::pg {

namespace {

constexpr const char* k_begin = "begin isolation level repeatable read, read only";
constexpr std::string_view k_undefined_table = "42P01";

/// By the tables' OIDs.
using TablesByOid = std::map<std::string, LiveTable>;

TablesByOid read_tables(Session& session) {
    TablesByOid tables;
    for (const Session::Row& row : session.query(
             fmt::format("select c.oid, n.nspname, c.relname, c.relkind <> 'r', c.relpages "
                         "+ coalesce((select t.relpages from pg_catalog.pg_class t where "
                         "t.oid = c.reltoastrelid), 0), x.extcondition[pg_catalog."
                         "array_position(x.extconfig, c.oid)], c.relkind = 'f' {} and c.relkind in "
                         "('r', 'p', 'f')",
                         k_users_relations))) {
        LiveTable& table = tables[row[0]];
        table.state.table = {row[1], row[2]};
        table.state.is_elsewhere = row[3] == "t";
        table.pages = answered_number(row[4]);
        table.condition = row[5];
        table.is_foreign = row[6] == "t";
    }
    return tables;
}

std::vector<std::string> oids_of(const TablesByOid& tables) {
    std::vector<std::string> oids;
    for (const auto& [oid, table] : tables) {
        oids.push_back(oid);
    }
    return oids;
}

void read_columns(Session& session, int version, TablesByOid& tables) {
    const bool has_generated = major_version(version) >= 12;
    for (const Session::Row& row :
         session.query(fmt::format("select a.attrelid, a.attname, "
                                   "pg_catalog.format_type(a.atttypid, a.atttypmod), {} "
                                   "from pg_catalog.pg_attribute a "
                                   "where a.attrelid = any ($1::pg_catalog.oid[]) and a.attnum > 0 "
                                   "and not a.attisdropped order by 1, 4, a.attnum",
                                   has_generated ? "a.attgenerated <> ''" : "false"),
                       {array_parameter(oids_of(tables))})) {
        tables.at(row[0]).state.columns.push_back({row[1], row[2], row[3] == "t"});
    }
}

void read_keys(Session& session, TablesByOid& tables) {
    for (const Session::Row& row : session.query(
             "select k.conrelid, a.attname from pg_catalog.pg_constraint k "
             "cross join lateral pg_catalog.unnest(k.conkey) with ordinality u (num, i) "
             "join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num "
             "where k.contype = 'p' and k.conrelid = any ($1::pg_catalog.oid[]) "
             "order by k.conrelid, u.i",
             {array_parameter(oids_of(tables))})) {
        tables.at(row[0]).state.key.push_back(row[1]);
    }
}

/// Constraints or indexes, by `sql`, whose rows are an OID of a table and a name.
std::vector<StatePart> read_parts(Session& session, const TablesByOid& tables,
                                  const std::string& sql) {
    std::vector<StatePart> parts;
    for (const Session::Row& row : session.query(sql, {array_parameter(oids_of(tables))})) {
        parts.push_back({tables.at(row[0]).state.table, row[1]});
    }
    std::ranges::sort(parts);
    return parts;
}

/// How often to begin anew if tables come and go before they are locked.
constexpr int k_most_attempts = 10;

TablesByOid read_wanted_tables(Session& session, const RelationFilter& wanted) {
    TablesByOid tables = read_tables(session);
    std::erase_if(tables, [&wanted](const auto& one) { return !wanted(one.second.state.table); });
    return tables;
}

void lock_tables(Session& session, const TablesByOid& tables,
                 std::chrono::milliseconds lock_timeout) {
    session.execute(fmt::format("set local lock_timeout = {}", lock_timeout.count()));
    std::vector<std::string> names;
    for (const auto& [oid, table] : tables) {
        if (!table.is_foreign) { // which cannot be locked
            names.push_back("only " + quoted(table.state.table));
        }
    }
    in_batches(names, [&session](std::span<const std::string> some) {
        session.execute(fmt::format("lock table {} in access share mode", fmt::join(some, ", ")));
    });
    session.execute("set local lock_timeout = 0");
}

bool are_same(const TablesByOid& one, const TablesByOid& other) {
    return std::ranges::equal(one, other, [](const auto& left, const auto& right) {
        return left.first == right.first && left.second.state.table == right.second.state.table;
    });
}

/// Begins the transaction. The tables are locked before its snapshot is taken (by the first
/// question in it): else a table that another session truncates or alters meanwhile would be read
/// as it never was.
TablesByOid lock_wanted_tables(Session& session, const RelationFilter& wanted,
                               std::chrono::milliseconds lock_timeout) {
    for (int attempt = 1;; ++attempt) {
        const TablesByOid found = read_wanted_tables(session, wanted);
        session.execute(k_begin);
        try {
            lock_tables(session, found, lock_timeout);
            TablesByOid locked = read_wanted_tables(session, wanted);
            if (are_same(found, locked)) {
                return locked;
            }
        } catch (const ServerError& error) {
            if (error.sqlstate() != k_undefined_table || attempt == k_most_attempts) {
                throw;
            }
        }
        session.execute("rollback");
        if (attempt == k_most_attempts) {
            throw base::Error{base::ErrorKind::failed,
                              "tables are created and dropped faster than they can be locked",
                              "Try again when less is going on, or choose tables with -t."};
        }
    }
}

} // namespace

void prepare_reading(Session& session, const std::string& encoding) {
    write_rows_as_dumped(session, encoding);
    // As pg_dump does: it may take long, and one session may wait for the others.
    for (const char* timeout : {"statement_timeout", "idle_in_transaction_session_timeout",
                                "transaction_timeout"}) { // since 17
        (void)session.query("select pg_catalog.set_config(name, '0', false) "
                            "from pg_catalog.pg_settings where name = $1",
                            {timeout});
    }
}

void join_snapshot(Session& session, const std::string& snapshot) {
    session.execute(k_begin);
    session.execute(fmt::format("set transaction snapshot '{}'", snapshot));
}

std::string export_snapshot(Session& session) {
    return session.query("select pg_catalog.pg_export_snapshot()").at(0).at(0);
}

LiveState read_live_state(Session& session, int server_version_number, const RelationFilter& wanted,
                          std::chrono::milliseconds lock_timeout) {
    TablesByOid tables = lock_wanted_tables(session, wanted, lock_timeout);
    read_columns(session, server_version_number, tables);
    read_keys(session, tables);
    LiveState state;
    state.not_validated = read_parts(
        session, tables,
        // PostgreSQL 18's NOT ENFORCED constraints are never validated. Older catalogs
        // lack the column.
        "select k.conrelid, k.conname from pg_catalog.pg_constraint k "
        "where not k.convalidated and "
        "coalesce((pg_catalog.to_jsonb(k) ->> 'conenforced')::bool, true) and "
        "k.conislocal and k.conparentid = 0 and k.conrelid = any ($1::pg_catalog.oid[])");
    state.invalid_indexes = read_parts(session, tables,
                                       "select i.indrelid, c.relname from pg_catalog.pg_index i "
                                       "join pg_catalog.pg_class c on c.oid = i.indexrelid "
                                       "where not i.indisvalid and c.relkind = 'i' "
                                       "and i.indrelid = any ($1::pg_catalog.oid[])");
    state.sequences = read_sequences(session, wanted);
    for (auto& [oid, table] : tables) {
        state.tables.push_back(std::move(table));
    }
    std::ranges::sort(state.tables, {}, [](const LiveTable& one) { return one.state.table; });
    state.migrations = read_migrations(session, state.tables);
    return state;
}

std::string copy_statement(const LiveTable& table, const std::vector<std::string>& columns) {
    std::vector<std::string> names;
    for (const std::string& column : columns) {
        names.push_back(quote_identifier(column));
    }
    const std::string relation = quoted(table.state.table);
    const std::string list = fmt::format("{}", fmt::join(names, ", "));
    if (!table.state.is_elsewhere && table.condition.empty()) {
        return fmt::format("copy {}{} to stdout", relation,
                           list.empty() ? list : " (" + list + ")");
    }
    return fmt::format("copy (select {} from {}{} {}) to stdout", list,
                       table.state.is_elsewhere ? "" : "only ", relation, table.condition);
}

std::vector<RelationName> find_partitions(Session& session, const RelationName& table) {
    std::vector<RelationName> partitions;
    for (const Session::Row& row : session.query(
             "select n.nspname, c.relname from pg_catalog.pg_partition_tree($1::pg_catalog."
             "regclass) p join pg_catalog.pg_class c on c.oid = p.relid join "
             "pg_catalog.pg_namespace n on n.oid = c.relnamespace where p.isleaf and p.level > 0 "
             "order by 1, 2",
             {quoted(table)})) {
        partitions.push_back({row[0], row[1]});
    }
    return partitions;
}

std::uint64_t count_rows(Session& session, const LiveTable& table) {
    return answered_number(session
                               .query(fmt::format("select pg_catalog.count(*) from {}{} {}",
                                                  table.state.is_elsewhere ? "" : "only ",
                                                  quoted(table.state.table), table.condition))
                               .at(0)
                               .at(0));
}

} // namespace dbbackup::pg
