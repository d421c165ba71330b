#include "pg/target/drop_statements.hpp"

#include "pg/sql/sql_text.hpp"
#include "pg/target/create_public.hpp"
#include "pg/target/drop_order.hpp"
#include "pg/target/target_summary.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>

namespace dbbackup::pg {

namespace {

/// Those of which DROP accepts only one at a time.
constexpr std::array<std::string_view, 4> k_one_at_a_time{"cast", "transform", "operator class",
                                                          "operator family"};

std::vector<const TargetObject*> dropped_of_kind(const TargetFates& fates, std::string_view kind) {
    std::vector<const TargetObject*> objects;
    for (const TargetObject& object : fates.target.objects) {
        if (object.fate == Fate::dropped && object.id.kind == kind) {
            objects.push_back(&object);
        }
    }
    return objects;
}

std::string names_of(const std::vector<const TargetObject*>& objects) {
    std::string names;
    for (const TargetObject* object : objects) {
        names += (names.empty() ? "" : ", ") + object->sql;
    }
    return names;
}

class Writer {
public:
    Writer(Session& session, const TargetFates& fates) : session_(session), fates_(fates) {}

    std::vector<std::string> write() {
        // Event triggers first: they would fire on every drop. Then what contains tables of ours.
        add_list("drop event trigger if exists {}", dropped_of_kind(fates_, "event trigger"));
        add_subscriptions();
        add_list("drop publication if exists {}", dropped_of_kind(fates_, "publication"));
        add_tables_indexed_by_extensions();
        add_extensions();
        // What was added to an empty target since then must not be dropped unseen.
        add_list(holds_nothing(fates_.target) ? "drop schema if exists {}"
                                              : "drop schema if exists {} cascade",
                 dropped_of_kind(fates_, "schema"));
        if (fates_.remakes_public) {
            for (std::string& statement :
                 create_public(session_, fates_.target.version_number, fates_.closes_public)) {
                statements_.push_back(std::move(statement));
            }
        }
        add_singles();
        add_large_objects();
        add_emptied();
        return std::move(statements_);
    }

private:
    void add_list(const char* format, const std::vector<const TargetObject*>& objects) {
        if (!objects.empty()) {
            statements_.push_back(fmt::format(fmt::runtime(format), names_of(objects)));
        }
    }

    /// With a replication slot, DROP SUBSCRIPTION cannot run in a transaction: the slot stays on
    /// the publisher, where a restored subscription finds it.
    void add_subscriptions() {
        for (const TargetObject* object : dropped_of_kind(fates_, "subscription")) {
            statements_.push_back(fmt::format("alter subscription {} disable", object->sql));
            statements_.push_back(
                fmt::format("alter subscription {} set (slot_name = none)", object->sql));
            statements_.push_back(fmt::format("drop subscription {}", object->sql));
        }
    }

    /// PostgreSQL fails to drop an index after the options of its operator class (up to 18, for
    /// extensions such as ltree and pg_trgm), which a single DROP of both may do.
    void add_tables_indexed_by_extensions() {
        std::vector<std::string> extensions;
        for (const TargetExtension& extension : fates_.target.extensions) {
            if (extension.goes()) {
                extensions.push_back(extension.oid);
            }
        }
        std::vector<std::string> tables;
        for (const TargetObject& object : fates_.target.objects) {
            if (object.relation_kind != ' ' &&
                (object.fate == Fate::with_schema || is_cleared(object))) {
                tables.push_back(object.oid);
            }
        }
        const auto found = session_.query(
            "select distinct pg_catalog.format('drop table if exists %I.%I cascade', n.nspname, "
            "c.relname) from pg_catalog.pg_index i "
            "join pg_catalog.pg_class c on c.oid = i.indrelid and c.relkind in ('r', 'p') "
            "join pg_catalog.pg_namespace n on n.oid = c.relnamespace, "
            "lateral pg_catalog.unnest(i.indclass) used(oid) "
            "join pg_catalog.pg_depend d on d.objid = used.oid and d.deptype = 'e' "
            "and d.classid = 'pg_catalog.pg_opclass'::pg_catalog.regclass "
            "where d.refobjid = any ($1::pg_catalog.oid[]) and c.oid = any ($2::pg_catalog.oid[])",
            {array_parameter(extensions), array_parameter(tables)});
        for (const Session::Row& row : found) {
            statements_.push_back(row.at(0));
        }
    }

