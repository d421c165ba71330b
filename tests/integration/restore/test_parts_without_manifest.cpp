#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/scene/restore_scene.hpp"

#include <nlohmann/json.hpp>

// What pg_dump files without a manifest reveal about themselves: which database they are of, and
// that they are a part of it.

using namespace dbbackup::test;

namespace {

constexpr int k_failed = 1;
constexpr int k_refused = 5;

using Words = std::vector<std::string>;

/// All in `public`, which no dump creates, so that a dump of one table looks much like a whole one.
class LinkedScene : public RestoreScene {
public:
    LinkedScene() {
        source().psql(
            "create table customers (id int generated always as identity primary key);"
            "insert into customers default values;"
            "create table orders (id serial, customer int references customers);"
            "insert into orders (customer) values (1);"
            "create type comp as (a int); comment on column comp.a is 'no table''s';"
            "create table events (id int, day date, unique (id, day)) partition by range (day);"
            "create table events_1 partition of events for values from ('2020-01-01') to "
            "('2021-01-01');"
            "create materialized view totals as select count(*) from orders;"
            "create function f() returns trigger language plpgsql as 'begin return new; end';"
            "create table audited (i int); create trigger t before insert on audited "
            "for each row execute function f(); create view shown as select * from orders;"
            "create rule r as on insert to shown do instead nothing;"
            "grant select on pg_catalog.pg_authid to public; grant select on orders to public");
        check_restored(restore(dump()));
        remember();
    }

    [[nodiscard]] std::string part_in_plan(const std::filesystem::path& dump) const {
        const auto result = restore(dump, {"--clean", "--dry-run", "--json"});
        INFO(result.err);
        REQUIRE(result.exit_code == 0);
        const auto part = nlohmann::json::parse(result.out).at("plan").at("partial");
        return part.is_null() ? "" : part.get<std::string>();
    }
};

} // namespace

TEST_CASE("without a manifest, a dump that refers to objects it does not create is a part") {
    LinkedScene scene;
    const std::string loose = "only what belongs to tables that it does not create";
    const auto check_part = [&scene](const Words& words, const std::string& part) {
        INFO(words.front() << " " << words.back());
        scene.check_failed(scene.restore(scene.foreign_dump(words), {"--clean", "--exact"}),
                           k_refused, "the dump is not whole: " + part);
    };
    check_part({"-t", "orders"},
               "only a part (it refers to table public.customers but does not create it)");
    check_part({"-T", "customers", "-T", "events"},
               "only a part (it refers to tables public.customers");
    check_part({"--section=post-data", "-t", "orders"}, loose);  // a foreign key
    check_part({"--section=post-data", "-t", "audited"}, loose); // a trigger
    check_part({"--section=post-data", "-t", "shown"}, loose);   // a rule
    check_part({"--section=data", "-t", "orders_id_seq"}, "only values of sequences");
    check_part({"--exclude-table-data=orders"}, "without rows of table public.orders");
    check_part({"-Fc", "--exclude-table-data=*s", "--exclude-table-data=events_1"},
               "without rows of tables public.customers, public.events_1, public.orders");
}

TEST_CASE("without a manifest, a whole dump is not a part, whatever its options") {
    LinkedScene scene;
    for (const Words& words : std::vector<Words>{{},
                                                 {"--inserts"},
                                                 {"--clean", "--if-exists"},
                                                 {"-x", "-O"},
                                                 {"-Fc"},
                                                 {"-Fc", "--load-via-partition-root"}}) {
        INFO((words.empty() ? "" : words.front()));
        CHECK(scene.part_in_plan(scene.foreign_dump(words)).empty());
    }
}

TEST_CASE("whole dumps of other versions of pg_dump are not taken for parts") {
    std::size_t dumps = 0;
    for (const auto& file : std::filesystem::directory_iterator{data_file("foreign")}) {
        const std::string name = file.path().filename();
        if (name.starts_with("pg_dump-") && name.ends_with(".sql")) {
            INFO(name);
            const auto result = run_dbbackup({"show", file.path().string(), "--json"});
            INFO(result.err);
            REQUIRE(result.exit_code == 0);
            CHECK(nlohmann::json::parse(result.out).at("partial").is_null());
            ++dumps;
        }
    }
    CHECK(dumps > 10);
}

TEST_CASE("show reports that a dump without a manifest is a part, and of which database") {
    LinkedScene scene;
    const auto show = [&scene](const Words& words, const std::string& flag) {
        Words command{"show", scene.foreign_dump(words).string()};
        if (!flag.empty()) {
            command.push_back(flag);
        }
        return run_dbbackup(command, {.directory = scene.temp()}).out;
    };
    const std::string text = show({"-Fc", "-t", "orders"}, "");
    CHECK(text.find("PARTIAL: only a part (it refers to table public.customers") !=
          std::string::npos);
    CHECK(text.find("database       " + scene.source().name() + "\n") != std::string::npos);
    const auto part = nlohmann::json::parse(show({"-Fc", "-t", "orders"}, "--json"));
    CHECK(part.at("partial") == true);
    CHECK(part.at("database") == scene.source().name());
    const auto whole = nlohmann::json::parse(show({}, "--json"));
    CHECK(whole.at("partial").is_null());
    CHECK(whole.at("database").is_null());
}

TEST_CASE("a drill of a part without a manifest that lacks the rest could not be verified") {
    LinkedScene scene;
    const auto dump = scene.foreign_dump({"-t", "orders"});
    const auto result = run_program({dbbackup_path(), "verify", "--restore", dump.string()},
                                    {.directory = scene.temp()});
    INFO(result.err << result.out);
    CHECK(result.exit_code == k_failed);
    CHECK((result.err + result.out).find("the dump is a part of its database") !=
          std::string::npos);
}

TEST_CASE("the plan reports that an archive without a manifest is of another database") {
    LinkedScene scene;
    const std::string headline = "ANOTHER DATABASE: the dump is of " + scene.source().name() +
                                 ", the target is " + scene.target().name();
    for (const Words& words : std::vector<Words>{{"-Fc"}, {"-Fc", "-Z0", "-t", "orders"}}) {
        const auto dump = scene.foreign_dump(words);
        const auto plan = scene.restore(dump, {"--clean", "--dry-run"});
        INFO(plan.out);
        CHECK(plan.out.find(headline) != std::string::npos);
        // Anybody can choose a file's name.
        const auto named = scene.temp() / "other_2026-01-01T00-00-00-000Z.dump";
        std::filesystem::copy_file(dump, named, std::filesystem::copy_options::overwrite_existing);
        const auto again = scene.restore(named, {"--clean", "--dry-run"});
        CHECK(again.out.find(headline) != std::string::npos);
    }
    const auto own =
        run_dbbackup({"restore", scene.foreign_dump({"-Fc"}).string(), "--dry-run", "--clean",
                      "--url", Cluster::shared().url(scene.source().name())},
                     {.directory = scene.temp()});
    INFO(own.err);
    CHECK(own.exit_code == 0);
    CHECK(own.out.find("of database " + scene.source().name()) != std::string::npos);
    CHECK(own.out.find("ANOTHER DATABASE") == std::string::npos);
}
