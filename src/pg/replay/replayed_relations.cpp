#include "pg/replay/replayed_relations.hpp"

#include "pg/inventory/created_object.hpp"
#include "pg/inventory/set_sequence.hpp"
#include "pg/inventory/table_subject.hpp"
#include "pg/sql/statement_facts.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <fmt/format.h>
#include <utility>

namespace dbbackup::pg {

namespace {

/// For pg_class as c: schema $1 and name $2. A join would read every relation of that name, which
/// takes long if each of thousands of schemas has one.
constexpr std::string_view k_named_relation =
    "c.relname = $2 and c.relnamespace = "
    "(select n.oid from pg_catalog.pg_namespace n where n.nspname = $1)";

} // namespace

void ReplayedRelations::remember_created(const ScriptStatement& statement) {
    if (const auto table = find_created_table(statement.head)) {
        new_.insert(statement.qualified(*table));
    } else if (const auto object = find_created_object(statement);
               object && object->kind == "sequence") {
        new_.insert({object->schema, object->name});
    } else if (const auto part = find_table_part(statement);
               part && part->kind == "sequence" &&
               new_.contains({part->table_schema, part->table})) {
        new_.insert({part->schema, part->name});
    }
}

/// A rollback undoes a setval only if the sequence gets a new file first.
void ReplayedRelations::make_setval_undoable(const ScriptStatement& statement) {
    const auto sequence = find_set_sequence(statement);
    if (!sequence || new_.contains(*sequence)) {
        return;
    }
    for (const auto& row : session_.query(
             fmt::format(
                 "select pg_catalog.format('alter sequence %I.%I restart', $1::pg_catalog.name, "
                 "c.relname) from pg_catalog.pg_class c where {} and c.relkind = 'S' "
                 "and pg_catalog.pg_has_role(c.relowner, 'usage')",
                 k_named_relation),
             {sequence->schema, sequence->name})) {
        session_.execute(row.at(0));
    }
    new_.insert(*sequence);
}

/// Rows go only into tables: through a view they could reach anything, the system's own tables
/// included. Checked once for each run of INSERTs: only another kind of statement can change it.
void ReplayedRelations::require_user_table(const ScriptStatement& statement,
                                           std::string_view what) {
    const auto inserted = find_inserted_rows(statement.head);
    const auto written =
        inserted ? std::optional{inserted->table} : find_copied_table(statement.head);
    const auto table = statement.qualified(written);
    const auto before = std::exchange(filled_, table); // also if it fills none
    if (!table || table == before) {
        return;
    }
    const auto kinds = session_.query(
        fmt::format(
            "select c.relkind in ('r', 'p', 'f') "
            "and $1::pg_catalog.name !~ '^(pg_|information_schema$)' from pg_catalog.pg_class c "
            "where {}",
            k_named_relation),
        {table->schema, table->name});
    // If a qualified name does not exist, the server says so; an unqualified one it may find
    // elsewhere.
    const bool is_table = kinds.empty() ? !written->schema.empty() : kinds.front().at(0) == "t";
    if (!is_table) {
        throw base::Error{
            base::ErrorKind::damaged,
            fmt::format(
                "the dump is not safe to run: {} puts rows into something other than a user table",
                what),
            "Use a dump that dbbackup or pg_dump made, unchanged."};
    }
}

/// The target's own triggers would silently change the rows, or others.
void ReplayedRelations::require_no_triggers(const QualifiedName& table) {
    if (new_.contains(table)) {
        return; // its triggers are the dump's own
    }
    const auto triggers = session_.query(
        fmt::format("select t.tgname from pg_catalog.pg_class c "
                    "join pg_catalog.pg_trigger t on t.tgrelid = c.oid "
                    "where {} and not t.tgisinternal and t.tgenabled <> 'D' "
                    // An extension's own triggers fire wherever its rows are restored.
                    "and not exists (select from pg_catalog.pg_depend d "
                    "where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass "
                    "and d.objid = c.oid and d.deptype = 'e') "
                    "order by 1",
                    k_named_relation),
        {table.schema, table.name});
    if (!triggers.empty()) {
        throw base::Error{
            base::ErrorKind::refused,
            fmt::format("table {}.{} has a trigger that would fire on the dump's rows: {}",
                        base::printable(table.schema), base::printable(table.name),
                        base::printable(triggers.front().at(0))),
            "Nothing was changed. Disable it first (ALTER TABLE … DISABLE TRIGGER USER), or take "
            "the dump with: dbbackup dump -a -- --disable-triggers"};
    }
}

} // namespace dbbackup::pg
