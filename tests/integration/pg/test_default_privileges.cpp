#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/scene/target_scene.hpp"

#include <dbbackup/pg/default_privileges.hpp>

#include <algorithm>
#include <fmt/format.h>

using namespace dbbackup;
using namespace dbbackup::test;
using pg::DropScope;

namespace {

const std::string k_before = R"(
create schema s; create table s.t (i int); create sequence s.q; create type s.e as enum ();
create function s.f() returns int language sql as 'select 1'; create table public.p (i int);)";

const std::string k_defaults = R"(
alter default privileges grant select on tables to pg_monitor with grant option;
alter default privileges revoke execute on functions from public;
alter default privileges revoke usage on types from public;
alter default privileges for role pg_monitor grant all on tables to public;
alter default privileges in schema public grant all on tables to public, pg_monitor;
alter default privileges in schema s grant usage on sequences to pg_monitor;
alter default privileges grant usage on schemas to pg_monitor;)";

void restore(TargetScene& scene, DropScope scope, const std::string& dump) {
    const auto before = scene.bystanders(scope);
    scene.clean(scope);
    (void)scene.session().query("begin");
    const auto suspended = pg::suspend_default_privileges(scene.session());
    (void)scene.session().query("commit");
    scene.psql(dump);
    (void)scene.session().query("begin");
    if (scope != DropScope::everything) {
        pg::resume_default_privileges(scene.session(), suspended);
    }
    (void)scene.session().query("commit");
    const auto after = scene.bystanders(scope);
    CHECK(std::includes(after.begin(), after.end(), before.begin(), before.end()));
}

std::string defaults(const TargetScene& scene) {
    return scene.psql("select defaclrole::regrole, defaclnamespace::regnamespace, defaclobjtype, "
                      "(select array_agg(a order by a::text) from unnest(defaclacl) a) "
                      "from pg_default_acl order by 1, defaclnamespace::regnamespace::text, 3");
}

} // namespace

TEST_CASE(
    "default privileges: those of the target do not apply to restored objects, and come back") {
    TargetScene scene{k_before};
    const std::string dump = scene.read_dump();
    const std::string before = Cluster::shared().dump_of(scene.database().name());
    scene.psql(k_defaults +
               "create schema beside; alter default privileges in schema beside grant select on "
               "tables to public");
    const std::string set = defaults(scene);
    restore(scene, DropScope::dumped_schemas, dump);
    CHECK(scene.psql("select count(*) from pg_class where relacl is not null and relnamespace in "
                     "('s'::regnamespace, 'public'::regnamespace)") == "0");
    CHECK(scene.psql("select count(*) from pg_proc where proacl is not null and "
                     "pronamespace = 's'::regnamespace") == "0");
    // Those of dropped schemas are gone with them.
    scene.psql("alter default privileges in schema public grant all on tables to public, "
               "pg_monitor; alter default privileges in schema s grant usage on sequences to "
               "pg_monitor");
    CHECK(defaults(scene) == set);
    restore(scene, DropScope::everything, dump);
    CHECK(first_difference(Cluster::shared().dump_of(scene.database().name()), before) == "");
}

TEST_CASE("default privileges: those of the dump apply") {
    TargetScene scene{k_before + k_defaults +
                      "create table s.later (i int);"
                      "create function s.g() returns int language sql "
                      "as 'select 1'"};
    const std::string dump = scene.read_dump();
    const std::string before = Cluster::shared().dump_of(scene.database().name());
    restore(scene, DropScope::dumped_schemas, dump);
    CHECK(first_difference(Cluster::shared().dump_of(scene.database().name()), before) == "");
    restore(scene, DropScope::everything, dump);
    CHECK(first_difference(Cluster::shared().dump_of(scene.database().name()), before) == "");
    scene.psql("alter default privileges grant delete on tables to public");
    restore(scene, DropScope::dumped_schemas, dump);
    CHECK(first_difference(Cluster::shared().dump_of(scene.database().name()), before) == "");
}

TEST_CASE("default privileges: schema public is made anew without those of its owner") {
    TargetScene scene{k_before};
    const std::string dump = scene.read_dump();
    const std::string before = Cluster::shared().dump_of(scene.database().name());
    const auto set_defaults = [&](const std::string& owner) {
        scene.psql(fmt::format("alter default privileges for role {0} grant usage on schemas to "
                               "pg_monitor, public; alter default privileges for role {0} revoke "
                               "create on schemas from {0}",
                               owner));
    };
    set_defaults("postgres"); // its owner before 15
    if (Cluster::shared().major() >= 15) {
        set_defaults("pg_database_owner");
    }
    restore(scene, DropScope::everything, dump);
    CHECK(first_difference(Cluster::shared().dump_of(scene.database().name()), before) == "");
}
