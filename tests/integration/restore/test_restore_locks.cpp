// Conflicts: sessions that hold locks, other restores, other dumps.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/program/processes.hpp"
#include "support/scene/shop_restore.hpp"
#include "support/server/server_side.hpp"

#include <csignal>
#include <memory>
#include <utility>

using namespace dbbackup::test;

namespace {

/// Allows counting and dumping, but not dropping: a restore waits within its transaction.
constexpr const char* k_reading = "access share";

constexpr int k_failed = 1;
constexpr int k_damaged = 3;
constexpr int k_locked = 4;
constexpr int k_refused = 5;

std::unique_ptr<Program> start(const ShopRestore& scene, const std::filesystem::path& dump,
                               std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.end(), {"--clean", "--no-safety-dump"});
    return std::make_unique<Program>(scene.words(dump, std::move(arguments)), scene.options());
}

bool waits(const Program& program) {
    return eventually(
        [&program] { return program.err_so_far().find("waiting: ") != std::string::npos; });
}

std::string shop_in(const TestDatabase& database) {
    return pg_dump_of(database.name(), {"-n", "shop"});
}

/// Changes the rows of orders for a dump that is rewritten during its restore.
void change_source(const ShopRestore& scene) {
    scene.source().psql("update shop.orders set amount = amount + 1");
}

} // namespace

TEST_CASE("a lock held beyond --lock-timeout ends a restore, which names the holder") {
    ShopRestore scene;
    const auto dump = scene.dump();
    scene.remember();
    // Tables locked for writing rows can be counted, but not dropped.
    for (const auto& [table, mode] : {std::pair{"shop.customers", "access exclusive"},
                                      {"shop.customers", "row exclusive"},
                                      {"shop.legacy", "access share"}}) {
        INFO(table << " in " << mode);
        const HeldLock lock{scene.target(), table, mode};
        // Long enough to ask who holds the lock, on a loaded machine too.
        const auto result = scene.restore(dump, {"--clean", "--lock-timeout", "2s"});
        CHECK(result.exit_code == k_failed);
        CHECK(result.err.find("gave up after waiting") != std::string::npos);
        CHECK(result.err.find("session ") != std::string::npos);
        CHECK(result.err.find("of postgres") != std::string::npos);
        CHECK(result.err.find(table) != std::string::npos);
        CHECK(result.err.find("--disconnect-others") != std::string::npos);
    }
    scene.check_untouched();
}

TEST_CASE("a lock released in time only delays a restore") {
    const ShopRestore scene;
    const auto dump = scene.dump();
    auto lock = std::make_unique<HeldLock>(scene.target(), "shop.customers", k_reading);
    const auto program = start(scene, dump);
    REQUIRE(waits(*program));
    CHECK(program->err_so_far().find("shop.customers") != std::string::npos);
    lock.reset();
    scene.check_new(program->wait());
}

TEST_CASE("restore --disconnect-others ends conflicting sessions") {
    const ShopRestore scene;
    const auto dump = scene.dump();
    const HeldLock customers{scene.target(), "shop.customers"};
    const HeldLock legacy{scene.target(), "shop.legacy"};
    scene.check_new(scene.restore(dump, {"--clean", "--disconnect-others"}));
}

TEST_CASE("options --lock-timeout and --disconnect-others also apply to the safety dump") {
    // It has no rows of its own to count, but pg_dump locks it.
    constexpr const char* k_uncounted = "only shop.parts";
    ShopRestore scene;
    const auto dump = scene.dump();
    scene.target().psql("create table shop.parts (i integer) partition by list (i)");
    scene.remember();
    auto held = std::make_unique<HeldLock>(scene.target(), k_uncounted);
    const auto failed =
        run_program(scene.words(dump, {"--clean", "--lock-timeout", "300ms"}), scene.options());
    held.reset();
    scene.check_failed(failed, k_failed, "the safety dump failed");
    CHECK(failed.err.find("allow more time with --lock-timeout") != std::string::npos);

    const HeldLock lock{scene.target(), k_uncounted};
    const auto result =
        run_program(scene.words(dump, {"--clean", "--disconnect-others"}), scene.options());
    scene.check_new(result);
    CHECK(result.out.find("to undo") != std::string::npos);
}

TEST_CASE("option --disconnect-others disconnects nobody before the restore is confirmed") {
    ShopRestore scene;
    const auto dump = scene.dump();
    scene.remember();
    const HeldLock lock{scene.target(), "shop.customers"};
    const auto result = scene.restore(dump, {"--clean", "--disconnect-others", "--dry-run"});
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK(result.out.find("shop.customers") != std::string::npos);
    CHECK(scene.target().psql("select count(*) from pg_locks where mode = 'AccessExclusiveLock' "
                              "and relation = 'shop.customers'::regclass") == "1");
}

