// Signals at random moments of a drill: nothing of it is left, no server, no directory, no
// database. The next drill removes what SIGKILL left. DBBACKUP_TEST_LONG tries many more moments.

#include "support/catch.hpp"
#include "support/program/processes.hpp"
#include "support/scene/drill_scene.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <grp.h>
#include <random>
#include <set>
#include <sstream>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace dbbackup::test;
using Microseconds = std::chrono::microseconds;

namespace {

int moments(int few, int many) {
    return std::getenv("DBBACKUP_TEST_LONG") == nullptr ? few : many;
}

/// A drill to be hit at a random moment.
class Moments {
public:
    explicit Moments(std::vector<std::string> arguments) : arguments_(std::move(arguments)) {
        dump_ = scene_.dump();
        drill_to_the_end();
        const auto started = std::chrono::steady_clock::now();
        drill_to_the_end();
        duration_ =
            std::chrono::duration_cast<Microseconds>(std::chrono::steady_clock::now() - started);
    }

    [[nodiscard]] const DrillScene& scene() const { return scene_; }

    [[nodiscard]] unsigned seed() const { return seed_; }

    void drill_to_the_end() const { scene_.check_proven(scene_.drill(dump_, arguments_)); }

    [[nodiscard]] ProgramResult hit(int signal_number) {
        // A little past the end too.
        std::uniform_int_distribution<Microseconds::rep> delays{0, duration_.count() * 11 / 10};
        Program run{scene_.words(dump_, arguments_), scene_.options()};
        std::this_thread::sleep_for(Microseconds{delays(random_)});
        run.send(signal_number);
        return run.wait();
    }

private:
    DrillScene scene_{"create table t as select g as id, md5(g::text) as noise "
                      "from generate_series(1, 20000) g; create index on t (noise)"};
    std::vector<std::string> arguments_;
    std::filesystem::path dump_;
    unsigned seed_ = std::random_device{}();
    std::mt19937 random_{seed_};
    Microseconds duration_{};
};

/// Signals that dbbackup handles: it removes everything itself.
void check_signal(int signal_number) {
    const ScratchRole role{"login superuser"};
    for (const bool throwaway : {true, false}) {
        Moments moment{throwaway ? std::vector<std::string>{} : role.with()};
        INFO("seed " << moment.seed());
        const int rounds = moments(throwaway ? 1 : 3, 50);
        for (int round = 0; round < rounds; ++round) {
            const ProgramResult result = moment.hit(signal_number);
            CAPTURE(throwaway, round, result.err, result.out);
            CHECK((result.exit_code == 0 || result.exit_code == 128 + signal_number));
            moment.scene().check_nothing_left();
            role.check_nothing_left();
        }
    }
}

/// Whether it can belong to a drill: root's drills have their own group, other tests' servers do
/// not.
bool may_be_of_drill(gid_t group) {
    return ::geteuid() != 0 || ::getgrgid(group) == nullptr;
}

/// Drills' shared memory that no process uses, POSIX and System V.
std::set<std::string> orphaned_shared_memory() {
    std::set<std::string> orphans;
    for (const auto& entry : std::filesystem::directory_iterator{"/dev/shm"}) {
        struct stat status {};

        if (entry.path().filename().native().starts_with("PostgreSQL.") &&
            ::stat(entry.path().c_str(), &status) == 0 && may_be_of_drill(status.st_gid)) {
            orphans.insert(entry.path().string());
        }
    }
    for (const auto& process : std::filesystem::directory_iterator{"/proc"}) {
        std::ifstream maps{process.path() / "maps"};
        for (std::string line; std::getline(maps, line);) {
            if (const auto at = line.find("/dev/shm/"); at != std::string::npos) {
                orphans.erase(line.substr(at));
            }
        }
    }
    std::ifstream segments{"/proc/sysvipc/shm"};
    std::string line;
    std::getline(segments, line);
    while (std::getline(segments, line)) {
        std::istringstream fields{line};
        std::string key, id, mode, size, creator, last, attached, user;
        gid_t group = 0;
        fields >> key >> id >> mode >> size >> creator >> last >> attached >> user >> group;
        if (attached == "0" && may_be_of_drill(group)) {
            orphans.insert("segment " + id);
        }
    }
    return orphans;
}

/// Checks that what is newly orphaned is soon gone: servers of other tests come and go, but later
/// ones do not count.
void check_no_new_orphans(const std::set<std::string>& before) {
    std::set<std::string> more = orphaned_shared_memory();
    std::erase_if(more, [&](const std::string& name) { return before.contains(name); });
    (void)eventually([&] {
        const std::set<std::string> now = orphaned_shared_memory();
        std::erase_if(more, [&](const std::string& name) { return !now.contains(name); });
        return more.empty();
    });
    CHECK(more == std::set<std::string>{});
}

} // namespace

TEST_CASE("SIGINT at random moments of a drill") {
    check_signal(SIGINT);
}

TEST_CASE("SIGTERM at random moments of a drill") {
    check_signal(SIGTERM);
}

TEST_CASE("SIGHUP at random moments of a drill") {
    check_signal(SIGHUP);
}

TEST_CASE("SIGKILL at random moments of drills, and one more drill: no server is left") {
    const std::set<std::string> orphans = orphaned_shared_memory();
    Moments moment{{}};
    INFO("seed " << moment.seed());
    const int rounds = moments(3, 100);
    int left = 0;
    for (int round = 0; round < rounds; ++round) {
        const ProgramResult result = moment.hit(SIGKILL);
        CAPTURE(round, result.err);
        CHECK((result.exit_code == 0 || result.signal_number == SIGKILL));
        // The kernel tells the server.
        CHECK(eventually([&] { return processes_in(moment.scene().temp()).empty(); }));
        CHECK(names_in(moment.scene().place()).size() <= static_cast<std::size_t>(round) + 1);
        left = static_cast<int>(names_in(moment.scene().place()).size());
    }
    moment.drill_to_the_end(); // which checks that nothing is left
    check_no_new_orphans(orphans);
    fmt::print("seed {}: {} kills left {} directories to the next drill\n", moment.seed(), rounds,
               left);
}

TEST_CASE("SIGKILL at random moments of drills, and one more drill: no database is left") {
    const ScratchRole role{"login superuser"};
    Moments moment{role.with()};
    INFO("seed " << moment.seed());
    const int rounds = moments(4, 100);
    for (int round = 0; round < rounds; ++round) {
        const ProgramResult result = moment.hit(SIGKILL);
        CAPTURE(round, result.err);
        CHECK((result.exit_code == 0 || result.signal_number == SIGKILL));
    }
    const std::size_t left = role.databases().size();
    // Sessions of killed drills end as soon as their server notices.
    CHECK(eventually([&] {
        return Cluster::shared().psql("postgres",
                                      fmt::format("select count(*) from pg_stat_activity where "
                                                  "usename = '{}'",
                                                  role.name())) == "0";
    }));
    moment.drill_to_the_end();
    role.check_nothing_left();
    fmt::print("seed {}: {} kills left {} databases to the next drill\n", moment.seed(), rounds,
               left);
}
