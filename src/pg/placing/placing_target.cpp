#include "pg/connect/answered_number.hpp"
#include "pg/connect/bare_search_path.hpp"
#include "pg/sql/read_sql.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/pg/placing_target.hpp>

#include <algorithm>
#include <fmt/format.h>

namespace dbbackup::pg {

namespace {

/// The user's relations that have rows, or look as if they had. Not the partitions: their rows go
/// through their topmost table.
constexpr const char* k_tables =
    "pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace "
    "where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' "
    "and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition";

/// Each type with the one that is left without domains.
constexpr const char* k_unwrapped =
    "with recursive unwrapped(oid, plain) as ("
    "select t.oid, t.oid from pg_catalog.pg_type t where t.typtype <> 'd' union all "
    "select d.oid, u.plain from unwrapped u join pg_catalog.pg_type d on d.typbasetype = u.oid "
    "where d.typtype = 'd')";

/// The operators of a type `{0}` (an alias of pg_type): of its own default class for B-trees; else
/// of the class of its kind; else of a type that it is stored like (varchar like text).
constexpr const char* k_operator =
    "(select pg_catalog.format('operator(%I.%s)', onsp.nspname, op.oprname) "
    "from pg_catalog.pg_opclass oc "
    "join pg_catalog.pg_am am on am.oid = oc.opcmethod and am.amname = 'btree' "
    "join pg_catalog.pg_amop ao on ao.amopfamily = oc.opcfamily "
    "and ao.amoplefttype = oc.opcintype and ao.amoprighttype = oc.opcintype "
    "and ao.amopstrategy = {1} "
    "join pg_catalog.pg_operator op on op.oid = ao.amopopr "
    "join pg_catalog.pg_namespace onsp on onsp.oid = op.oprnamespace "
    "where oc.opcdefault and (oc.opcintype = {0}.oid or oc.opcintype = case "
    "when {0}.typtype = 'e' then 'pg_catalog.anyenum'::pg_catalog.regtype "
    "when {0}.typtype = 'r' then 'pg_catalog.anyrange'::pg_catalog.regtype "
    "when {0}.typtype = 'm' then pg_catalog.to_regtype('pg_catalog.anymultirange') "
    "when {0}.typtype = 'c' then 'pg_catalog.record'::pg_catalog.regtype "
    "when {0}.typelem <> 0 and {0}.typlen = -1 then 'pg_catalog.anyarray'::pg_catalog.regtype "
    "end or oc.opcintype in (select k.casttarget from pg_catalog.pg_cast k "
    "where k.castsource = {0}.oid and k.castmethod = 'b' and k.castcontext = 'i')) "
    "order by oc.opcintype <> {0}.oid, onsp.nspname <> 'pg_catalog', oc.opcintype <> "
    "'pg_catalog.text'::pg_catalog.regtype limit 1)";

void read_tables(Session& session, PlacingTarget& target) {
    for (const Session::Row& row :
         session.query(fmt::format("select n.nspname, c.relname, c.relkind from {}", k_tables))) {
        PlacingTable& table = target.tables[{row[0], row[1]}];
        table.table = {row[0], row[1]};
        table.kind = row[2].front();
    }
    for (const Session::Row& row :
         session.query("select n.nspname, c.relname, m.nspname, r.relname, c.relkind <> 'p' "
                       "from pg_catalog.pg_class c "
                       "join pg_catalog.pg_namespace n on n.oid = c.relnamespace "
                       "join pg_catalog.pg_class r on r.oid = pg_catalog.pg_partition_root(c.oid) "
                       "join pg_catalog.pg_namespace m on m.oid = r.relnamespace "
                       "where c.relispartition and c.relkind in ('r', 'p', 'f') order by 1, 2")) {
        target.partitions[{row[0], row[1]}] = {row[2], row[3]};
        const auto root = target.tables.find({row[2], row[3]});
        if (row[4] == "t" && root != target.tables.end()) {
            root->second.leaves.push_back({row[0], row[1]});
        }
    }
}

PlacingTable* find_table(PlacingTarget& target, const std::string& schema,
                         const std::string& name) {
    const auto found = target.tables.find({schema, name});
    return found == target.tables.end() ? nullptr : &found->second;
}

void read_columns(Session& session, PlacingTarget& target) {
    const std::string sql = fmt::format(
        "{} select n.nspname, c.relname, a.attname, pg_catalog.format_type(a.atttypid, "
        "a.atttypmod), pg_catalog.format_type(t.oid, -1), t.oid, {}, {}, a.attnotnull, "
        "a.atthasdef or a.attidentity <> '', a.attgenerated <> '', a.attidentity = 'a', "
        "case when a.attidentity <> '' or pg_catalog.pg_get_expr(d.adbin, d.adrelid) ~ "
        "'^nextval\\(''.*''::regclass\\)$' then seq.name end, "
        "seq.name, t.typdefault is not null "
        "from {} join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 "
        "and not a.attisdropped "
        "join unwrapped u on u.oid = a.atttypid join pg_catalog.pg_type t on t.oid = u.plain "
        "left join pg_catalog.pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum "
        "left join lateral (select pg_catalog.format('%I.%I', sn.nspname, s.relname) as name "
        "from pg_catalog.pg_depend p join pg_catalog.pg_class s on s.relkind = 'S' "
        "and ((p.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass and p.objid = d.oid "
        "and p.refobjid = s.oid) or (p.objid = s.oid and p.deptype = 'i' "
        "and p.refobjid = c.oid and p.refobjsubid = a.attnum)) "
        "join pg_catalog.pg_namespace sn on sn.oid = s.relnamespace) seq on true "
        "order by 1, 2, a.attnum",
        k_unwrapped, fmt::format(fmt::runtime(k_operator), "t", 3),
        fmt::format(fmt::runtime(k_operator), "t", 5),
        // The join with the columns comes before the conditions.
        "pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace "
        "and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' "
        "and c.relkind in ('r', 'p') and not c.relispartition");
    for (const Session::Row& row : session.query(sql)) {
        PlacingTable* table = find_table(target, row[0], row[1]);
        if (table == nullptr) {
            continue; // just created
        }
        if (table->columns.empty() || table->columns.back().name != row[2]) {
            table->columns.push_back(
                {.name = row[2],
                 .type = {.name = row[3],
                          .plain = row[4],
                          .plain_oid = static_cast<std::uint32_t>(answered_number(row[5])),
                          .equals = row[6],
                          .greater = row[7]},
                 .is_not_null = row[8] == "t",
                 .has_default = row[9] == "t",
                 .is_generated = row[10] == "t",
                 .is_always_identity = row[11] == "t",
                 .sequence = row[12],
                 .default_sequences = {}});
        }
        PlacingColumn& column = table->columns.back();
        if (row[12].empty() && !row[13].empty()) {
            column.default_sequences.push_back(row[13]);
        }
    }
}

void read_uniques(Session& session, PlacingTarget& target) {
    for (const Session::Row& row : session.query(fmt::format(
             "select n.nspname, c.relname, x.relname, i.indisprimary, i.indisvalid "
             "and i.indimmediate and i.indexprs is null and i.indpred is null "
             "and pg_catalog.bool_and(coalesce(a.attnotnull, false)), "
             "case when i.indexprs is null and i.indpred is null "
             "then pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ',' order by k.i) end "
             "from pg_catalog.pg_index i join pg_catalog.pg_class x on x.oid = i.indexrelid "
             "join (select c.oid, c.relname, c.relnamespace from {}) c on c.oid = i.indrelid "
             "join pg_catalog.pg_namespace n on n.oid = c.relnamespace "
             "cross join lateral pg_catalog.generate_series(0, i.indnkeyatts - 1) k(i) "
             "left join pg_catalog.pg_attribute a on a.attrelid = i.indrelid "
             "and a.attnum = i.indkey[k.i] "
             "where i.indisunique and i.indislive "
             "group by n.nspname, c.relname, x.relname, i.indexrelid, i.indisprimary, "
             "i.indisvalid, i.indimmediate, i.indexprs is null, i.indpred is null "
             "order by 1, 2, 3",
             k_tables))) {
        if (PlacingTable* table = find_table(target, row[0], row[1])) {
            table->uniques.push_back({.name = row[2],
                                      .columns = read_names(row[5]),
                                      .is_primary = row[3] == "t",
                                      .is_key = row[4] == "t"});
        }
    }
}

void read_references(Session& session, PlacingTarget& target, int version) {
    for (const Session::Row& row : session.query(fmt::format(
             "select n.nspname, c.relname, k.conname, pn.nspname, p.relname, k.condeferrable, "
             "k.confdeltype, (select pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), "
             "',' order by u.i) from pg_catalog.unnest(k.conkey) with ordinality u(num, i) join "
             "pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num), "
             "(select pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), "
             "',' order by u.i) from pg_catalog.unnest(k.confkey) with ordinality u(num, i) join "
             "pg_catalog.pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.num) "
             "from pg_catalog.pg_constraint k join pg_catalog.pg_class c on c.oid = k.conrelid "
             "join pg_catalog.pg_namespace n on n.oid = c.relnamespace "
             "join pg_catalog.pg_class p on p.oid = k.confrelid "
             "join pg_catalog.pg_namespace pn on pn.oid = p.relnamespace "
             "where k.contype = 'f' and k.conparentid = 0 {} order by 1, 2, 3",
             major_version(version) >= 18 ? "and k.conenforced" : ""))) {
        const auto root_of = [&target](RelationName name) {
            const auto found = target.partitions.find(name);
            return found == target.partitions.end() ? name : found->second;
        };
        const RelationName child = root_of({row[0], row[1]});
        if (PlacingTable* table = find_table(target, child.schema, child.name)) {
            table->references.push_back({.name = row[2],
                                         .columns = read_names(row[7]),
                                         .parent = root_of({row[3], row[4]}),
                                         .parent_columns = read_names(row[8]),
                                         .is_deferrable = row[5] == "t",
                                         .on_delete = row[6].front()});
        }
    }
}

/// Without those of constraints, which stay on. Those of partitions are listed too.
void read_triggers(Session& session, PlacingTarget& target) {
    constexpr std::uint64_t k_insert = 4; // pg_trigger.tgtype: catalog/pg_trigger.h
    constexpr std::uint64_t k_delete = 8;
    constexpr std::uint64_t k_update = 16;
    for (const Session::Row& row : session.query(
             "select n.nspname, c.relname, t.tgname, t.tgenabled, t.tgtype from "
             "pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid "
             "join pg_catalog.pg_namespace n on n.oid = c.relnamespace "
             "where t.tgenabled in ('O', 'A') and not exists (select from "
             "pg_catalog.pg_constraint k where k.oid = t.tgconstraint and k.contype <> 't') "
             "order by 1, 2, 3")) {
        const RelationName own{row[0], row[1]};
        const auto partition = target.partitions.find(own);
        const RelationName& name = partition == target.partitions.end() ? own : partition->second;
        if (PlacingTable* table = find_table(target, name.schema, name.name)) {
            const std::uint64_t type = answered_number(row[4]);
            table->triggers.push_back({.table = own,
                                       .name = row[2],
                                       .always = row[3] == "A",
                                       .on_insert = (type & k_insert) != 0,
                                       .on_update = (type & k_update) != 0,
                                       .on_delete = (type & k_delete) != 0});
        }
    }
    for (const Session::Row& row : session.query(
             "select n.nspname, c.relname, r.rulename from pg_catalog.pg_rewrite r "
             "join pg_catalog.pg_class c on c.oid = r.ev_class and c.relkind in ('r', 'p') "
             "join pg_catalog.pg_namespace n on n.oid = c.relnamespace "
             "where r.ev_type <> '1' and r.ev_enabled in ('O', 'A') order by 1, 2, 3")) {
        if (PlacingTable* table = find_table(target, row[0], row[1])) {
            table->rules.push_back(row[2]);
        }
    }
}

void read_source_types(Session& session, const std::vector<std::string>& names,
                       PlacingTarget& target) {
    for (const std::string& name : names) {
        try {
            for (const Session::Row& row : session.query(
                     fmt::format("{} select pg_catalog.format_type(t.oid, -1), t.oid, {} from "
                                 "unwrapped u join pg_catalog.pg_type t on t.oid = u.plain "
                                 "where u.oid = pg_catalog.to_regtype($1)",
                                 k_unwrapped, fmt::format(fmt::runtime(k_operator), "t", 3)),
                     {name})) {
                target.source_types[name] = {
                    .name = row[0],
                    .plain = row[0],
                    .plain_oid = static_cast<std::uint32_t>(answered_number(row[1])),
                    .equals = row[2],
                    .greater = {}};
            }
        } catch (const ServerError& error) {
            if (error.sqlstate().empty()) { // the connection broke
                throw;
            }
            // Not a type's name for this server, which is as good as a type that it lacks.
        }
    }
}

} // namespace

const PlacingColumn* PlacingTable::find(const std::string& column) const {
    const auto found = std::ranges::find(columns, column, &PlacingColumn::name);
    return found == columns.end() ? nullptr : &*found;
}

PlacingTarget read_placing_target(Session& session, const std::vector<std::string>& source_types) {
    const BareSearchPath bare{session};
    const int version = static_cast<int>(answered_number(
        session.query("select pg_catalog.current_setting('server_version_num')").at(0).at(0)));
    PlacingTarget target;
    read_tables(session, target);
    read_columns(session, target);
    read_uniques(session, target);
    read_references(session, target, version);
    read_triggers(session, target);
    read_source_types(session, source_types, target);
    return target;
}

} // namespace dbbackup::pg
