#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/program/processes.hpp"
#include "support/program/terminal.hpp"
#include "support/scene/restore_scene.hpp"
#include "support/server/server_side.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

// A restore asks only if something can be lost, and its plan says what nobody should miss.

using namespace dbbackup::test;

namespace {

constexpr int k_refused = 5;

using Words = std::vector<std::string>;

class AskScene : public RestoreScene {
public:
    AskScene() {
        source().psql("create schema shop; create table shop.orders (id int primary key); insert "
                      "into shop.orders select generate_series(1, 50)");
        remember();
    }

    /// Without --confirm.
    [[nodiscard]] ProgramResult run(const std::filesystem::path& dump, Words arguments,
                                    const std::string& url = {}) const {
        Words all{dbbackup_path(), "restore", dump.string(), "--dir", dumps().string()};
        all.insert(all.end(), arguments.begin(), arguments.end());
        ProgramOptions run_options = options();
        if (!url.empty()) {
            run_options.environment["DATABASE_URL"] = url;
        }
        return run_program(all, run_options);
    }

    [[nodiscard]] nlohmann::json plan(const std::filesystem::path& dump, Words arguments,
                                      const std::string& url = {}) const {
        arguments.insert(arguments.end(), {"--dry-run", "--json"});
        const auto result = run(dump, std::move(arguments), url);
        INFO(result.err << result.out);
        REQUIRE(result.exit_code == 0);
        return nlohmann::json::parse(result.out).at("plan");
    }
};

} // namespace

TEST_CASE("a restore into an empty target asks nothing and takes no safety dump") {
    for (const Words& arguments : std::vector<Words>{{}, {"--clean"}, {"--clean", "--exact"}}) {
        AskScene scene;
        const auto dump = scene.dump();
        scene.remember();
        CHECK(scene.plan(dump, arguments).at("asks") == false);
        CHECK(scene.plan(dump, arguments).at("safety_dump") == false);
        const auto result = scene.run(dump, arguments);
        scene.check_restored(result);
        CHECK(result.out.find("to undo") == std::string::npos);
        CHECK(scene.new_names().empty());
    }
}

TEST_CASE("a plan says that what is written after the safety dump is lost") {
    constexpr const char* k_loss = "A safety dump of the target is taken first.\nWhat is written "
                                   "between it and the restore is "
                                   "lost: stop the application first.\n";
    AskScene scene;
    const auto dump = scene.dump();
    const auto says_it = [&](const Words& arguments) {
        Words words = arguments;
        words.emplace_back("--dry-run");
        return scene.run(dump, words).out.find(k_loss) != std::string::npos;
    };
    CHECK_FALSE(says_it({"--clean"})); // the target is empty
    scene.target().psql("create table public.t (i int)");
    CHECK(says_it({"--clean", "--exact"}));
    CHECK_FALSE(says_it({"--clean", "--exact", "--no-safety-dump"}));
}

TEST_CASE("a restore with --create asks nothing, but --confirm must match") {
    AskScene scene;
    const auto dump = scene.dump();
    scene.remember();
    const std::string made = scene.target().name() + "_made";
    const std::string url = Cluster::shared().url(made);
    const auto refused = scene.run(dump, {"--create", "--confirm", "another"}, url);
    CHECK(refused.exit_code == k_refused);
    CHECK(refused.err.find("--confirm names 'another'") != std::string::npos);
    scene.check_untouched();
    scene.check_failed(scene.run(dump, {"--confirm", "another"}), k_refused, "--confirm names");
    scene.check_failed(scene.run(dump, {"--confirm", "elsewhere:5432/" + scene.target().name()}),
                       k_refused, "--confirm names");
    const auto result = scene.run(dump, {"--create"}, url);
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK(scene.new_names().empty());
    scene.target().psql(fmt::format("drop database \"{}\"", made));
}

