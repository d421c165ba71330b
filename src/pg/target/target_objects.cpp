#include "pg/target/target_objects.hpp"

#include "pg/connect/answered_number.hpp"
#include "pg/sql/sql_text.hpp"
#include "pg/target/other_owners.hpp"
#include "pg/target/target_objects_sql.hpp"

#include <dbbackup/pg/public_schema.hpp>

#include <string_view>
#include <unordered_map>

namespace dbbackup::pg {

namespace {

TargetObject to_object(Session::Row&& row) {
    TargetObject object;
    object.class_oid = std::move(row[0]);
    object.oid = std::move(row[1]);
    object.id = {std::move(row[2]), std::move(row[3]), std::move(row[4])};
    if (object.id.kind == "cast" || object.id.kind == "transform") {
        object.id.name = normalized_types(object.id.name);
    }
    object.sql = std::move(row[5]);
    object.extension = std::move(row[6]);
    object.table_oid = std::move(row[7]);
    object.relation_kind = row[8].empty() ? ' ' : row[8][0];
    object.is_readable = row[9] == "yes";
    return object;
}

/// The catalog has it only for the table.
void spread_membership(std::vector<TargetObject>& objects) {
    std::unordered_map<std::string_view, std::string_view> extensions;
    for (const TargetObject& object : objects) {
        if (object.relation_kind != ' ' && !object.extension.empty()) {
            extensions.emplace(object.oid, object.extension);
        }
    }
    for (TargetObject& object : objects) {
        const auto table = extensions.find(object.table_oid);
        if (object.extension.empty() && table != extensions.end()) {
            object.extension = table->second;
        }
    }
}

void note_other_owners(Session& session, std::vector<TargetObject>& objects) {
    std::vector<TargetObject*> outside;
    for (TargetObject& object : objects) {
        if (object.id.schema.empty() && object.extension.empty()) {
            outside.push_back(&object);
        }
    }
    const auto owners = find_other_owners(session, {outside.begin(), outside.end()});
    for (std::size_t i = 0; i < outside.size(); ++i) {
        outside[i]->other_owner = owners[i];
    }
}

std::uint32_t to_oid(const std::string& text) {
    return static_cast<std::uint32_t>(answered_number(text));
}

std::set<std::string> read_oids(Session& session, const std::string& sql) {
    std::set<std::string> oids;
    for (Session::Row& row : session.query(sql)) {
        oids.insert(std::move(row[0]));
    }
    return oids;
}

} // namespace

TargetObjects read_target_objects(Session& session) {
    TargetObjects target;
    target.version_number = static_cast<int>(
        to_oid(session.query("select pg_catalog.current_setting('server_version_num')")[0][0]));
    target.keeps_public = must_keep_public(session);
    for (Session::Row& row : session.query(target_objects_sql())) {
        target.objects.push_back(to_object(std::move(row)));
    }
    spread_membership(target.objects);
    note_other_owners(session, target.objects);
    for (const Session::Row& row : session.query(
             "select e.extname, n.nspname, 'pg_catalog.pg_extension'::pg_catalog.regclass"
             "::pg_catalog.oid, e.oid from pg_catalog.pg_extension e "
             "join pg_catalog.pg_namespace n on n.oid = e.extnamespace order by e.extname")) {
        target.extensions.push_back({{row[0], row[1]}, row[2], row[3]});
    }
    for (const Session::Row& row :
         session.query("select l.oid from pg_catalog.pg_largeobject_metadata l order by l.oid")) {
        target.large_objects.push_back(to_oid(row[0]));
    }
    for (const Session::Row& row :
         session.query("select i.inhparent, i.inhrelid from pg_catalog.pg_inherits i "
                       "join pg_catalog.pg_class c on c.oid = i.inhparent and c.relkind = 'p'")) {
        target.partitions.emplace(row[0], row[1]);
    }
    target.with_foreign_keys =
        read_oids(session, "select c.oid from pg_catalog.pg_class c where c.relkind = 'p' and "
                           "exists (select from pg_catalog.pg_constraint k "
                           "where k.conrelid = c.oid and k.contype = 'f')");
    target.secured_tables =
        read_oids(session, "select c.oid from pg_catalog.pg_class c where c.relrowsecurity");
    target.forced_tables =
        read_oids(session, "select c.oid from pg_catalog.pg_class c where c.relforcerowsecurity");
    return target;
}

std::vector<std::string> going_parameters(const TargetObjects& target) {
    std::vector<std::string> classes;
    std::vector<std::string> oids;
    const auto add = [&](const auto& object) {
        if (object.goes() && !object.oid.empty()) {
            classes.push_back(object.class_oid);
            oids.push_back(object.oid);
        }
    };
    for (const TargetObject& object : target.objects) {
        add(object);
    }
    for (const TargetExtension& extension : target.extensions) {
        add(extension);
    }
    return {array_parameter(classes), array_parameter(oids)};
}

} // namespace dbbackup::pg
