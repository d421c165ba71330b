#include "pg/compare/migration_table.hpp"
#include "pg/sql/sql_text.hpp"

#include <dbbackup/pg/live_state.hpp>
#include <dbbackup/pg/state_differences.hpp>

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <iterator>
#include <map>
#include <span>
#include <utility>

namespace dbbackup::pg {

namespace {

/// How many tables or sequences one statement names.
constexpr std::size_t k_batch = 500;

/// Tables and sequences that pg_dump dumps: not those of PostgreSQL, of other sessions, or of
/// extensions, except an extension's table that it declares to hold the user's rows. Before it come
/// the columns, after it more conditions.
constexpr const char* k_users_relations =
    " from pg_catalog.pg_class c "
    "join pg_catalog.pg_namespace n on n.oid = c.relnamespace "
    "left join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass "
    "and d.objid = c.oid and d.objsubid = 0 and d.deptype = 'e' "
    "left join pg_catalog.pg_extension x on x.oid = d.refobjid "
    "where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' "
    "and c.relpersistence <> 't' and (d.objid is null or c.oid = any (x.extconfig)) ";

std::uint64_t to_number(const std::string& text) {
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::string quoted(const RelationName& name) {
    return quote_identifier(name.schema) + "." + quote_identifier(name.name);
}

/// By the tables' OIDs.
using TablesByOid = std::map<std::string, LiveTable>;

TablesByOid read_tables(Session& session) {
    TablesByOid tables;
    for (const Session::Row& row : session.query(
             fmt::format("select c.oid, n.nspname, c.relname, c.relkind = 'p', c.relpages "
                         "+ coalesce((select t.relpages from pg_catalog.pg_class t where "
                         "t.oid = c.reltoastrelid), 0), x.extcondition[pg_catalog."
                         "array_position(x.extconfig, c.oid)] {} and c.relkind in ('r', "
                         "'p')",
                         k_users_relations))) {
        LiveTable& table = tables[row[0]];
        table.state.table = {row[1], row[2]};
        table.state.is_partitioned = row[3] == "t";
        table.pages = to_number(row[4]);
        table.condition = row[5];
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

/// Calls `use` with a few of `items` at a time.
template <typename Item, typename Use>
void in_batches(const std::vector<Item>& items, Use use) {
    for (std::size_t i = 0; i < items.size(); i += k_batch) {
        use(std::span{items}.subspan(i, std::min(k_batch, items.size() - i)));
    }
}

std::vector<SequenceState> read_sequences(Session& session) {
    std::vector<SequenceState> sequences;
    for (const Session::Row& row :
         session.query(fmt::format("select n.nspname, c.relname {} and c.relkind = 'S' order by "
                                   "1, 2",
                                   k_users_relations))) {
        sequences.push_back({.schema = row[0], .name = row[1], .value = {}, .is_called = {}});
    }
    std::vector<Session::Row> values;
    in_batches(sequences, [&](std::span<const SequenceState> some) {
        std::vector<std::string> questions;
        for (std::size_t i = 0; i < some.size(); ++i) {
            questions.push_back(fmt::format("select {}, last_value, is_called from {}", i,
                                            quoted({some[i].schema, some[i].name})));
        }
        auto rows =
            session.query(fmt::format("{} order by 1", fmt::join(questions, " union all ")));
        std::ranges::move(rows, std::back_inserter(values));
    });
    for (std::size_t i = 0; i < sequences.size(); ++i) {
        sequences[i].value = values.at(i).at(1);
        sequences[i].is_called = values[i].at(2) == "t" ? "true" : "false";
    }
    return sequences;
}

/// Rows arrive one by one.
class MigrationReader : public stream::Observer {
public:
    explicit MigrationReader(MigrationTable table) : table_(std::move(table)) {}

    void observe(base::Bytes bytes) override {
        std::string_view row = base::as_text(bytes);
        row.remove_suffix(row.ends_with('\n') ? 1 : 0);
        table_.take(row);
    }

    [[nodiscard]] std::optional<MigrationState> state() const { return table_.state(); }

private:
    MigrationTable table_;
};

std::vector<MigrationState> read_migrations(Session& session,
                                            const std::vector<LiveTable>& tables) {
    std::vector<MigrationState> migrations;
    for (const LiveTable& table : tables) {
        const auto columns = copied_columns(table.state);
        auto recognized = MigrationTable::recognize(table.state.table, columns);
        if (!recognized) {
            continue;
        }
        MigrationReader reader{std::move(*recognized)};
        (void)session.read_rows(copy_statement(table, columns), reader);
        if (auto read = reader.state()) {
            migrations.push_back(std::move(*read));
        }
    }
    return migrations;
}

void lock_tables(Session& session, const TablesByOid& tables,
                 std::chrono::milliseconds lock_timeout) {
    session.execute(fmt::format("set local lock_timeout = {}", lock_timeout.count()));
    std::vector<std::string> names;
    for (const auto& [oid, table] : tables) {
        names.push_back("only " + quoted(table.state.table));
    }
    in_batches(names, [&session](std::span<const std::string> some) {
        session.execute(fmt::format("lock table {} in access share mode", fmt::join(some, ", ")));
    });
    session.execute("set local lock_timeout = 0");
}

} // namespace

void begin_reading(Session& session, const std::string& encoding, const std::string& snapshot) {
    write_rows_as_dumped(session, encoding);
    session.execute("begin isolation level repeatable read, read only");
    if (!snapshot.empty()) {
        session.execute(fmt::format("set transaction snapshot '{}'", snapshot));
    }
    // As pg_dump does: it may take long, and one session may wait for the others.
    for (const char* timeout : {"statement_timeout", "idle_in_transaction_session_timeout",
                                "transaction_timeout"}) { // since 17
        (void)session.query("select pg_catalog.set_config(name, '0', true) "
                            "from pg_catalog.pg_settings where name = $1",
                            {timeout});
    }
}

std::string export_snapshot(Session& session) {
    return session.query("select pg_catalog.pg_export_snapshot()").at(0).at(0);
}

LiveState read_live_state(Session& session, int server_version_number,
                          std::chrono::milliseconds lock_timeout) {
    TablesByOid tables = read_tables(session);
    lock_tables(session, tables, lock_timeout);
    read_columns(session, server_version_number, tables);
    read_keys(session, tables);
    LiveState state;
    state.not_validated =
        read_parts(session, tables,
                   // PostgreSQL 18's NOT ENFORCED constraints are never validated. Older catalogs
                   // lack the column.
                   "select k.conrelid, k.conname from pg_catalog.pg_constraint k "
                   "where not k.convalidated and "
                   "coalesce((pg_catalog.to_jsonb(k) ->> 'conenforced')::bool, true) and "
                   "k.conparentid = 0 and k.conrelid = any ($1::pg_catalog.oid[])");
    state.invalid_indexes = read_parts(session, tables,
                                       "select i.indrelid, c.relname from pg_catalog.pg_index i "
                                       "join pg_catalog.pg_class c on c.oid = i.indexrelid "
                                       "where not i.indisvalid and c.relkind = 'i' "
                                       "and i.indrelid = any ($1::pg_catalog.oid[])");
    state.sequences = read_sequences(session);
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
    if (!table.state.is_partitioned && table.condition.empty()) {
        return fmt::format("copy {}{} to stdout", relation,
                           list.empty() ? list : " (" + list + ")");
    }
    return fmt::format("copy (select {} from {}{} {}) to stdout", list,
                       table.state.is_partitioned ? "" : "only ", relation, table.condition);
}

std::uint64_t count_rows(Session& session, const LiveTable& table) {
    return to_number(session
                         .query(fmt::format("select pg_catalog.count(*) from {}{} {}",
                                            table.state.is_partitioned ? "" : "only ",
                                            quoted(table.state.table), table.condition))
                         .at(0)
                         .at(0));
}

} // namespace dbbackup::pg
