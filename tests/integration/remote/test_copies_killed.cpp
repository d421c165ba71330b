// kill -9 at random moments: what is listed is whole, and a second run ends what the first began.

#include "support/catch.hpp"
#include "support/dumps/damage.hpp"
#include "support/scene/remote_scene.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <random>
#include <thread>

using namespace dbbackup::test;
namespace fs = std::filesystem;
using std::chrono::microseconds;

namespace {

class Killer {
public:
    Killer() { UNSCOPED_INFO("seed " << seed_); }

    /// Runs it whole once, and after each `prepare` kills it at a random moment of that time.
    void run(const RemoteScene& scene, const std::vector<std::string>& words, int rounds,
             const std::function<void()>& prepare, const std::function<void()>& check) {
        prepare();
        const auto started = std::chrono::steady_clock::now();
        REQUIRE(scene.run(words).exit_code == 0);
        const auto whole =
            std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - started);
        std::uniform_int_distribution<microseconds::rep> delays{0, whole.count()};
        for (int round = 0; round < rounds; ++round) {
            prepare();
            const microseconds delay{delays(random_)};
            INFO("seed " << seed_ << ", round " << round << ", after " << delay.count() << " us of "
                         << whole.count());
            Program killed{scene.words(words), scene.options()};
            std::this_thread::sleep_for(delay);
            killed.send(SIGKILL);
            (void)killed.wait();
            scene.seal().dumps().check_nothing_runs();
            check();
        }
    }

private:
    unsigned seed_ = std::random_device{}();
    std::mt19937 random_{seed_};
};

/// All copies go; what killed runs left stays.
void remove_copies(const fs::path& directory) {
    for (const std::string& name : names_in(directory)) {
        if (!name.starts_with('.')) {
            fs::remove(directory / name);
        }
    }
}

int some(int all, int few) {
    return is_long() ? all : few;
}

void check_whole_there(const RemoteScene& scene, const std::string& remote) {
    const auto verified = scene.run({"verify", "--all", "--from", remote});
    INFO(verified.err);
    CHECK((verified.exit_code == 0 || scene.listed(remote).empty()));
}

void check_no_uploads(const RemoteScene& scene, const std::string& remote) {
    for (const std::string& name : names_in(scene.place(remote))) {
        CHECK_FALSE(name.starts_with('.'));
    }
}

} // namespace

TEST_CASE("SIGKILL at random moments of push leaves only whole copies") {
    const RemoteScene scene;
    scene.seal().dumps().fill(2000);
    (void)scene.take();
    for (const std::string& remote : k_all_remotes) {
        CAPTURE(remote);
        Killer{}.run(
            scene, {"push", "--missing", "--to", remote},
            some(50, remote.starts_with("cloud") ? 2 : 4),
            [&] { remove_copies(scene.place(remote)); },
            [&] {
                check_whole_there(scene, remote);
                scene.check(0, {"push", "--missing", "--to", remote});
            });
        CHECK(scene.listed(remote).size() == 2);
        check_whole_there(scene, remote);
        // What the killed ones left is swept, but not before it is a day old.
        const auto names = names_in(scene.place(remote));
        scene.check(0, {"prune", "--keep-last", "9", "--from", remote});
        CHECK(names_in(scene.place(remote)) == names);
        scene.age_records(remote);
        scene.check(0, {"prune", "--keep-last", "9", "--from", remote});
        check_no_uploads(scene, remote);
        CHECK(scene.listed(remote).size() == 2);
    }
    CHECK(names_in(scene.temp() / "tmp").empty());
    scene.check(0, {"verify", "--all"});
}

TEST_CASE("SIGKILL at random moments of pull leaves only whole dumps") {
    const RemoteScene scene;
    scene.seal().dumps().fill(2000);
    const std::string name = scene.take({"--to", "disk", "--to", "cloud"});
    for (const std::string& remote : k_open_remotes) {
        CAPTURE(remote);
        Killer{}.run(
            scene, {"pull", name, "--from", remote}, some(25, remote == "cloud" ? 2 : 4),
            [&] {
                fs::remove(scene.dumps() / name);
                fs::remove(scene.dumps() / (name + ".json"));
            },
            [&] {
                if (fs::exists(scene.dumps() / (name + ".json"))) {
                    scene.check(0, {"verify", name});
                }
                const bool lacks_manifest = fs::exists(scene.dumps() / name) &&
                                            !fs::exists(scene.dumps() / (name + ".json"));
                const auto again = scene.run({"pull", name, "--from", remote});
                INFO(again.err);
                CHECK(again.exit_code == (lacks_manifest ? 1 : 0));
            });
    }
}

TEST_CASE("SIGKILL at random moments of prune --from leaves only whole copies") {
    const RemoteScene scene;
    for (int i = 0; i < 2; ++i) {
        (void)scene.take();
    }
    for (const std::string& remote : k_open_remotes) {
        CAPTURE(remote);
        Killer{}.run(
            scene, {"prune", "--keep-last", "1", "--from", remote},
            some(25, remote == "cloud" ? 2 : 4),
            [&] {
                scene.check(0, {"push", "--missing", "--to", remote});
                scene.check(0, {"verify", "--all", "--from", remote}); // with notes
            },
            [&] { check_whole_there(scene, remote); });
        scene.check(0, {"prune", "--keep-last", "1", "--from", remote});
        CHECK(scene.listed(remote).size() == 1);
        scene.age_records(remote);
        scene.check(0, {"prune", "--keep-last", "1", "--from", remote});
        const std::string kept = scene.listed(remote).at(0);
        for (const std::string& left : names_in(scene.place(remote))) {
            CAPTURE(left, kept);
            CHECK(left.starts_with(kept));
        }
    }
}
