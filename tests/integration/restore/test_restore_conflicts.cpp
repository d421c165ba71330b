// Another session is in the way of a restore's transaction, and the server ends it.

#include "support/catch.hpp"
#include "support/scene/shop_restore.hpp"
#include "support/server/server_side.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <string>

using namespace dbbackup::test;

namespace {

constexpr int k_failed = 1;
constexpr int k_refused = 5;
/// As in the program.
constexpr int k_most_attempts = 5;

/// A target in which the server ends a transaction that makes a view, with `sqlstate`, `times`
/// times, as if another session had been in its way. What counts that outlives the rollbacks.
struct ConflictScene : ShopRestore {
    std::filesystem::path taken = dump();

    ConflictScene(const std::string& sqlstate, int times, const std::string& before = "null;",
                  const std::string& when = "ddl_command_end when tag in ('CREATE VIEW')") {
        target().psql(fmt::format(
            "create schema keep; create sequence keep.attempts; "
            "create function keep.conflict() returns event_trigger language plpgsql as $$ begin "
            "if nextval('keep.attempts') <= {} then {} raise exception 'planned' using errcode = "
            "'{}'; end if; end $$; "
            "create event trigger conflict on {} execute function keep.conflict()",
            times, before, sqlstate, when));
        remember();
    }

    ~ConflictScene() { target().psql("drop event trigger if exists conflict"); }

    /// Replaces what is there, with safety dumps.
    [[nodiscard]] ProgramResult restore_safely() const {
        return run_program(words(taken, {"--clean"}), options());
    }

    [[nodiscard]] std::string attempts() const {
        return target().psql("select last_value from keep.attempts");
    }
};

} // namespace

TEST_CASE("a restore that the server rolled back because of another session is tried again") {
    for (const std::string sqlstate : {"40P01", "40001"}) {
        INFO(sqlstate);
        const ConflictScene scene{sqlstate, 2};
        const ProgramResult result = scene.restore_safely();
        INFO(result.err);
        CHECK(result.exit_code == 0);
        CHECK(scene.is_new());
        CHECK(scene.attempts() == "3");
        CHECK(result.err.find("trying again (2 of 5)") != std::string::npos);
        CHECK(result.err.find("trying again (3 of 5)") != std::string::npos);
        CHECK(result.err.find("(4 of 5)") == std::string::npos);
    }
}

TEST_CASE("a restore gives up if another session is in its way each time") {
    ConflictScene scene{"40P01", 1000};
    const ProgramResult result = scene.restore_safely();
    CHECK(scene.attempts() == std::to_string(k_most_attempts));
    CHECK(result.exit_code == k_failed);
    CHECK(result.err.find("(tried 5 times)") != std::string::npos);
    CHECK(result.err.find("Nothing was changed.") != std::string::npos);
    scene.target().psql("select setval('keep.attempts', 1, false)");
    const auto safety_dumps = scene.new_names();
    CHECK(safety_dumps.size() == std::size_t{2} * k_most_attempts); // with their manifests
    for (const std::string& name : safety_dumps) {
        std::filesystem::remove(scene.dumps() / name);
    }
    scene.check_untouched();
}

TEST_CASE("a restore that the server refuses for another reason is not tried again") {
    ConflictScene scene{"P0001", 1000};
    const ProgramResult result = scene.restore(scene.taken, {"--clean"});
    CHECK(result.exit_code == k_failed);
    CHECK(result.err.find("trying again") == std::string::npos);
    CHECK(scene.attempts() == "1");
}

TEST_CASE("rows that came into the target meanwhile are in the safety dump of the next attempt") {
    // The server itself commits it, in another session, before the first attempt has locked
    // anything.
    const std::string psql = (Cluster::shared().bin_dir() / "psql").string();
    const std::string before = fmt::format(
        "execute format($x$copy (select 1) to program %L$x$, format($y$'{}' -Xqc 'insert into "
        "shop.legacy select from shop.legacy limit 1' -h '{}' -U postgres -d '%s'$y$, "
        "current_database()));",
        psql, Cluster::shared().socket_directory());
    ConflictScene scene{"40P01", 1, before, "ddl_command_start when tag in ('DROP SCHEMA')"};
    SECTION("with a safety dump") {
        const ProgramResult result = scene.restore_safely();
        INFO(result.err);
        REQUIRE(result.exit_code == 0);
        std::vector<int> rows; // in the safety dumps, the older one first
        for (const std::string& name : scene.new_names()) {
            if (!name.ends_with(".json")) {
                continue;
            }
            const auto manifest = nlohmann::json::parse(read_file(scene.dumps() / name));
            for (const auto& table : manifest.at("contents").at("tables")) {
                if (manifest.at("dump").at("safety") == true && table.at("name") == "legacy") {
                    rows.push_back(table.at("rows").get<int>());
                }
            }
        }
        CHECK(rows == std::vector<int>{70, 71});
    }
    SECTION("without one, it is not tried again") {
        const ProgramResult result = scene.restore(scene.taken, {"--clean"});
        INFO(result.err);
        CHECK(result.exit_code == k_failed);
        CHECK(result.err.find("trying again") == std::string::npos);
        CHECK(scene.target().psql("select count(*) from shop.legacy") == "71");
    }
}

TEST_CASE("what came into the target meanwhile is not lost when a restore is tried again") {
    // The server itself makes it, in another session, before the first attempt has locked anything.
    const std::string psql = (Cluster::shared().bin_dir() / "psql").string();
    ConflictScene scene{
        "40P01", 1,
        fmt::format("execute format($x$copy (select 1) to program %L$x$, format($y$'{}' -Xqc "
                    "'create table shop.late (i int)' -h '{}' -U postgres -d '%s'$y$, "
                    "current_database()));",
                    psql, Cluster::shared().socket_directory()),
        "ddl_command_start when tag in ('DROP SCHEMA')"};
    const ProgramResult result = scene.restore_safely();
    INFO(result.err);
    CHECK(result.exit_code == k_refused);
    CHECK(result.err.find("trying again (2 of 5)") != std::string::npos);
    CHECK(result.err.find("table shop.late was created in the target meanwhile") !=
          std::string::npos);
    CHECK(scene.target().psql("select count(*) from shop.late") == "0");
    CHECK(scene.target().psql("select count(*) from shop.legacy") == "70");
}
