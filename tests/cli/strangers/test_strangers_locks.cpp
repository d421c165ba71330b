// Locks that another user holds in a dump directory to which everybody can add files.

#include "support/catch.hpp"
#include "support/dumps/other_users.hpp"

#include <sys/stat.h>

using namespace dbbackup::test;

namespace {

constexpr int k_locked = 4;

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("a lock that another user holds is reported with the owner of its file") {
    if (!can_be_others()) {
        return;
    }
    const SharedDumps dumps{GENERATE(k_root, k_victim)};
    dumps.add_at("2020-01-01");
    const auto lock = dumps / lock_name_of("app");
    dumps.plant(lock_name_of("app"), "1\n");
    REQUIRE(::chmod(lock.c_str(), 0666) == 0);
    const HeldFile held{lock, HeldFile::How::exclusive};
    const ProgramResult result = dumps.run({"prune", "--keep-last", "1"});
    CHECK(result.exit_code == k_locked);
    CHECK(contains(result.err, "another run holds the lock for database 'app': its file '" +
                                   lock.string() + "' belongs to " + k_mallory_shown));
    CHECK(contains(result.err, "hint: Ask that user"));
    CHECK_FALSE(contains(result.err, "process 1")); // which only that user claims
}

TEST_CASE("another user's lock file that cannot be opened is reported with its owner") {
    if (!can_be_others()) {
        return;
    }
    const SharedDumps dumps{k_victim};
    dumps.add_at("2020-01-01");
    dumps.plant(lock_name_of("app"), "1\n");
    REQUIRE(::chmod((dumps / lock_name_of("app")).c_str(), 0600) == 0);
    const ProgramResult result = dumps.run({"prune", "--keep-last", "1"});
    CHECK(result.exit_code == 1);
    CHECK(contains(result.err, std::string{"which belongs to "} + k_mallory_shown));
    CHECK(contains(result.err, "Permission denied"));
}

TEST_CASE("another user's lock file that nobody holds is no obstacle for root") {
    if (!can_be_others()) {
        return;
    }
    const SharedDumps dumps{k_root};
    dumps.add_at("2020-01-01");
    dumps.plant(lock_name_of("app"), "1\n");
    CHECK(dumps.run({"prune", "--keep-last", "1"}).exit_code == 0);
}

TEST_CASE("no lock is waited for if only other users' dumps name the database") {
    if (!can_be_others()) {
        return;
    }
    const SharedDumps dumps{GENERATE(k_root, k_victim)};
    dumps.add_at("2020-01-01");
    dumps.forge({.started = "2020-01-01", .database = "made_up"});
    dumps.plant(lock_name_of("made_up"), "");
    const HeldFile held{dumps / lock_name_of("made_up"), HeldFile::How::exclusive};
    CHECK(dumps.run({"prune", "--keep-last", "1"}).exit_code == 0);
}