TEST_CASE("a restore into a target that is not empty must be confirmed, with the whole command") {
    AskScene scene;
    const auto dump = scene.dump();
    for (const char* something : {"create table public.t (i int)",
                                  "create function public.f() returns int language sql as "
                                  "'select 1'",
                                  "create schema empty_one", "select lo_create(7)",
                                  "create extension hstore", "create publication p"}) {
        INFO(something);
        scene.renew_target();
        scene.target().psql(something);
        scene.remember();
        CHECK(scene.plan(dump, {}).at("asks") == true);
        const auto result = scene.run(dump, {});
        scene.check_failed(result, k_refused, "cannot ask for confirmation: not a terminal");
        CHECK(result.err.find(fmt::format("dbbackup restore {} --confirm {} --dir {}",
                                          dump.string(), scene.target().name(),
                                          scene.dumps().string())) != std::string::npos);
    }
}

TEST_CASE("an empty target that is filled before the restore begins loses nothing") {
    // The lock on the empty schema stops the restore after it has seen the target and before it
    // drops anything.
    for (const Words& arguments : std::vector<Words>{{"--clean", "--exact"}, {"--clean"}}) {
        AskScene scene;
        scene.source().psql("create table public.in_public (i int)");
        const auto dump = scene.dump();
        scene.remember();
        // Commits as soon as another session waits for its lock.
        ProgramOptions session;
        session.input = "begin; create table public.precious as select 42 as i; do $$ begin loop "
                        "perform pg_stat_clear_snapshot(); exit when exists (select from "
                        "pg_stat_activity where wait_event_type = 'Lock' and datname = "
                        "current_database()); perform pg_sleep(0.02); end loop; end $$; commit;";
        Program other{
            {(Cluster::shared().bin_dir() / "psql").string(), "-Xq", scene.target().url()},
            session};
        CHECK(eventually([&] {
            return scene.target().psql("select count(*) from pg_stat_activity where query like "
                                       "'do %' and datname = current_database()") != "0";
        }));
        Words all{dbbackup_path(), "restore", dump.string(), "--dir", scene.dumps().string()};
        all.insert(all.end(), arguments.begin(), arguments.end());
        const auto result = run_program(all, scene.options());
        CHECK(other.wait().exit_code == 0);
        INFO(result.err);
        CHECK(result.exit_code != 0);
        CHECK(scene.target().psql("select i from public.precious") == "42");
        CHECK(scene.target().psql("select count(*) from pg_namespace where nspname = 'shop'") ==
              "0");
    }
}

TEST_CASE("a plan begins with the part that is restored") {
    AskScene scene;
    const auto whole = scene.dump();
    const auto part = scene.dump({"-n", "shop"});
    CHECK(scene.run(part, {"--dry-run"}).out.starts_with("PARTIAL: only schema shop\n"));
    CHECK(scene.plan(part, {}).at("partial") == "only schema shop");
    CHECK(scene.plan(whole, {}).at("partial").is_null());
    CHECK(scene.plan(whole, {"-n", "sho*"}).at("partial") == "only schema shop");
    CHECK(scene.plan(whole, {"-t", "orders"}).at("partial") == "only table shop.orders");
}

TEST_CASE("a plan reports that the dump is of another database, without false alarms") {
    AskScene scene;
    const auto dump = scene.dump();
    const auto text = scene.run(dump, {"--dry-run"});
    INFO(text.out);
    CHECK(text.out.starts_with(
        fmt::format("ANOTHER DATABASE: the dump is of {} on ", scene.source().name())));
    CHECK(text.out.find(fmt::format(", the target is {} on ", scene.target().name())) !=
          std::string::npos);
    const auto same = scene.plan(dump, {"--clean"}, scene.source().url());
    CHECK(same.at("another_database").is_null());
    CHECK(same.at("dump").at("port") == same.at("target").at("port"));
}

TEST_CASE("objects created in the target during the question are not dropped unseen") {
    AskScene scene;
    const auto dump = scene.dump();
    scene.target().psql("create schema audit");
    TerminalProgram program{
        {dbbackup_path(), "restore", dump.string(), "--dir", scene.dumps().string(), "--clean"},
        scene.options()};
    REQUIRE(program.wait_for("Type the database name"));
    CHECK(program.output().find("no safety dump is taken") != std::string::npos);
    scene.target().psql("create schema shop; create sequence shop.invoice start 4711");
    program.type(scene.target().name() + "\n");
    CHECK(program.wait() == k_refused);
    CHECK(program.output().find("the target changed meanwhile") != std::string::npos);
    CHECK(scene.target().psql("select nextval('shop.invoice')") == "4711");
}
