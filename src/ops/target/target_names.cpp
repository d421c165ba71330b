#include "ops/target/target_names.hpp"

namespace dbbackup::ops {

TargetNames read_target_names(pg::Session& session) {
    TargetNames names;
    for (const auto& row : session.query("select n.nspname from pg_catalog.pg_namespace n")) {
        names.schemas.insert(row[0]);
    }
    for (const auto& row : session.query(
             "select n.nspname, c.relname, c.relkind = 'S', "
             "coalesce(tn.nspname, ''), coalesce(t.relname, '') "
             "from pg_catalog.pg_class c "
             "join pg_catalog.pg_namespace n on n.oid = c.relnamespace "
             "left join pg_catalog.pg_depend d "
             "on c.relkind = 'S' and d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass "
             "and d.objid = c.oid and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass "
             "and d.refobjsubid > 0 and d.deptype in ('a', 'i') "
             "left join pg_catalog.pg_class t on t.oid = d.refobjid "
             "left join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace "
             "where c.relkind in ('r', 'p', 'f', 'v', 'm', 'S')")) {
        const pg::RelationName name{row[0], row[1]};
        names.relations.insert(name);
        if (row[2] == "t") {
            names.sequence_owners[name] =
                row[4].empty() ? std::nullopt : std::optional{pg::RelationName{row[3], row[4]}};
        }
    }
    for (const auto& row :
         session.query("select e.extname, n.nspname from pg_catalog.pg_extension e "
                       "join pg_catalog.pg_namespace n on n.oid = e.extnamespace")) {
        names.extension_schemas[row[0]] = row[1];
    }
    return names;
}

} // namespace dbbackup::ops
