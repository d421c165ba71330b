// What is beside a throwaway server in TMPDIR: leftovers of killed drills go, and nothing else.

#include "support/catch.hpp"
#include "support/program/processes.hpp"
#include "support/scene/drill_scene.hpp"

#include <dbbackup/sys/unused_group.hpp>
#include <dbbackup/sys/user.hpp>

#include <csignal>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace dbbackup::test;

namespace {

constexpr const char* k_small = "create table t (id integer primary key); insert into t values (1)";

} // namespace

TEST_CASE("other users' files in TMPDIR stay, whatever their names") {
    DrillScene scene{k_small};
    const auto dump = scene.dump();
    const auto place = scene.place();
    const TempDir elsewhere;
    write_file(elsewhere / "precious", "x");
    std::filesystem::create_directory(elsewhere / "postgres");
    write_file(place / "dbbackup-scratch-AAAAAA", "a file");
    std::filesystem::create_symlink(elsewhere.path(), place / "dbbackup-scratch-BBBBBB");
    for (const char* name :
         {"dbbackup-scratch-notes-of-mine", "dbbackup-scratch-CCCCC", "dbbackup-scratch",
          "dbbackup-scratch-D.DDDD", "xdbbackup-scratch-EEEEEE", "dbbackup-scratch-opened"}) {
        std::filesystem::create_directory(place / name);
        std::filesystem::permissions(place / name, std::filesystem::perms::owner_all);
        write_file(place / name / "precious", "x");
    }
    // Not named as dbbackup does.
    std::filesystem::permissions(place / "dbbackup-scratch-opened",
                                 static_cast<std::filesystem::perms>(0755));
    if (::geteuid() == 0) {
        std::filesystem::create_directory(place / "dbbackup-scratch-anothr");
        REQUIRE(::chown((place / "dbbackup-scratch-anothr").c_str(), 12345, 12345) == 0);
        std::filesystem::permissions(place / "dbbackup-scratch-anothr",
                                     std::filesystem::perms::owner_all);
    }
    const auto before = names_in(place);
    const ProgramResult result = run_program(scene.words(dump), scene.options());
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK(names_in(place) == before);
    CHECK(read_file(place / "dbbackup-scratch-notes-of-mine" / "precious") == "x");
    CHECK(read_file(elsewhere / "precious") == "x");
}

TEST_CASE("leftovers of a killed drill are removed, and a process that they only name lives on") {
    DrillScene scene{k_small};
    const auto dump = scene.dump();
    const TempDir home;
    ProgramOptions at_home;
    at_home.directory = home.path();
    Program bystander{{"/bin/sleep", "100"}, at_home};
    const auto abandon = [&](const std::string& name, bool linked) {
        const auto directory = scene.place() / ("dbbackup-scratch-" + name);
        std::filesystem::create_directory(directory);
        std::filesystem::permissions(directory, std::filesystem::perms::owner_all);
        const auto data = directory / "server" / "data";
        std::filesystem::create_directory(directory / "server");
        if (linked) {
            std::filesystem::create_directory_symlink(home.path(), data);
        } else {
            std::filesystem::create_directory(data);
        }
        write_file(data / "postmaster.pid", fmt::format("{}\n", bystander.pid()));
    };
    abandon("linked", true);
    abandon("AbCd12", false);
    scene.check_proven(scene.drill(dump));
    CHECK(bystander.running());
    CHECK(std::filesystem::exists(home / "postmaster.pid"));
}

TEST_CASE("a server that outlived its drill is stopped by the next one") {
    const DrillScene scene{k_small};
    const auto dump = scene.dump();
    const auto directory = scene.place() / "dbbackup-scratch-AbCd34";
    const auto home = directory / "server";
    std::filesystem::create_directories(home);
    std::filesystem::permissions(directory, std::filesystem::perms::owner_all);
    std::filesystem::permissions(home, std::filesystem::perms::owner_all);
    const auto& bin_dir = Cluster::shared().bin_dir();
    if (::geteuid() == 0) {
        const gid_t group = dbbackup::sys::find_unused_group();
        REQUIRE(::chown(directory.c_str(), 0, group) == 0);
        REQUIRE(::chmod(directory.c_str(), 0710) == 0);
        REQUIRE(::chown(home.c_str(), dbbackup::sys::require_user({"nobody"}).uid, group) == 0);
    }
    const std::string data = home / "data";
    const ProgramResult made = run_program(
        as_owner_of(home, {bin_dir / "initdb", "-D", data, "-A", "trust", "--no-sync"}));
    REQUIRE(made.exit_code == 0);
    // Not a child that would hear of a death; and stopped, so that it gets no other signal either.
    Program server{as_owner_of(home, {bin_dir / "postgres", "-D", data, "-k", home, "-c",
                                      "listen_addresses="}),
                   {}};
    REQUIRE(eventually([&] {
        return std::filesystem::exists(data + "/postmaster.pid") &&
               read_file(data + "/postmaster.pid").find("ready") != std::string::npos;
    }));
    server.send(SIGSTOP);
    CHECK(run_program(scene.words(dump), scene.options()).exit_code == 0);
    CHECK_FALSE(server.running());
    scene.check_nothing_left();
}
