#include "pg/sql/sql_text.hpp"

#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/find_tables.hpp>

namespace dbbackup::pg {

std::vector<std::string> find_tables(Session& session, const std::vector<ScannedTable>& tables) {
    std::vector<std::string> schemas;
    std::vector<std::string> names;
    for (const ScannedTable& table : tables) {
        schemas.push_back(table.schema);
        names.push_back(table.name);
    }
    std::vector<std::string> found;
    for (const Session::Row& row : session.query(
             "select case when c.oid is not null then pg_catalog.format('%I.%I', n.nspname, "
             "c.relname) end from rows from (pg_catalog.unnest($1::pg_catalog.text[]), "
             "pg_catalog.unnest($2::pg_catalog.text[])) with ordinality d (s, t, i) "
             "left join pg_catalog.pg_namespace n on n.nspname = d.s "
             "left join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = d.t "
             "order by d.i",
             {array_parameter(schemas), array_parameter(names)})) {
        found.push_back(row.at(0));
    }
    return found;
}

std::vector<std::string> find_not_validated(Session& session,
                                            const std::vector<std::string>& schemas) {
    std::vector<std::string> constraints;
    for (const Session::Row& row :
         session.query("select pg_catalog.format('%I on %s', k.conname, case when k.conrelid = 0 "
                       "then k.contypid::pg_catalog.regtype::pg_catalog.text "
                       "else k.conrelid::pg_catalog.regclass::pg_catalog.text end) "
                       "from pg_catalog.pg_constraint k "
                       "join pg_catalog.pg_namespace n on n.oid = k.connamespace "
                       // PostgreSQL 18's NOT ENFORCED constraints are never validated. Older
                       // catalogs lack the column.
                       "where not k.convalidated and "
                       "coalesce((pg_catalog.to_jsonb(k) ->> 'conenforced')::bool, true) and "
                       "n.nspname = any ($1::pg_catalog.name[]) order by 1",
                       {array_parameter(schemas)})) {
        constraints.push_back(base::printable(row.at(0)));
    }
    return constraints;
}

} // namespace dbbackup::pg
