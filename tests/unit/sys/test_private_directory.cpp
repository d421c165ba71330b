#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/sys/private_directory.hpp>
#include <dbbackup/sys/unused_group.hpp>
#include <dbbackup/sys/user.hpp>

#include <optional>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace dbbackup;
using sys::PrivateDirectory;
using test::names_in;
using Names = std::vector<std::string>;

namespace fs = std::filesystem;

namespace {

constexpr const char* k_prefix = "scratch";

const std::optional<sys::User> k_nobody_else = std::nullopt;

struct stat status_of(const fs::path& path) {
    struct stat status {};

    REQUIRE(::lstat(path.c_str(), &status) == 0);
    return status;
}

/// As a killed process leaves it: there, and locked by nobody.
fs::path abandon(const fs::path& parent, const std::string& name, mode_t mode = 0700) {
    fs::create_directories(parent / name / "data");
    test::write_file(parent / name / "data" / "file", "x");
    REQUIRE(::chmod((parent / name).c_str(), mode) == 0);
    return parent / name;
}

Names adopted(const fs::path& parent) {
    Names names;
    for (const PrivateDirectory& directory : PrivateDirectory::adopt_abandoned(parent, k_prefix)) {
        names.push_back(directory.path().filename());
    }
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace

TEST_CASE("a private directory belongs to nobody else, and is removed with its content") {
    const test::TempDir temp;
    const mode_t mask = ::umask(0);
    {
        const PrivateDirectory directory{temp.path(), k_prefix, k_nobody_else};
        CHECK((status_of(directory.path()).st_mode & 07777) == 0700);
        CHECK_FALSE(directory.guest_group());
        CHECK(directory.path().parent_path() == temp.path());
        CHECK(directory.path().filename().native().starts_with("scratch-"));
        fs::create_directories(directory.path() / "a" / "b");
        test::write_file(directory.path() / "a" / "b" / "file", "x");
        fs::create_symlink(temp.path(), directory.path() / "link");
        const PrivateDirectory another{temp.path(), k_prefix, k_nobody_else};
        CHECK(another.path() != directory.path());
    }
    ::umask(mask);
    CHECK(names_in(temp.path()) == Names{});
}

TEST_CASE("a private directory is removed however deeply its directories are nested") {
    const test::TempDir temp;
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        {
            const PrivateDirectory directory{temp.path(), k_prefix, k_nobody_else};
            fs::path deep = directory.path();
            for (int i = 0; i < 200; ++i) {
                deep /= "d";
                fs::create_directory(deep);
            }
            const rlimit few{64, 4096};
            ::setrlimit(RLIMIT_NOFILE, &few);
        }
        ::_exit(0);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
    CHECK(names_in(temp.path()) == Names{});
}

TEST_CASE("a private directory is private under any umask") {
    const test::TempDir temp;
    const mode_t mask = ::umask(0277);
    {
        const PrivateDirectory directory{temp.path(), k_prefix, k_nobody_else};
        CHECK((status_of(directory.path()).st_mode & 07777) == 0700);
    }
    ::umask(mask);
    CHECK(names_in(temp.path()) == Names{});
}

TEST_CASE("a guest can enter a private directory by its group, and own a directory in it") {
    if (!sys::is_root()) {
        WARN("left out, as only root may have a guest");
        return;
    }
    const test::TempDir temp;
    const gid_t group = sys::find_unused_group();
    const sys::User guest{.name = "nobody", .uid = sys::require_user({"nobody"}).uid, .gid = group};
    {
        const PrivateDirectory directory{temp.path(), k_prefix, guest};
        CHECK(status_of(directory.path()).st_uid == 0);
        CHECK(status_of(directory.path()).st_gid == group);
        CHECK((status_of(directory.path()).st_mode & 07777) == 0710);
        CHECK(directory.guest_group() == group);
        directory.make_directory("home", guest);
        CHECK(status_of(directory.path() / "home").st_uid == guest.uid);
        CHECK(status_of(directory.path() / "home").st_gid == group);
        CHECK((status_of(directory.path() / "home").st_mode & 07777) == 0700);
        CHECK_THROWS_AS(directory.make_directory("home", guest), base::Error);
    }
    CHECK(names_in(temp.path()) == Names{});
    const fs::path left = abandon(temp.path(), "scratch-abc123", 0710);
    REQUIRE(::chown(left.c_str(), 0, group) == 0);
    const auto taken = PrivateDirectory::adopt_abandoned(temp.path(), k_prefix);
    REQUIRE(taken.size() == 1);
    CHECK(taken.front().guest_group() == group);
}

TEST_CASE("another user's directory is never taken over") {
    if (!sys::is_root()) {
        WARN("left out, as only root may make one");
        return;
    }
    const test::TempDir temp;
    const sys::User nobody = sys::require_user({"nobody"});
    const fs::path planted = abandon(temp.path(), "scratch-abc123");
    REQUIRE(::chown(planted.c_str(), nobody.uid, nobody.gid) == 0);
    CHECK(adopted(temp.path()) == Names{});
    CHECK(names_in(temp.path()) == Names{"scratch-abc123"});
}

TEST_CASE("if no private directory can be created, the error names the place and a remedy") {
    const test::TempDir temp;
    test::write_file(temp / "file", "");
    for (const fs::path& parent : {temp / "nowhere", temp / "file"}) {
        try {
            const PrivateDirectory directory{parent, k_prefix, k_nobody_else};
            FAIL("made in " << parent);
        } catch (const base::Error& error) {
            CHECK(error.kind() == base::ErrorKind::failed);
            CHECK(std::string{error.what()}.find(parent.string()) != std::string::npos);
            CHECK(error.hint().find("TMPDIR") != std::string::npos);
        }
    }
}

TEST_CASE("no private directory is created if others could put another one in its place") {
    const test::TempDir temp;
    const auto made_in = [&temp](mode_t mode, uid_t owner) {
        REQUIRE(::chown(temp.path().c_str(), owner, static_cast<gid_t>(-1)) == 0);
        REQUIRE(::chmod(temp.path().c_str(), mode) == 0);
        try {
            const PrivateDirectory directory{temp.path(), k_prefix, k_nobody_else};
            return true;
        } catch (const base::Error& error) {
            CHECK(std::string{error.what()}.find("not a safe place") != std::string::npos);
            return false;
        }
    };
    const uid_t us = ::geteuid();
    CHECK(made_in(0755, us));
    CHECK(made_in(01777, us));
    CHECK_FALSE(made_in(0777, us));
    CHECK_FALSE(made_in(0775, us));
    if (sys::is_root()) {
        CHECK_FALSE(made_in(0755, 12345));
        CHECK_FALSE(made_in(01777, 12345));
    }
}

TEST_CASE("leftovers of killed processes are taken over and removed, directories in use are not") {
    const test::TempDir temp;
    abandon(temp.path(), "scratch-abc123");
    abandon(temp.path(), "scratch-XYZ789");
    const PrivateDirectory in_use{temp.path(), k_prefix, k_nobody_else};
    CHECK(adopted(temp.path()) == Names{"scratch-XYZ789", "scratch-abc123"});
    CHECK(names_in(temp.path()) == Names{in_use.path().filename()});
}

TEST_CASE("the lock on a private directory ends only with its process") {
    const test::TempDir temp;
    const pid_t child = ::fork();
    if (child == 0) {
        new PrivateDirectory{temp.path(), k_prefix, k_nobody_else}; // never destroyed
        ::_exit(0);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    REQUIRE(names_in(temp.path()).size() == 1);
    CHECK(adopted(temp.path()) == names_in(temp.path()));
}

TEST_CASE("a directory that is taken over is locked, so that no two processes take it") {
    const test::TempDir temp;
    abandon(temp.path(), "scratch-abc123");
    const auto first = PrivateDirectory::adopt_abandoned(temp.path(), k_prefix);
    REQUIRE(first.size() == 1);
    CHECK(PrivateDirectory::adopt_abandoned(temp.path(), k_prefix).empty());
    CHECK(names_in(temp.path()) == Names{"scratch-abc123"});
}

TEST_CASE("a directory that cannot have been created here is never taken over") {
    const test::TempDir temp;
    const test::TempDir elsewhere;
    for (const char* name : {"scratch", "scratch-", "scratch-abc12", "scratch-abc1234",
                             "scratch-ab.123", "scratch-ab/123", "other-abc123", "xscratch-abc123",
                             "scratchabc1234", "Scratch-abc123"}) {
        abandon(temp.path(), name);
    }
    for (const mode_t mode : {0755U, 0750U, 0500U, 01700U}) {
        abandon(temp.path(), "scratch-m" + std::to_string(10000 + mode).substr(0, 5), mode);
    }
    test::write_file(temp / "scratch-file00", "x");
    abandon(elsewhere.path(), "target");
    fs::create_directory_symlink(elsewhere / "target", temp / "scratch-link00");
    const Names before = names_in(temp.path());
    CHECK(adopted(temp.path()) == Names{});
    CHECK(names_in(temp.path()) == before);
    CHECK(test::read_file(elsewhere / "target" / "data" / "file") == "x");
    CHECK(adopted(temp / "nowhere") == Names{});
}
