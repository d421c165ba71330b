// An age that lies, hangs or dies: never a dump that is not one.

#include "support/catch.hpp"
#include "support/program/processes.hpp"
#include "support/scene/seal_scene.hpp"
#include "support/scene/small_disk.hpp"

#include <csignal>
#include <fmt/format.h>

using namespace dbbackup::test;

namespace {

/// A scene whose age is a shell script; sealing a record of some kilobytes is left to the real one.
class FakeAge {
public:
    FakeAge() {
        scene_.dumps().fill(800);
        std::filesystem::create_directory(directory());
    }

    [[nodiscard]] const SealScene& scene() const { return scene_; }

    [[nodiscard]] std::filesystem::path directory() const { return scene_.dumps().temp() / "bin"; }

    /// `body` runs instead of sealing the dump; keys are tried by the real one, with an empty
    /// stdin.
    void make(const std::string& body) const {
        write_executable(directory() / "age",
                         fmt::format("#!/bin/bash\n"
                                     "if test \"$(readlink /proc/self/fd/0)\" = /dev/null; then\n"
                                     "  exec /usr/bin/age \"$@\"\nfi\n{}",
                                     body));
    }

    [[nodiscard]] ProgramOptions options() const {
        ProgramOptions options = scene_.dumps().options();
        options.environment["PATH"] = directory().string() + ":/usr/bin:/bin";
        return options;
    }

    [[nodiscard]] ProgramResult run(const std::string& body,
                                    std::vector<std::string> arguments = {}) const {
        make(body);
        return run_program(scene_.words(std::move(arguments)), options());
    }

private:
    SealScene scene_;
};

} // namespace

TEST_CASE("an age that exits 0 and did not seal all makes no dump") {
    const FakeAge fake;
    const std::vector<std::pair<std::string, int>> lies{
        {"cat > /dev/null\n", 3},                                       // nothing
        {"exit 0\n", 3},                                                // at once
        {"/usr/bin/age \"$@\" | head -c 100000\nexit 0\n", 3},          // half
        {"head -c 100000 | /usr/bin/age \"$@\"\nexit 0\n", 3},          // of half its input
        {"cat\n", 3},                                                   // in clear
        {"/usr/bin/age \"$@\"; echo more\n", 3},                        // too much
        {"head -c 70000 | /usr/bin/age \"$@\"; cat > /dev/null\n", 3}}; // sealed, but not all
    for (const auto& [body, code] : lies) {
        for (const auto& way : std::vector<std::vector<std::string>>{{}, {"-F", "custom"}}) {
            CAPTURE(body, way);
            fake.scene().dumps().check_failed(fake.run(body, way), code, "age");
        }
    }
}

TEST_CASE("an age that fails or is killed makes no dump") {
    const FakeAge fake;
    for (const auto& way : std::vector<std::vector<std::string>>{{}, {"-F", "custom"}}) {
        fake.scene().dumps().check_failed(
            fake.run("head -c 5000 > /dev/null\necho 'age: error: the cause' >&2\nexit 1\n", way),
            1, "age failed with exit status 1: the cause");
        fake.scene().dumps().check_failed(fake.run("/usr/bin/age \"$@\"\nexit 5\n", way), 1,
                                          "age failed with exit status 5");
        fake.scene().dumps().check_failed(fake.run("head -c 5000\nkill -KILL $$\n", way), 1,
                                          "age failed with signal 9");
    }
}

TEST_CASE("an age that opens all and fails is not believed") {
    const SealScene scene;
    const auto file = scene.take();
    const auto bin = scene.dumps().temp() / "bin";
    std::filesystem::create_directory(bin);
    write_executable(bin / "age", "#!/bin/bash\n/usr/bin/age \"$@\"\nexit 5\n");
    ProgramOptions options = scene.dumps().options();
    options.environment["PATH"] = bin.string() + ":/usr/bin:/bin";
    const auto result =
        run_program({dbbackup_path(), "verify", file.string(), "--identity", scene.key()}, options);
    CHECK(result.exit_code == 1);
    CHECK(result.err.find("exit status 5") != std::string::npos);
}

TEST_CASE("an age that hangs does not outlive a signal") {
    const FakeAge fake;
    for (const char* body : {"exec sleep 100\n", "cat > /dev/null\nexec sleep 100\n"}) {
        CAPTURE(body);
        fake.make(
            fmt::format(": > '{}'\n{}", (fake.scene().dumps().temp() / "started").string(), body));
        Program run{fake.scene().words(), fake.options()};
        REQUIRE(eventually(
            [&] { return std::filesystem::exists(fake.scene().dumps().temp() / "started"); }));
        run.send(SIGTERM);
        fake.scene().dumps().check_failed(run.wait(), 143, "ended by signal 15");
        std::filesystem::remove(fake.scene().dumps().temp() / "started");
    }
}

TEST_CASE("without age, the package is named") {
    const SealScene scene;
    ProgramOptions options = scene.dumps().options();
    options.environment["PATH"] = "/nonexistent";
    const auto result = run_program(scene.words(), options);
    CHECK(result.exit_code == 1);
    CHECK(result.err.find("apt-get install age") != std::string::npos);
}

TEST_CASE("an age that lies in the current directory is not run") {
    const SealScene scene;
    const auto there = scene.dumps().temp() / "there";
    std::filesystem::create_directory(there);
    write_executable(there / "age", "#!/bin/bash\ntouch ran\nexec /usr/bin/age \"$@\"\n");
    ProgramOptions options = scene.dumps().options();
    options.directory = there;
    for (const std::string path : {".:/usr/bin:/bin", ":/usr/bin:/bin", "../there:/usr/bin:/bin"}) {
        options.environment["PATH"] = path;
        CHECK(run_program(scene.words(), options).exit_code == 0);
    }
    CHECK_FALSE(std::filesystem::exists(there / "ran"));
}

TEST_CASE("the disk fills up with a sealed dump") {
    const SmallDisk disk{"1m"};
    if (!disk.there()) {
        return;
    }
    const SealScene scene{disk / "dumps"};
    scene.dumps().fill(2500);
    for (const auto& way : std::vector<std::vector<std::string>>{{}, {"-F", "custom"}}) {
        CAPTURE(way);
        auto arguments = way;
        arguments.insert(arguments.end(), {"-t", "filler"});
        scene.dumps().check_failed(scene.dump(arguments), 1, "No space left on device");
    }
}
