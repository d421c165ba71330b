#include "support/catch.hpp"
#include "support/dumps/sample_directory.hpp"
#include "support/scene/small_disk.hpp"
#include "unit/store/manifest_scene.hpp"

#include <dbbackup/base/error.hpp>

#include <chrono>
#include <functional>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace dbbackup;
using namespace dbbackup::test;
using store::Pinned;

namespace {

struct stat status_of(const std::filesystem::path& path) {
    struct stat status {};

    REQUIRE(::lstat(path.c_str(), &status) == 0);
    return status;
}

/// Both updates fail with a hint, and the directory is unchanged.
void check_refused(const ManifestScene& scene, const std::string& message) {
    const auto names = names_in(scene.temp.path());
    for (const auto& update : std::vector<std::function<void()>>{
             [&] { scene.record("read", 1, "ok"); }, [&] { (void)scene.pin(Pinned::yes); }}) {
        try {
            update();
            FAIL("updated");
        } catch (const base::Error& error) {
            CHECK((error.kind() == base::ErrorKind::failed ||
                   error.kind() == base::ErrorKind::damaged));
            CHECK(std::string{error.what()}.find(message) != std::string::npos);
            CHECK_FALSE(error.hint().empty());
        }
    }
    CHECK(names_in(scene.temp.path()) == names);
}

/// The result of `run` in a separate process.
int in_child(const std::function<int()>& run) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(run());
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/// 0 for an update, 1 for a refusal whose message contains `message`, otherwise 2.
int try_to_record(const ManifestScene& scene, const std::string& message) {
    try {
        scene.record("read", 1, "ok");
    } catch (const base::Error& error) {
        return std::string{error.what()}.find(message) != std::string::npos ? 1 : 2;
    }
    return 0;
}

} // namespace

TEST_CASE("a manifest that cannot be read is not updated") {
    const ManifestScene scene;
    const std::string good = scene.text();
    for (const std::string& bad :
         {std::string{}, std::string{"{}"}, good.substr(0, good.size() / 2), good + "x",
          "{\"format_version\": \"2.0\"}" + std::string{}}) {
        INFO(bad);
        scene.write(bad);
        check_refused(scene, "cannot be read");
        CHECK(scene.text() == bad);
    }
}

TEST_CASE("a file that is not a manifest is not updated") {
    const ManifestScene scene;
    std::filesystem::rename(scene.path(), scene.temp / "elsewhere");
    check_refused(scene, "there is no manifest");
    std::filesystem::create_symlink("elsewhere", scene.path());
    check_refused(scene, "cannot open");
    std::filesystem::remove(scene.path());
    std::filesystem::create_directory(scene.path());
    check_refused(scene, "cannot open");
    std::filesystem::remove(scene.path());
    REQUIRE(::mkfifo(scene.path().c_str(), 0600) == 0);
    check_refused(scene, "is not a regular file");
}

TEST_CASE("a leftover of a killed update is removed") {
    const ManifestScene scene;
    write_file(scene.partial(), "half a mani");
    scene.record("read", 1, "ok");
    CHECK(scene.manifest().verifications.size() == 1);
    CHECK(names_in(scene.temp.path()) == std::vector<std::string>{"x.sql", "x.sql.json"});
}

TEST_CASE("a file with only a leftover's name stays") {
    const ManifestScene scene;
    const std::string before = scene.text();
    std::filesystem::create_directory(scene.partial());
    check_refused(scene, "File exists");
    std::filesystem::remove(scene.partial());
    write_file(scene.temp / "precious", "text");
    std::filesystem::create_symlink("precious", scene.partial());
    check_refused(scene, "File exists");
    CHECK(read_file(scene.temp / "precious") == "text");
    CHECK(scene.text() == before);
}

TEST_CASE("the partial manifest of a dump does not belong to an update") {
    const ManifestScene scene;
    const auto of_a_dump = scene.temp / ".x.sql.json.partial";
    write_file(of_a_dump, "being published");
    scene.record("read", 1, "ok");
    CHECK(read_file(of_a_dump) == "being published");
}

TEST_CASE("a manifest keeps its permissions, whatever the umask") {
    const ManifestScene scene;
    for (const unsigned mode : {0600U, 0640U, 0644U}) {
        REQUIRE(::chmod(scene.path().c_str(), mode) == 0);
        const auto old_mask = ::umask(0077);
        scene.record("read", 1, "ok");
        ::umask(0);
        (void)scene.pin(scene.manifest().pinned ? Pinned::no : Pinned::yes);
        ::umask(old_mask);
        CHECK((status_of(scene.path()).st_mode & 07777U) == mode);
    }
}

