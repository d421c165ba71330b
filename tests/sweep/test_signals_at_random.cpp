// Signals at random moments of a dump. DBBACKUP_TEST_LONG tries many more moments.

#include "support/catch.hpp"
#include "support/program/processes.hpp"
#include "support/scene/dump_scene.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fmt/format.h>
#include <random>
#include <thread>

using namespace dbbackup::test;
using namespace std::chrono_literals;

namespace {

using Arguments = std::vector<std::string>;
using Microseconds = std::chrono::microseconds;

const std::vector<Arguments> k_ways{{}, {"-Z", "none"}, {"-F", "custom"}};

int moments(int many) {
    return std::getenv("DBBACKUP_TEST_LONG") == nullptr ? 12 : many;
}

/// Dumps of some megabytes, to be hit at a random moment.
class Moments {
public:
    Moments() : seed_(std::random_device{}()), random_(seed_) {
        scene_.fill(6000);
        for (const Arguments& way : k_ways) {
            durations_.push_back(measure(way));
        }
    }

    [[nodiscard]] const DumpScene& scene() const { return scene_; }

    [[nodiscard]] unsigned seed() const { return seed_; }

    /// Sends a signal to a run at a random moment. Returns its result.
    [[nodiscard]] ProgramResult hit(int round, int signal_number) {
        const std::size_t way = static_cast<std::size_t>(round) % k_ways.size();
        // A little past the end too.
        std::uniform_int_distribution<Microseconds::rep> delays{0,
                                                                durations_[way].count() * 11 / 10};
        Program run{scene_.words(k_ways[way]), scene_.options()};
        std::this_thread::sleep_for(Microseconds{delays(random_)});
        run.send(signal_number);
        return run.wait();
    }

private:
    [[nodiscard]] Microseconds measure(const Arguments& way) const {
        const auto started = std::chrono::steady_clock::now();
        REQUIRE(scene_.dump(way).exit_code == 0);
        const auto elapsed = std::chrono::steady_clock::now() - started;
        scene_.remove_new();
        return std::chrono::duration_cast<Microseconds>(elapsed);
    }

    DumpScene scene_;
    unsigned seed_;
    std::mt19937 random_;
    std::vector<Microseconds> durations_;
};

/// Signals that dbbackup handles: it cleans up.
void check_signal(int signal_number, int many) {
    Moments moment;
    INFO("seed " << moment.seed());
    int ended = 0;
    const int rounds = moments(many);
    for (int round = 0; round < rounds; ++round) {
        const ProgramResult result = moment.hit(round, signal_number);
        CAPTURE(round, result.err, result.out);
        if (result.exit_code == 0) {
            moment.scene().check_dumped(result); // it was done before
            moment.scene().remove_new();
        } else {
            ++ended;
            CHECK(result.exit_code == 128 + signal_number);
            // So early that it had not started, or reported on stderr.
            CHECK((result.signal_number == signal_number || !result.err.empty()));
            moment.scene().check_untouched();
        }
    }
    CHECK(ended > 0);
    const ProgramResult next = moment.scene().dump();
    moment.scene().check_dumped(next);
}

struct KillCounts {
    int partial = 0;  ///< runs that left a partial file
    int dumped = 0;   ///< runs that left a dump with its manifest
    int unlisted = 0; ///< runs that left a whole dump without a manifest
};

/// After a SIGKILL: any file with a final name must be whole; hidden leftovers do not matter.
void check_remains(const DumpScene& scene, KillCounts& counts) {
    const std::vector<std::string> names = scene.new_names();
    for (const std::string& name : names) {
        CAPTURE(name);
        if (name.starts_with('.')) {
            counts.partial +=
                name.ends_with(".partial") && !name.ends_with(".json.partial") ? 1 : 0;
        } else if (name.ends_with(".json")) {
            CHECK(std::ranges::count(names, name.substr(0, name.size() - 5)) == 1);
        } else {
            check_whole(scene.dumps() / name);
            const bool listed = std::filesystem::exists(scene.dumps() / (name + ".json"));
            (listed ? counts.dumped : counts.unlisted) += 1;
        }
    }
    scene.check_earlier_untouched();
}

} // namespace

TEST_CASE("SIGINT at random moments") {
    check_signal(SIGINT, 60);
}

TEST_CASE("SIGTERM at random moments") {
    check_signal(SIGTERM, 60);
}

TEST_CASE("SIGHUP at random moments") {
    check_signal(SIGHUP, 60);
}

TEST_CASE("SIGKILL at random moments") {
    Moments moment;
    INFO("seed " << moment.seed());
    const DumpScene& scene = moment.scene();
    KillCounts counts;
    auto slowest = 0ms;
    const int rounds = moments(250);
    for (int round = 0; round < rounds; ++round) {
        const ProgramResult result = moment.hit(round, SIGKILL);
        CAPTURE(round, result.err);
        CHECK((result.exit_code == 0 || result.signal_number == SIGKILL));
        const auto killed = std::chrono::steady_clock::now();
        scene.check_nothing_runs();
        slowest = std::max(slowest, std::chrono::duration_cast<std::chrono::milliseconds>(
                                        std::chrono::steady_clock::now() - killed));
        check_remains(scene, counts);
        // Leftovers do not hinder the next run: tried every few rounds, because it takes time.
        if (round % 6 == 5) {
            CHECK(scene.dump().exit_code == 0);
        }
        scene.remove_new();
    }
    CHECK(slowest < 1s); // the kernel's death signal ends pg_dump at once
    fmt::print("seed {}: {} kills left {} partial files, {} dumps, {} dumps without a manifest; "
               "the last process or session was gone after {} ms at most\n",
               moment.seed(), rounds, counts.partial, counts.dumped, counts.unlisted,
               slowest.count());
}
