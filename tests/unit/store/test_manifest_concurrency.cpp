#include "support/catch.hpp"
#include "unit/store/manifest_scene.hpp"

#include <dbbackup/base/error.hpp>

#include <csignal>
#include <fcntl.h>
#include <functional>
#include <random>
#include <set>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace dbbackup;
using namespace dbbackup::test;
using namespace std::chrono_literals;
using store::Pinned;

namespace {

/// A process that runs `work`, and exits 0 unless that throws.
pid_t start(const std::function<void()>& work) {
    const pid_t child = ::fork();
    if (child == 0) {
        try {
            work();
        } catch (const std::exception& error) {
            [[maybe_unused]] const auto told =
                ::write(STDERR_FILENO, error.what(), std::char_traits<char>::length(error.what()));
            ::_exit(1);
        }
        ::_exit(0);
    }
    REQUIRE(child > 0);
    return child;
}

int end_of(pid_t child) {
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return status;
}

} // namespace

TEST_CASE("eight processes that record and one that pins lose nothing") {
    constexpr int k_processes = 8;
    constexpr int k_each = 25;
    const ManifestScene scene;
    std::vector<pid_t> children;
    for (int process = 0; process < k_processes; ++process) {
        children.push_back(start([&] {
            for (int i = 0; i < k_each; ++i) {
                // Each with a different level, so that none is too old to be kept.
                const int number = process * k_each + i;
                scene.record("level " + std::to_string(number), number, "ok");
            }
        }));
    }
    children.push_back(start([&] {
        for (int i = 0; i < k_each; ++i) {
            (void)scene.pin(i % 2 == 0 ? Pinned::yes : Pinned::no);
        }
    }));
    for (const pid_t child : children) {
        CHECK(end_of(child) == 0);
    }
    std::set<std::string> levels;
    for (const auto& verification : scene.manifest().verifications) {
        levels.insert(verification.level);
    }
    CHECK(levels.size() == k_processes * k_each);
    CHECK(scene.manifest().pinned);
    CHECK(names_in(scene.temp.path()) == std::vector<std::string>{"x.sql", "x.sql.json"});
}

TEST_CASE("threads of one process also lock each other out, and readers see whole manifests") {
    const ManifestScene scene;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&scene, thread] {
            for (int i = 0; i < 10; ++i) {
                scene.record("level " + std::to_string(10 * thread + i), i, "ok");
            }
        });
    }
    std::size_t seen = 0;
    while (seen < 40) {
        const std::size_t now = scene.manifest().verifications.size();
        REQUIRE(now >= seen);
        seen = now;
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
}

TEST_CASE("a kill at any moment leaves a whole manifest, and the next update works", "[slow]") {
    const ManifestScene scene;
    std::mt19937 random{20261120}; // NOLINT(cert-msc51-cpp): the same moments in every run
    std::size_t recorded = 0;
    for (int round = 0; round < 60; ++round) {
        const pid_t child = start([&] {
            for (int i = 0; i < 1000; ++i) {
                scene.record("level " + std::to_string(::getpid()) + "." + std::to_string(i), i,
                             "ok");
            }
        });
        std::this_thread::sleep_for(std::chrono::microseconds{random() % 8000});
        ::kill(child, SIGKILL);
        (void)end_of(child);
        const std::size_t now = scene.manifest().verifications.size();
        REQUIRE(now >= recorded);
        scene.record("after " + std::to_string(round), round, "ok");
        recorded = scene.manifest().verifications.size();
        REQUIRE(recorded == now + 1);
        REQUIRE(names_in(scene.temp.path()) == std::vector<std::string>{"x.sql", "x.sql.json"});
        if (recorded > 300) {
            scene.write(store::to_json(store::Manifest{}));
            recorded = 0;
        }
    }
}

TEST_CASE("the holder of a manifest's lock makes updates wait") {
    const ManifestScene scene;
    const auto directory = scene.directory();
    std::optional<store::ManifestLock> lock{std::in_place, directory, ManifestScene::k_dump};
    std::thread updating{[&scene] { scene.record("read", 1, "ok"); }};
    std::this_thread::sleep_for(100ms);
    CHECK(scene.manifest().verifications.empty());
    CHECK_FALSE(lock->read().pinned);
    lock.reset();
    updating.join();
    CHECK(scene.manifest().verifications.size() == 1);
}

TEST_CASE("an update that waited while the dump was removed recreates nothing") {
    const ManifestScene scene;
    const auto directory = scene.directory();
    std::optional<store::ManifestLock> lock{std::in_place, directory, ManifestScene::k_dump};
    std::string message;
    std::thread updating{[&] {
        try {
            scene.record("read", 1, "ok");
        } catch (const base::Error& error) {
            message = error.what();
        }
    }};
    std::this_thread::sleep_for(100ms);
    std::filesystem::remove(scene.path());
    std::filesystem::remove(scene.temp / "x.sql");
    lock.reset();
    updating.join();
    CHECK(message.find("No such file") != std::string::npos);
    CHECK(names_in(scene.temp.path()).empty());
}

TEST_CASE("a manifest that was removed or replaced under the lock is not overwritten") {
    const ManifestScene scene;
    const auto directory = scene.directory();
    store::ManifestLock lock{directory, ManifestScene::k_dump};
    const std::string text = lock.text();
    write_file(scene.temp / "another", "by hand");
    std::filesystem::rename(scene.temp / "another", scene.path());
    CHECK_THROWS_AS(lock.replace(text), base::Error);
    CHECK(scene.text() == "by hand");
    std::filesystem::remove(scene.path());
    CHECK_THROWS_AS(lock.replace(text), base::Error);
    CHECK(names_in(scene.temp.path()) == std::vector<std::string>{"x.sql"});
}
