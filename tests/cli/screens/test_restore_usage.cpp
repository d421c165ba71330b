// What `dbbackup restore` refuses before it reads or asks anything, and how it says so.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/scene/shop_restore.hpp"
#include "support/server/cluster.hpp"

#include <dbbackup/store/manifest_update.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

using namespace dbbackup;
using namespace dbbackup::test;

namespace {

constexpr int k_failed = 1;
constexpr int k_usage = 2;
constexpr int k_refused = 5;

using Words = std::vector<std::string>;

struct Refused {
    Words words;
    int exit_code;
    const char* message;
};

ProgramResult run(const ShopRestore& scene, Words words) {
    words.insert(words.begin(), {dbbackup_path(), "restore"});
    words.insert(words.end(), {"--dir", scene.dumps().string()});
    return run_program(words, scene.options());
}

} // namespace

TEST_CASE("restore: contradictory and meaningless options", "[slow]") {
    ShopRestore scene;
    (void)scene.dump();
    scene.remember();
    const std::string name = scene.target().name();
    for (const Refused& refused : std::vector<Refused>{
             {{"--confirm", "other", "--clean"}, k_refused, "--confirm names 'other'"},
             {{"--confirm", "", "--clean"}, k_refused, "--confirm names ''"},
             {{"--confirm", "elsewhere:5432/" + name, "--clean"}, k_refused, "the target is '/"},
             {{"--clean"}, k_refused, "cannot ask for confirmation: not a terminal"},
             {{"--confirm", name}, k_refused, "already contains objects of the dump"},
             {{"--confirm", name, "--create"}, k_refused, "already exists"},
             {{"--confirm", name, "--create", "--clean"}, k_usage, "--clean"},
             {{"--confirm", name, "--exact"}, k_usage, "--clean"},
             {{"--confirm", name, "--clean", "--lock-timeout", "0s"}, k_usage, "--lock-timeout"},
             {{"--confirm", name, "--clean", "--lock-timeout", "-1s"}, k_usage, ""},
             {{"--confirm", name, "--clean", "--lock-timeout", "soon"}, k_usage, ""},
             {{"--confirm", name, "--clean", "--lock-timeout", "100d"}, k_usage, "--lock-timeout"},
             {{"--confirm", name, "--clean", "--jobs", "0"}, k_usage, "--jobs"},
             {{"--confirm", name, "--clean", "--jobs", "2"}, k_usage, "--jobs needs an archive"},
             {{"nosuch.sql", "--confirm", name, "--clean"}, k_failed, "nosuch.sql"},
             {{"latest", "more", "--confirm", name}, k_usage, "more"},
             {{"--confirm", name, "--clean", "--", "-x"}, k_usage, "takes nothing after --"}}) {
        INFO(fmt::format("{}", fmt::join(refused.words, " ")));
        scene.check_failed(run(scene, refused.words), refused.exit_code, refused.message);
    }
}

TEST_CASE("a refusal names the obstacle and the alternatives", "[slow]") {
    ShopRestore scene;
    const auto dump = scene.dump();
    scene.remember();
    const auto conflict = scene.restore(dump);
    CHECK(conflict.err.find("shop.customers") != std::string::npos);
    CHECK(conflict.err.find("dbbackup restore " + dump.string()) != std::string::npos);
    CHECK(conflict.err.find("--clean") != std::string::npos);
    CHECK(conflict.err.find("--dir " + scene.dumps().string()) != std::string::npos);

    scene.target().psql("create schema reports; create view reports.sums as "
                        "select count(*) from shop.customers");
    scene.remember();
    scene.check_refused(dump, k_refused, "view reports.sums");
    scene.target().psql("drop schema reports cascade; create table public.child () inherits "
                        "(shop.customers)");
    scene.remember();
    scene.check_refused(dump, k_refused, "public.child");
}

TEST_CASE("a URL in place of a dump or a table is not repeated", "[slow]") {
    ShopRestore scene;
    (void)scene.dump();
    scene.remember();
    const std::string url = "postgresql://me:sEcReT@host/db";
    for (const Words& words : std::vector<Words>{{url}, {"--clean", "--table", url}}) {
        const auto result = run(scene, words);
        scene.check_failed(result, k_usage, "");
        CHECK(result.err.find("sEcReT") == std::string::npos);
        CHECK(result.err.find("me:") == std::string::npos);
    }
}