TEST_CASE("root does not change the owner of a manifest or a leftover") {
    const ManifestScene scene;
    if (::geteuid() != 0) {
        WARN("left out, as only root may give files away");
        return;
    }
    for (const auto& path : {scene.temp.path(), scene.path()}) {
        REQUIRE(::chown(path.c_str(), 4321, 1234) == 0);
    }
    write_file(scene.partial(), "of the owner's killed update");
    REQUIRE(::chown(scene.partial().c_str(), 4321, 1234) == 0);
    scene.record("read", 1, "ok");
    const struct stat status = status_of(scene.path());
    CHECK(status.st_uid == 4321);
    CHECK(status.st_gid == 1234);
    CHECK((status.st_mode & 07777U) == 0600);
    // A third user's file does not belong to an update.
    write_file(scene.partial(), "x");
    REQUIRE(::chown(scene.partial().c_str(), 4322, 1234) == 0);
    check_refused(scene, "File exists");
}

TEST_CASE("another user's manifest is left alone, and its lock is not waited for") {
    const ManifestScene scene;
    if (::geteuid() != 0) {
        WARN("left out, as only root may give files away");
        return;
    }
    REQUIRE(::chown(scene.path().c_str(), 4321, 1234) == 0);
    const std::string before = scene.text();
    const HeldFile held{scene.path(), HeldFile::How::exclusive};
    const auto start = std::chrono::steady_clock::now();
    check_refused(scene, "belongs to the user with uid 4321, and is not changed");
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{5});
    CHECK(scene.text() == before);
}

TEST_CASE("without write access to the manifest or its directory nothing changes") {
    const ManifestScene scene;
    const std::string before = scene.text();
    const bool is_root = ::geteuid() == 0;
    if (is_root) {
        for (const auto& path : {scene.temp.path(), scene.path()}) {
            REQUIRE(::chown(path.c_str(), 4321, 1234) == 0);
        }
    }
    const auto attempt = [&](const std::string& message) {
        return in_child([&] {
            if (is_root && ::setuid(4321) != 0) {
                return 3;
            }
            return try_to_record(scene, message);
        });
    };
    REQUIRE(::chmod(scene.temp.path().c_str(), 0500) == 0);
    CHECK(attempt("cannot make the file") == 1);
    REQUIRE(::chmod(scene.temp.path().c_str(), 0700) == 0);
    REQUIRE(::chmod(scene.path().c_str(), 0400) == 0);
    CHECK(attempt("Permission denied") == 1);
    CHECK(scene.text() == before);
    if (is_root) { // the child still has its group, not that of the file
        REQUIRE(::chmod(scene.path().c_str(), 0640) == 0);
        CHECK(attempt("cannot keep the owner and group") == 1);
    }
    CHECK(scene.text() == before);
    REQUIRE(::chmod(scene.path().c_str(), 0600) == 0);
    CHECK(attempt("") == 0);
    CHECK(names_in(scene.temp.path()) == std::vector<std::string>{"x.sql", "x.sql.json"});
}

TEST_CASE("if there is no room for the new manifest, the old one stays") {
    const ManifestScene scene;
    const std::string before = scene.text();
    CHECK(in_child([&] {
              const rlimit little{100, 100};
              ::signal(SIGXFSZ, SIG_IGN);
              ::setrlimit(RLIMIT_FSIZE, &little);
              return try_to_record(scene, "cannot write");
          }) == 1);
    CHECK(scene.text() == before);
    CHECK(names_in(scene.temp.path()) == std::vector<std::string>{"x.sql", "x.sql.json"});
}

TEST_CASE("a full or read-only disk leaves the old manifest") {
    const SmallDisk disk{"64k"};
    if (!disk.there()) {
        return;
    }
    const ManifestScene scene;
    const std::string text = scene.text();
    write_file(disk / "x.sql.json", text);
    disk.fill_up(0);
    const auto directory = store::DumpDirectory::open(disk.path());
    CHECK_THROWS_AS(store::set_pinned(directory, "x.sql", Pinned::yes), base::Error);
    CHECK(read_file(disk / "x.sql.json") == text);
    CHECK(names_in(disk.path()) == std::vector<std::string>{"filler", "x.sql.json"});
    std::filesystem::remove(disk / "filler");
}
