// kill -9 at random moments of a sealed dump leaves nothing under a final name.

#include "support/catch.hpp"
#include "support/dumps/damage.hpp"
#include "support/scene/seal_scene.hpp"

#include <chrono>
#include <csignal>
#include <random>
#include <thread>

using namespace dbbackup::test;

TEST_CASE("SIGKILL at random moments of a sealed dump leaves nothing that is not one") {
    const SealScene scene;
    scene.dumps().fill(4000);
    const unsigned seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 random{seed};
    const auto started = std::chrono::steady_clock::now();
    (void)scene.take();
    const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - started);
    scene.dumps().remove_new();
    std::uniform_int_distribution<std::chrono::microseconds::rep> delays{0, whole.count()};
    for (int round = 0; round < (is_long() ? 100 : 10); ++round) {
        CAPTURE(round);
        const std::vector<std::string> way =
            round % 2 == 0 ? std::vector<std::string>{} : std::vector<std::string>{"-F", "custom"};
        Program run{scene.words(way), scene.dumps().options()};
        std::this_thread::sleep_for(std::chrono::microseconds{delays(random)});
        run.send(SIGKILL);
        (void)run.wait();
        scene.dumps().check_nothing_runs();
        for (const std::string& name : scene.dumps().new_names()) {
            CAPTURE(name);
            if (name.ends_with(".age")) { // it was done before
                CHECK(scene.run_open({"verify", name}).exit_code == 0);
            } else {
                CHECK((name.starts_with('.') || name.ends_with(".age.json")));
            }
        }
        scene.dumps().remove_new();
    }
}