TEST_CASE("latest among dumps of several databases must be narrowed down", "[slow]") {
    ShopRestore scene;
    (void)scene.dump();
    const TestDatabase other;
    (void)take_dump(other.url(), scene.dumps());
    scene.remember();
    const auto result = run(scene, {"--confirm", scene.target().name(), "--clean"});
    scene.check_failed(result, k_usage, "is ambiguous: there are dumps of several databases");
    CHECK(result.err.find(other.name()) != std::string::npos);
    CHECK(result.err.find(scene.source().name()) != std::string::npos);
}

TEST_CASE("restore: --dry-run reports what would happen and changes nothing", "[slow]") {
    ShopRestore scene;
    const auto dump = scene.dump();
    scene.remember();
    const auto text = run(scene, {dump.string(), "--clean", "--dry-run"});
    INFO(text.err);
    CHECK(text.exit_code == 0);
    CHECK(text.out.find("schema shop") != std::string::npos);
    CHECK(text.out.find("vanishes") != std::string::npos);
    scene.check_untouched();

    const auto json = run(scene, {dump.string(), "--clean", "--dry-run", "--json"});
    CHECK(json.exit_code == 0);
    CHECK(nlohmann::json::parse(json.out).is_object());
    scene.check_untouched();

    const std::string made = scene.target().name() + "_made";
    ProgramOptions options = scene.options();
    options.environment["DATABASE_URL"] = Cluster::shared().url(made);
    const auto create =
        run_program({dbbackup_path(), "restore", dump.string(), "--create", "--dry-run"}, options);
    INFO(create.err);
    CHECK(create.exit_code == 0);
    scene.check_no_other_database();
}

TEST_CASE("a dump that was found damaged is not restored without a warning", "[slow]") {
    ShopRestore scene;
    const auto dump = scene.dump();
    store::Manifest::Verification damage;
    damage.level = "restore";
    damage.at = base::parse_utc("2026-11-20T03:15:00.000Z").value();
    damage.result = "a check\nfails";
    store::record_verification(store::DumpDirectory::open(scene.dumps()), dump.filename().string(),
                               damage);
    scene.remember();
    const std::string warning =
        "verify found the dump damaged at 2026-11-20T03:15:00.000Z: a check; fails";
    const auto json = run(scene, {"--clean", "--dry-run", "--json"});
    REQUIRE(json.exit_code == 0);
    CHECK(nlohmann::json::parse(json.out).at("plan").at("warnings") ==
          nlohmann::json::array({warning}));
    scene.check_untouched();
    const auto result =
        run(scene, {"--clean", "--no-safety-dump", "--confirm", scene.target().name()});
    CHECK(result.err.find("Warning: " + warning + ".\n") != std::string::npos);
    scene.check_new(result);
}

TEST_CASE("restore: a failed --create leaves no database") {
    const ShopRestore scene;
    const std::string made = scene.target().name() + "_made";
    ProgramOptions options = scene.options();
    options.environment["DATABASE_URL"] = Cluster::shared().url(made);
    const auto bad = scene.write_dump(
        with_last(scene.sql(), "CREATE MATERIALIZED VIEW shop.x AS SELECT 1/0 AS x WITH NO DATA;\n"
                               "REFRESH MATERIALIZED VIEW shop.x;"));
    const auto result = run_program(
        {dbbackup_path(), "restore", bad.string(), "--create", "--confirm", made}, options);
    INFO(result.err);
    CHECK(result.exit_code == k_failed);
    CHECK(result.err.find("division by zero") != std::string::npos);
    scene.check_no_other_database();
}

TEST_CASE("restore: an error as JSON") {
    ShopRestore scene;
    const auto dump = scene.dump();
    scene.remember();
    const auto result = run(scene, {dump.string(), "--confirm", scene.target().name(), "--json"});
    CHECK(result.exit_code == k_refused);
    const auto error = nlohmann::json::parse(result.out).at("error");
    CHECK(error.at("kind") == "refused");
    CHECK(error.at("message").get<std::string>().find("shop.customers") != std::string::npos);
    CHECK_FALSE(error.at("hint").get<std::string>().empty());
    scene.check_untouched();
}