    void add_extensions() {
        for (const TargetExtension& extension : fates_.target.extensions) {
            if (extension.fate == Fate::dropped) {
                statements_.push_back(fmt::format("drop extension if exists {} cascade",
                                                  quote_identifier(extension.id.name)));
            }
        }
    }

    /// Of a schema that stays without its content.
    [[nodiscard]] bool is_cleared(const TargetObject& object) const {
        return fates_.clears_public && object.id.schema == "public" && object.fate == Fate::dropped;
    }

    /// IF EXISTS: one that depends on a dropped schema was dropped with it. CASCADE only as far as
    /// DROP SCHEMA would have it: for a tangle in a schema whose whole content goes.
    void add_singles() {
        DropBatch singles;
        for (const TargetObject& object : fates_.target.objects) {
            if (object.fate == Fate::dropped && object.id.kind != "schema" &&
                object.id.kind != "event trigger" && object.id.kind != "publication" &&
                object.id.kind != "subscription") {
                singles.push_back(&object);
            }
        }
        add_user_mappings();
        for (const auto& [batch, is_tangled] :
             order_drops(session_, singles, fates_.target.version_number)) {
            add_batch(batch, is_tangled && is_cleared(*batch.front()) ? " cascade" : "");
        }
    }

    void add_batch(const DropBatch& batch, std::string_view cascade) {
        std::string kind = batch.front()->id.kind;
        if (kind == "function" || kind == "procedure" || kind == "aggregate") {
            kind = "routine";
        }
        if (std::find(k_one_at_a_time.begin(), k_one_at_a_time.end(), kind) !=
            k_one_at_a_time.end()) {
            for (const TargetObject* object : batch) {
                statements_.push_back(
                    fmt::format("drop {} if exists {}{}", kind, object->sql, cascade));
            }
        } else {
            statements_.push_back(
                fmt::format("drop {} if exists {}{}", kind, names_of(batch), cascade));
        }
    }

    void add_user_mappings() {
        std::vector<std::string> servers;
        for (const TargetObject* server : dropped_of_kind(fates_, "server")) {
            servers.push_back(server->oid);
        }
        const std::string sql =
            "select pg_catalog.format('drop user mapping if exists for %s server %I', "
            "case when m.umuser = 0 then 'public' else pg_catalog.quote_ident(m.usename) end, "
            "m.srvname) from pg_catalog.pg_user_mappings m "
            "where m.srvid = any ($1::pg_catalog.oid[]) order by 1";
        for (Session::Row& row : session_.query(sql, {array_parameter(servers)})) {
            statements_.push_back(std::move(row[0]));
        }
    }

    void add_large_objects() {
        if (!fates_.large_objects.empty()) {
            statements_.push_back(fmt::format(
                "select pg_catalog.count(pg_catalog.lo_unlink(l.oid)) "
                "from pg_catalog.pg_largeobject_metadata l where l.oid = any ('{{{}}}')",
                fmt::join(fates_.large_objects, ",")));
        }
    }

    /// ONLY: tables that inherit from these have their own rows.
    void add_emptied() {
        std::string names;
        for (const TargetObject& object : fates_.target.objects) {
            if (object.fate == Fate::emptied) {
                names += names.empty() ? "" : ", ";
                names += (object.relation_kind == 'p' ? "" : "only ") + object.sql;
            }
        }
        if (!names.empty()) {
            statements_.push_back("truncate table " + names);
        }
    }

    Session& session_;
    const TargetFates& fates_;
    std::vector<std::string> statements_;
};

} // namespace

std::vector<std::string> write_drop_statements(Session& session, const TargetFates& fates) {
    return Writer{session, fates}.write();
}

} // namespace dbbackup::pg
