#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/scene/restore_scene.hpp"

using namespace dbbackup::test;

namespace {

/// A database to restore, and the accident that happened to it meanwhile.
struct Sample {
    std::vector<std::filesystem::path> files;
    std::string accident; ///< SQL
};

/// `public` in a state nobody should leave it in, and content that is not in the dump.
const std::string k_accident_in_public =
    "create table public.added (a integer primary key); insert into public.added values (1);"
    "create view public.of_added as select * from public.added;"
    "create function public.added() returns integer language sql as 'select 1';"
    "create type public.added_type as enum ('a');"
    "create sequence public.added_sequence;"
    "revoke all on schema public from public; grant create on schema public to public;"
    "alter schema public owner to postgres; comment on schema public is 'changed';";

Sample source() {
    return {{data_file("foreign/source.sql")},
            k_accident_in_public +
                "drop view reports.totals; create table reports.totals (a integer);"
                "delete from order_lines where line = 2; update customers set name = upper(name);"
                "alter table products add added integer default 1, drop constraint "
                "\"not \"\"free\"\"\"; drop index orders_by_customer;"
                "select lo_unlink(60001); select lo_put(60002, 0, 'changed');"
                "select setval('orders_id_seq', 99); alter type order_state add value 'new'"};
}

Sample shop() {
    return {{shop_file()},
            k_accident_in_public +
                "drop table order_lines cascade; truncate orders;"
                "delete from customers where id % 2 = 0;"
                "update products set price = 1; drop function if exists order_total;"
                "insert into customers (name, email, city, joined_at) values "
                "('new', 'new', 'new', now())"};
}

Sample zoo() {
    return {{data_file("zoo.sql")},
            k_accident_in_public +
                "drop table zoo.lonely_text cascade; drop schema \"Ünïcödé 名前\" cascade;"
                "truncate zoo.actions, zoo.egg, zoo.hen; alter table zoo.log detach partition "
                "zoo.log_old; drop publication zoo_everything; drop event trigger zoo_watch;"
                "alter type zoo.mood rename value 'sad' to 'glad'; drop cast (zoo.mood as integer);"
                "select lo_unlink(70001); grant all on large object 70003 to zoo_reader;"
                "insert into zoo.empty_table values (1, 'new'); create table zoo.added (a integer);"
                "alter table zoo.beasts add added integer, disable row level security;"
                "comment on table zoo.beasts is 'changed'; grant all on zoo.tree to public;"
                "alter server zoo_server options (set host 'changed')"};
}

Sample zoo_with_public() {
    Sample sample = zoo();
    sample.files.push_back(data_file("zoo_public.sql"));
    return sample;
}

const std::vector<std::vector<std::string>> k_formats{
    {"-Z", "gzip"}, {"-Z", "zstd"}, {"-Z", "none"}, {"-F", "custom"}};

/// Restores dumps of `sample` in `formats` into an empty database, and over what an accident made
/// of it: both times it is as before.
void check_round_trips(const Sample& sample, const std::vector<std::vector<std::string>>& formats) {
    for (const auto& format : formats) {
        INFO("dump " << format[0] << " " << format[1]);
        RestoreScene scene;
        for (const auto& file : sample.files) {
            Cluster::shared().load(scene.source().name(), file);
        }
        const std::filesystem::path dump = scene.dump(format);
        scene.remember();
        scene.check_restored(scene.restore(dump));
        scene.target().psql(sample.accident);
        REQUIRE(first_difference(Cluster::shared().dump_of(scene.target().name()),
                                 Cluster::shared().dump_of(scene.source().name())) != "");
        scene.check_restored(scene.restore(dump, {"--clean"}));
        scene.check_restored(scene.restore(dump, {"--clean"}));
        CHECK(scene.new_names() == std::vector<std::string>{});
    }
}

} // namespace

TEST_CASE("restore: a small database is restored from each format, also over an accident") {
    check_round_trips(source(), k_formats);
}

TEST_CASE("restore: the shop is restored from each format, also over an accident", "[matrix]") {
    check_round_trips(shop(), k_formats);
}

TEST_CASE("restore: the zoo is restored from plain dumps, also over an accident") {
    check_round_trips(zoo(), {{"-Z", "gzip"}, {"-Z", "zstd"}, {"-Z", "none"}});
}

TEST_CASE("restore: the zoo is restored from an archive, also over an accident", "[matrix]") {
    check_round_trips(zoo(), {{"-F", "custom"}});
}

TEST_CASE("restore: public gets its owner, privileges and comment back") {
    check_round_trips(zoo_with_public(), {{"-Z", "gzip"}, {"-F", "custom"}});
}

TEST_CASE("restore --clean leaves objects outside the dump alone, --exact drops them", "[matrix]") {
    RestoreScene scene;
    Cluster::shared().load(scene.source().name(), data_file("foreign/source.sql"));
    const std::filesystem::path dump = scene.dump();
    const auto make_others = [&scene] {
        scene.target().psql("create schema others; create table others.kept (a integer);"
                            "insert into others.kept values (1), (2);"
                            "create publication others for table others.kept;"
                            "select lo_create(60099)");
    };
    make_others();
    scene.check_restored(scene.restore(dump, {"--clean"}),
                         {"-N", "others", "--no-publications", "--no-blobs"});
    CHECK(scene.target().psql("select count(*) from others.kept") == "2");
    CHECK(scene.target().psql("select pubname from pg_publication") == "others");
    CHECK(scene.target().psql("select count(*) from pg_largeobject_metadata") == "3");
    scene.check_restored(scene.restore(dump, {"--clean", "--exact"}));
}

TEST_CASE("a restored database can be dumped and restored again") {
    RestoreScene scene;
    Cluster::shared().load(scene.source().name(), data_file("zoo.sql"));
    scene.check_restored(scene.restore(scene.dump()));
    const TempDir home;
    const TakenDump first = take_dump(scene.source().url(), home / "first");
    const TakenDump second = take_dump(scene.target().url(), home / "second");
    CHECK(first.manifest.at("contents") == second.manifest.at("contents"));
}