TEST_CASE("a signal while a restore waits for a lock changes nothing") {
    ShopRestore scene;
    const auto dump = scene.dump();
    scene.remember();
    for (const int signal_number : {SIGINT, SIGTERM, SIGHUP, SIGKILL}) {
        INFO(signal_number);
        auto lock = std::make_unique<HeldLock>(scene.target(), "shop.customers", k_reading);
        const auto program = start(scene, dump);
        REQUIRE(waits(*program));
        program->send(signal_number);
        CHECK(program->wait().exit_code == 128 + signal_number);
        const auto no_session = [&scene] {
            return scene.target().psql("select count(*) from pg_stat_activity where datname = "
                                       "current_database() and application_name = 'dbbackup'") ==
                   "0";
        };
        // No session may keep waiting, and drop everything after the lock is released. A server
        // before 14 does not see while it waits that its client was killed; then it rolls back.
        const bool sees_it = signal_number != SIGKILL || Cluster::shared().major() >= 14;
        CHECK((!sees_it || eventually(no_session)));
        lock.reset();
        CHECK(eventually(no_session));
    }
    scene.check_untouched();
}

TEST_CASE("a dump that is rewritten during its restore is not committed") {
    const std::vector<std::vector<std::string>> ways{
        {"-Z", "none"}, {"-Z", "gzip"}, {"-Z", "zstd"}, {"-F", "custom"}};
    for (const auto& way : ways) {
        INFO(way.back());
        ShopRestore scene;
        const auto dump = scene.dump(way);
        change_source(scene);
        const TakenDump other = take_dump(scene.source().url(), scene.temp() / "other", way);
        scene.remember();
        const std::string content = read_file(dump);
        const std::string others = read_file(other.path);
        std::vector<std::string> all{others};
        if (way.back() == "none") {
            all.insert(all.end(), {content.substr(0, content.size() / 2), content + "\n", ""});
        }
        for (const std::string& rewritten : all) {
            INFO(rewritten.size() << " instead of " << content.size() << " bytes");
            auto lock = std::make_unique<HeldLock>(scene.target(), "shop.customers", k_reading);
            const auto program = start(scene, dump);
            REQUIRE(waits(*program));
            write_file(dump, rewritten); // the same file, in place
            lock.reset();
            scene.check_failed(program->wait(), k_damaged);
            write_file(dump, content);
        }
    }
}

TEST_CASE("a dump whose name another file takes during its restore is restored as checked") {
    ShopRestore scene;
    const std::string good = shop_in(scene.source());
    const auto dump = scene.dump();
    change_source(scene);
    const TakenDump other = take_dump(scene.source().url(), scene.temp() / "other");
    auto lock = std::make_unique<HeldLock>(scene.target(), "shop.customers", k_reading);
    const auto program = start(scene, dump);
    REQUIRE(waits(*program));
    std::filesystem::rename(other.path, dump);
    lock.reset();
    CHECK(program->wait().exit_code == 0);
    CHECK(first_difference(shop_in(scene.target()), good) == "");
}

TEST_CASE("two restores into one database at once: each restores its whole dump or nothing") {
    ShopRestore scene;
    const auto first = scene.dump();
    const std::string first_state = shop_in(scene.source());
    change_source(scene);
    const auto second = scene.dump({"-F", "custom"});
    const std::string second_state = shop_in(scene.source());
    for (int round = 0; round < 3; ++round) {
        const auto a = start(scene, first);
        const auto b = start(scene, second);
        const ProgramResult result_a = a->wait();
        const ProgramResult result_b = b->wait();
        INFO(result_a.err << result_b.err);
        for (const int code : {result_a.exit_code, result_b.exit_code}) {
            // Refused: what the other one has created meanwhile is not dropped unseen.
            CHECK((code == 0 || code == k_locked || code == k_refused));
        }
        CHECK((result_a.exit_code == 0 || result_b.exit_code == 0));
        const std::string state = shop_in(scene.target());
        CHECK((state == first_state || state == second_state));
        if (result_b.exit_code != 0) {
            CHECK(state == first_state);
        }
        if (result_a.exit_code != 0) {
            CHECK(state == second_state);
        }
        scene.reset_target();
    }
}

TEST_CASE("a second restore is refused while the first one waits") {
    ShopRestore scene;
    const auto dump = scene.dump();
    scene.remember();
    auto lock = std::make_unique<HeldLock>(scene.target(), "shop.customers", k_reading);
    const auto program = start(scene, dump);
    REQUIRE(waits(*program));
    const auto result = scene.restore(dump, {"--clean"});
    CHECK(result.exit_code == k_locked);
    CHECK(result.err.find("another restore into this database is under way") != std::string::npos);
    lock.reset();
    scene.check_new(program->wait());
}
