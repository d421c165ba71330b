// Several runs at once in one dump directory.

#include "support/catch.hpp"
#include "support/program/fake_tools.hpp"
#include "support/program/processes.hpp"
#include "support/scene/dump_scene.hpp"

#include <algorithm>
#include <csignal>
#include <fmt/format.h>
#include <memory>

using namespace dbbackup::test;

namespace {

constexpr int k_locked = 4;

/// `count` runs at once; each must be a whole dump or have found the lock held.
void check_crowd(int count) {
    const DumpScene scene;
    scene.fill(300);
    std::vector<std::unique_ptr<Program>> runs;
    for (int i = 0; i < count; ++i) {
        runs.push_back(std::make_unique<Program>(scene.words(), scene.options()));
    }
    std::size_t winners = 0;
    for (const auto& run : runs) {
        const ProgramResult result = run->wait();
        INFO(result.err);
        CHECK((result.exit_code == 0 || result.exit_code == k_locked));
        if (result.exit_code == 0) {
            ++winners;
        } else {
            CHECK(result.err.find("another run holds the lock for database '" +
                                  scene.database().name()) != std::string::npos);
            CHECK(result.out.empty());
        }
    }
    CHECK(winners >= 1);
    const auto names = scene.new_names();
    CAPTURE(names);
    CHECK(names.size() == 2 * winners);
    for (const std::string& name : names) {
        CHECK_FALSE(name.starts_with('.'));
        if (!name.ends_with(".json")) {
            CHECK(std::ranges::count(names, name + ".json") == 1);
            check_whole(scene.dumps() / name);
        }
    }
    scene.check_earlier_untouched();
    scene.check_nothing_runs();
}

} // namespace

TEST_CASE("two runs at once") {
    check_crowd(2);
}

TEST_CASE("fifty runs at once") {
    check_crowd(50);
}

TEST_CASE("a run locks out the same database and no other") {
    const DumpScene scene;
    FakeTools tools{scene.temp()};
    const auto mark = scene.temp() / "started";
    tools.make("pg_dump", fmt::format(": > '{}'\n{}", mark.string(), k_hang));
    Program holder{scene.words({"--bin-dir", tools.directory()}), scene.options()};
    REQUIRE(eventually([&mark] { return std::filesystem::exists(mark); }));

    const ProgramResult same = scene.dump();
    CHECK(same.exit_code == k_locked);
    CHECK(same.err.find(fmt::format("(process {})", holder.pid())) != std::string::npos);
    CHECK(same.err.find("hint: ") != std::string::npos);

    const TestDatabase other;
    ProgramOptions options = scene.options();
    options.environment["DATABASE_URL"] = other.url();
    CHECK(run_program(scene.words(), options).exit_code == 0);

    holder.send(SIGTERM);
    CHECK(holder.wait().exit_code == 128 + SIGTERM);
    // The lock is free again, and only the other database's dump was added.
    CHECK(scene.new_names().size() == 2);
    CHECK(scene.dump().exit_code == 0);
    scene.check_earlier_untouched();
}

TEST_CASE("a lock file that a killed run left is no obstacle") {
    const DumpScene scene;
    write_file(scene.dumps() / ("." + scene.database().name() + ".lock"), "1\n");
    scene.check_dumped(scene.dump());
}

TEST_CASE("a lock file that is a link is not followed") {
    const DumpScene scene;
    const auto victim = scene.temp() / "victim";
    write_file(victim, "precious");
    const auto lock = scene.dumps() / ("." + scene.database().name() + ".lock");
    std::filesystem::create_symlink(victim, lock);
    const ProgramResult result = scene.dump();
    CHECK(result.exit_code == 1);
    CHECK(result.err.find("lock file") != std::string::npos);
    CHECK(read_file(victim) == "precious");
    scene.check_earlier_untouched();
}
