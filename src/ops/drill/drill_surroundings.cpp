#include "ops/drill/drill_surroundings.hpp"

#include "ops/restore/restore_transaction.hpp"

#include <dbbackup/pg/predefined_role.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <set>
#include <string>
#include <vector>

namespace dbbackup::ops {

namespace {

void run_for_each(pg::Session& session, const std::string& question,
                  const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        for (const auto& row : session.query(question, {name})) {
            session.execute(row.at(0));
        }
    }
}

/// Roles belong to the whole server, so they are created only on a throwaway one. Nobody can create
/// or change predefined ones, nor make all of them members of others.
void make_roles(pg::Session& session, const pg::DumpInventory& inventory) {
    const auto without_predefined = [](std::vector<std::string> roles) {
        std::erase_if(roles, pg::is_predefined_role);
        return roles;
    };
    const std::vector<std::string> roles = without_predefined(inventory.roles);
    run_for_each(session,
                 "select pg_catalog.format('create role %I', $1::text) "
                 "where not exists (select from pg_catalog.pg_roles where rolname = $1)",
                 roles);
    // On their own server, they may have privileges through roles that no dump names: a
    // materialized view is read as its owner.
    run_for_each(
        session,
        "select pg_catalog.format('grant pg_read_all_data to %I', $1::text) "
        "where exists (select from pg_catalog.pg_roles where rolname = 'pg_read_all_data') "
        "and not exists (select from pg_catalog.pg_roles where rolname = $1 and rolsuper)",
        roles);
    run_for_each(session, "select pg_catalog.format('alter role %I superuser', $1::text)",
                 without_predefined(inventory.superusers));
}

void make_tablespaces(pg::Session& session, const ThrowawayServer& server,
                      const std::vector<std::string>& names) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::string place = server.make_directory(fmt::format("tablespace_{}", i)).string();
        session.execute(
            session
                .query("select pg_catalog.format('create tablespace %I location %L', $1::text, "
                       "$2::text)",
                       {names[i], place})
                .at(0)
                .at(0));
    }
}

/// Creates the schemas that a dump of chosen tables does not contain.
void make_schemas(pg::Session& session, const CheckedDump& dump) {
    const std::set<std::string> created{dump.inventory.created_schemas.begin(),
                                        dump.inventory.created_schemas.end()};
    std::vector<std::string> missing;
    std::ranges::copy_if(
        dump.contents.schemas, std::back_inserter(missing),
        [&created](const std::string& schema) { return !created.contains(schema); });
    run_for_each(session,
                 "select pg_catalog.format('create schema %I', $1::text) "
                 "where pg_catalog.to_regnamespace(pg_catalog.quote_ident($1)) is null",
                 missing);
}

} // namespace

void make_surroundings(const ScratchDatabase& scratch, const CheckedDump& dump) {
    pg::Session session = scratch.server().open();
    set_client_encoding(session, dump.inventory.encoding);
    if (scratch.throwaway() != nullptr) {
        make_roles(session, dump.inventory);
        make_tablespaces(session, *scratch.throwaway(), dump.inventory.tablespaces);
    }
    make_schemas(session, dump);
}

} // namespace dbbackup::ops
