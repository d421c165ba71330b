// Signals at random moments of a restore: the target is entirely old or entirely new, and the exit
// code says which. DBBACKUP_TEST_LONG tries many more moments.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/program/processes.hpp"
#include "support/scene/shop_restore.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fmt/format.h>
#include <random>
#include <thread>

using namespace dbbackup::test;
using Microseconds = std::chrono::microseconds;

namespace {

int moments(int few, int many) {
    return std::getenv("DBBACKUP_TEST_LONG") == nullptr ? few : many;
}

/// A restore of some megabytes, to be hit at a random moment.
class Moments {
public:
    explicit Moments(std::vector<std::string> arguments, const std::vector<std::string>& way = {})
        : arguments_(std::move(arguments)) {
        scene_.source().psql(
            "create table shop.noise as select g as id, md5(g::text) || md5('x' || "
            "g) as noise from generate_series(1, 20000) g; "
            "create index on shop.noise (noise)");
        dump_ = scene_.dump(way);
        new_state_ = shop_state();
        scene_.remember();
        const auto started = std::chrono::steady_clock::now();
        REQUIRE(scene_.restore(dump_, arguments_).exit_code == 0);
        duration_ =
            std::chrono::duration_cast<Microseconds>(std::chrono::steady_clock::now() - started);
        new_state_ = shop_state();
        REQUIRE(new_state_ == pg_dump_of(scene_.source().name(), {"-n", "shop"}));
        put_old_back();
    }

    [[nodiscard]] const ShopRestore& scene() const { return scene_; }

    [[nodiscard]] unsigned seed() const { return seed_; }

    [[nodiscard]] ProgramResult hit(int signal_number) {
        // A little past the end too.
        std::uniform_int_distribution<Microseconds::rep> delays{0, duration_.count() * 11 / 10};
        std::vector<std::string> arguments = arguments_;
        arguments.emplace_back("--no-safety-dump");
        Program run{scene_.words(dump_, arguments), scene_.options()};
        std::this_thread::sleep_for(Microseconds{delays(random_)});
        run.send(signal_number);
        return run.wait();
    }

    /// True if the target is entirely new; checks that otherwise it is entirely old.
    [[nodiscard]] bool is_new() const {
        if (shop_state() == new_state_) {
            return true;
        }
        scene_.check_untouched();
        return false;
    }

    void put_old_back() const { scene_.reset_target(); }

private:
    [[nodiscard]] std::string shop_state() const {
        return pg_dump_of(scene_.target().name(), {"-n", "shop"});
    }

    ShopRestore scene_;
    std::vector<std::string> arguments_;
    std::filesystem::path dump_;
    std::string new_state_;
    unsigned seed_ = std::random_device{}();
    std::mt19937 random_{seed_};
    Microseconds duration_{};
};

/// Signals that dbbackup handles: its exit code tells which state it is.
void check_signal(int signal_number, const std::vector<std::string>& way) {
    Moments moment{{"--clean"}, way};
    INFO("seed " << moment.seed());
    const int rounds = moments(4, 60);
    for (int round = 0; round < rounds; ++round) {
        const ProgramResult result = moment.hit(signal_number);
        CAPTURE(round, result.err, result.out);
        CHECK((result.exit_code == 0 || result.exit_code == 128 + signal_number));
        const bool is_new = moment.is_new();
        CHECK(is_new == (result.exit_code == 0));
        if (is_new) {
            moment.put_old_back();
        }
    }
}

} // namespace

TEST_CASE("SIGINT at random moments of a restore") {
    check_signal(SIGINT, {});
}

TEST_CASE("SIGTERM at random moments of a restore") {
    check_signal(SIGTERM, {"-F", "custom"});
}

TEST_CASE("SIGHUP at random moments of a restore") {
    check_signal(SIGHUP, {"-Z", "zstd"});
}

TEST_CASE("SIGKILL at random moments of a restore") {
    Moments moment{{"--clean"}};
    INFO("seed " << moment.seed());
    int restored = 0;
    const int rounds = moments(12, 200);
    for (int round = 0; round < rounds; ++round) {
        const ProgramResult result = moment.hit(SIGKILL);
        CAPTURE(round, result.err);
        CHECK((result.exit_code == 0 || result.signal_number == SIGKILL));
        // The server may still be running the last command.
        CHECK(eventually([&] {
            return moment.scene().target().psql(
                       "select count(*) from pg_stat_activity where application_name = 'dbbackup' "
                       "and datname = current_database()") == "0";
        }));
        if (moment.is_new()) {
            ++restored;
            moment.put_old_back();
        } else {
            CHECK(result.exit_code != 0);
        }
    }
    fmt::print("seed {}: of {} kills {} came after the commit\n", moment.seed(), rounds, restored);
}

TEST_CASE("signals at random moments of a restore that creates its database") {
    const ShopRestore scene;
    const auto dump = scene.dump();
    const std::string name = scene.target().name() + "_made";
    ProgramOptions options = scene.options();
    options.environment["DATABASE_URL"] = Cluster::shared().url(name);
    auto words = scene.words(dump, {"--create"});
    words[6] = name; // --confirm
    std::mt19937 random{std::random_device{}()};
    std::uniform_int_distribution<int> delays{0, 500};
    const int rounds = moments(8, 100);
    for (int round = 0; round < rounds; ++round) {
        Program run{words, options};
        std::this_thread::sleep_for(std::chrono::milliseconds{delays(random)});
        run.send(round % 2 == 0 ? SIGINT : SIGTERM);
        const ProgramResult result = run.wait();
        CAPTURE(round, result.err, result.out);
        CHECK((result.exit_code == 0 || result.exit_code == (round % 2 == 0 ? 130 : 143)));
        if (result.exit_code == 0) {
            CHECK(pg_dump_of(name, {}) == pg_dump_of(scene.source().name(), {}));
            Cluster::shared().psql("postgres", fmt::format("drop database {} with (force)", name));
        }
        scene.check_no_other_database();
    }
}
