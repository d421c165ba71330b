#include "support/catch.hpp"
#include "support/scene/settings_place.hpp"

using namespace dbbackup::test;

namespace {

constexpr gid_t k_users = 100; // a group of Debian's that is nobody's primary group

} // namespace

TEST_CASE("settings may be group-writable if the group is the owner's private one") {
    if (::geteuid() != 0) {
        WARN("skipped: only root can become another user");
        return;
    }
    for (const std::string file : {".env", "dbbackup.toml"}) {
        INFO(file);
        const Place place{file};
        set_mode(place.home / file, 0664);
        set_mode(place.home, 0775);
        place.check_used();
        give(place.home / file, 0, k_users);
        place.check_refused("others may write to it (mode 0664)");
        give(place.home / file, 0, 0);
        give(place.home, 0, k_users);
        place.check_refused("others may write to it (mode 0775)");
    }
}

TEST_CASE("a group is private if its owner is its only member") {
    struct Case {
        std::string users; // besides the owner
        std::string groups;
        bool is_private;
    };
    const std::vector<Case> cases{
        {"", "owner:x:4321:", true},
        {"", "owner:x:4321:owner", true},
        {"", "owner:x:4321:owner,mallory", false},
        {"", "owner:x:4321:mallory", false},
        {"mallory:x:4322:4321::/:/bin/sh", "owner:x:4321:", false},
        {"", "staff:x:4321:", false},
        {"", "", false},
    };
    const Place place{"dbbackup.toml"};
    const fs::path program = place.temp / "dbbackup";
    fs::copy_file(dbbackup_path(), program);
    const fs::path users = place.temp / "passwd";
    const fs::path groups = place.temp / "group";
    const std::string script =
        "mount --bind \"$0\" /etc/passwd && mount --bind \"$1\" /etc/group && "
        "exec setpriv --reuid=4321 --regid=4321 --clear-groups \"$2\" list";
    if (::geteuid() != 0 || run_program({"/usr/bin/unshare", "-m", "true"}).exit_code != 0) {
        WARN("skipped: only root can put other users in the place of the system's");
        return;
    }
    give(place.home, 4321, 4321);
    give(place.home / place.file, 4321, 4321);
    set_mode(place.home / place.file, 0664);
    for (const Case& one : cases) {
        INFO(one.users << " " << one.groups);
        write_file(users, "owner:x:4321:4321::/:/bin/sh\n" + one.users + "\n");
        write_file(groups, one.groups + "\n");
        const ProgramResult result =
            run_program({"/usr/bin/unshare", "-m", "sh", "-c", script, users, groups, program},
                        {.directory = place.home});
        INFO(result.err);
        CHECK(result.exit_code == (one.is_private ? 0 : 2));
        CHECK(says(result, "belongs to user 'owner' (uid 4321), but others may write to it") ==
              !one.is_private);
    }
    give(place.home / place.file, 4321, 100); // not the first group of its owner
    CHECK(run_program({"/usr/bin/unshare", "-m", "sh", "-c", script, users, groups, program},
                      {.directory = place.home})
              .exit_code == 2);
}

TEST_CASE("a user other than root can use their own settings and root's") {
    if (::geteuid() != 0) {
        WARN("skipped: only root can become another user");
        return;
    }
    const Place place{"dbbackup.toml"};
    const fs::path program = place.temp / "dbbackup";
    fs::copy_file(dbbackup_path(), program);
    give(place.home, k_stranger, k_stranger);
    const auto list = [&] {
        return run_program(
            {"/usr/bin/setpriv", "--reuid=4321", "--regid=4321", "--clear-groups", program, "list"},
            {.directory = place.home});
    };
    set_mode(place.home / place.file, 0644);
    CHECK(list().out.starts_with("No dumps yet in 'planted'.")); // of root's
    give(place.home / place.file, k_stranger, k_stranger);
    CHECK(list().out.starts_with("No dumps yet in 'planted'."));
    give(place.home / place.file, 1, 1);
    CHECK(list().exit_code == 2);
    // No user of the system has this number, so any group can be that user's.
    give(place.home / place.file, k_stranger, k_stranger);
    set_mode(place.home / place.file, 0664);
    CHECK(list().exit_code == 2);
}
