// The custom format: pg_dump writes the file itself, and reading it back must find out.

#include "support/catch.hpp"
#include "support/program/fake_tools.hpp"
#include "support/program/processes.hpp"
#include "support/scene/dump_scene.hpp"

#include <csignal>
#include <fmt/format.h>

using namespace dbbackup::test;

namespace {

/// A real archive of a database with rows, to be damaged.
struct ArchiveScene {
    DumpScene scene;
    FakeTools tools{scene.temp()};
    std::string archive = tools.path("archive");

    ArchiveScene() {
        scene.fill(100);
        const auto made =
            Cluster::shared().client("pg_dump", scene.database().name(), {"-Fc", "-f", archive});
        REQUIRE(made.exit_code == 0);
        tools.use_real("pg_restore");
    }

    [[nodiscard]] std::string whole() const { return fmt::format("cat '{}'\n", archive); }

    [[nodiscard]] ProgramResult run(const std::string& pg_dump) {
        tools.make("pg_dump", pg_dump);
        return scene.dump({"-F", "custom", "--bin-dir", tools.directory()});
    }
};

} // namespace

TEST_CASE("a complete archive from a fake pg_dump is accepted") {
    ArchiveScene archives;
    archives.scene.check_dumped(archives.run(archives.whole()));
}

TEST_CASE("pg_dump exits 0 after part of an archive") {
    ArchiveScene archives;
    const auto size = std::filesystem::file_size(archives.archive);
    for (const auto part : {std::uintmax_t{0}, std::uintmax_t{4}, std::uintmax_t{100}, size / 4,
                            size / 2, size - 1000, size - 1}) {
        INFO("the first " << part << " of " << size << " bytes");
        const auto result = archives.run(fmt::format("head -c {} '{}'\n", part, archives.archive));
        CHECK((result.exit_code == 1 || result.exit_code == 3));
        archives.scene.check_failed(result, result.exit_code, "pg_restore");
    }
}

TEST_CASE("pg_dump exits 0 with something that is not an archive") {
    ArchiveScene archives;
    const auto result = archives.run("echo 'select 1;'\n");
    archives.scene.check_failed(result, 1, "pg_restore failed");
}

TEST_CASE("pg_dump fails within an archive") {
    ArchiveScene archives;
    const auto result = archives.run(fmt::format(
        "head -c 3000 '{}'\necho 'pg_dump: error: the cause' >&2\nexit 1\n", archives.archive));
    archives.scene.check_failed(result, 1, "exit status 1: pg_dump: error: the cause");
    archives.scene.check_failed(archives.run(archives.whole() + "kill -KILL $$\n"), 1, "signal 9");
}

TEST_CASE("reading an archive back fails") {
    ArchiveScene archives;
    std::filesystem::remove(archives.tools.path("pg_restore"));
    archives.scene.check_failed(archives.run(archives.whole()), 1, "pg_restore");

    archives.tools.make("pg_restore", "echo 'pg_restore: error: the cause' >&2\nexit 1\n");
    archives.scene.check_failed(
        archives.run(archives.whole()), 1,
        "pg_restore failed with exit status 1: pg_restore: error: the cause");

    archives.tools.make("pg_restore", "kill -SEGV $$\n");
    archives.scene.check_failed(archives.run(archives.whole()), 1, "signal 11");
}

TEST_CASE("reading an archive back ends early with exit 0") {
    ArchiveScene archives;
    archives.tools.make("pg_restore", "exit 0\n");
    archives.scene.check_failed(archives.run(archives.whole()), 3, "");

    archives.tools.make("pg_restore", FakeTools::real("pg_restore") + " \"$@\" | head -c 5000\n");
    archives.scene.check_failed(archives.run(archives.whole()), 3, "");
}

TEST_CASE("a signal ends writing and reading back an archive") {
    ArchiveScene archives;
    const std::string mark = (archives.scene.temp() / "started").string();
    const std::string hang = fmt::format(": > '{}'\n{}", mark, k_hang);
    const auto interrupt = [&](int signal_number) {
        Program run{archives.scene.words({"-F", "custom", "--bin-dir", archives.tools.directory()}),
                    archives.scene.options()};
        REQUIRE(eventually([&mark] { return std::filesystem::exists(mark); }));
        run.send(signal_number);
        const auto result = run.wait();
        std::filesystem::remove(mark);
        return result;
    };
    archives.tools.make("pg_dump", fmt::format("head -c 3000 '{}'\n{}", archives.archive, hang));
    archives.scene.check_failed(interrupt(SIGTERM), 143, "ended by signal 15");

    archives.tools.make("pg_dump", archives.whole());
    archives.tools.make("pg_restore", hang);
    archives.scene.check_failed(interrupt(SIGINT), 130, "ended by signal 2");
}

TEST_CASE("an archive is read back through its descriptor, whatever takes its name meanwhile") {
    ArchiveScene archives;
    const std::string partial =
        fmt::format("partial=$(ls '{}'/.*.partial)\n", archives.scene.dumps().string());
    const std::string real = FakeTools::real("pg_restore") + " \"$@\" || exit\n";
    archives.tools.make("pg_restore", partial +
                                          "mv \"$partial\" \"$partial.mine\"\n"
                                          "echo theirs > \"$partial\"\n" +
                                          real + "mv \"$partial.mine\" \"$partial\"\n");
    archives.scene.check_dumped(archives.run(archives.whole()));
}

TEST_CASE("a file that has taken an archive's partial name is not published, and stays") {
    ArchiveScene archives;
    archives.tools.make("pg_restore", fmt::format("partial=$(ls '{}'/.*.partial)\n"
                                                  "{} \"$@\" || exit\n"
                                                  "rm \"$partial\"\ncp '{}' \"$partial\"\n",
                                                  archives.scene.dumps().string(),
                                                  FakeTools::real("pg_restore"), archives.archive));
    const ProgramResult result = archives.run(archives.whole());
    CHECK(result.exit_code == 1);
    CHECK(result.err.find("was replaced while it was written") != std::string::npos);
    const auto names = archives.scene.new_names();
    REQUIRE(names.size() == 1);
    CHECK(names[0].ends_with(".dump.partial"));
}
