// Signals at random moments of an import: the tables are entirely old or entirely new, and the exit
// code says which. DBBACKUP_TEST_LONG tries many more moments.

#include "support/catch.hpp"
#include "support/program/processes.hpp"
#include "support/scene/import_scene.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <random>
#include <thread>

using namespace dbbackup::test;
using Microseconds = std::chrono::microseconds;

namespace {

int moments() {
    return std::getenv("DBBACKUP_TEST_LONG") == nullptr ? 8 : 100;
}

constexpr const char* k_many = R"(
    create table people (id serial primary key, name text not null);
    create table visits (id serial primary key, person int not null references people, at text);
    insert into people (name) select 'p' || g from generate_series(1, 2000) g;
    insert into visits (person, at) select 1 + g % 2000, md5(g::text)
        from generate_series(1, 20000) g;)";

} // namespace

TEST_CASE("signals at random moments of an import leave all of it or nothing") {
    const std::vector<std::string> mode =
        GENERATE(std::vector<std::string>{"--mode", "add"},
                 std::vector<std::string>{"--mode", "replace", "--no-safety-dump"});
    const int signal_number = GENERATE(SIGKILL, SIGTERM);
    ImportScene scene{k_many};
    const std::string loss = "delete from visits where id % 2 = 0; delete from people p where not "
                             "exists (select from visits v where v.person = p.id)";
    scene.change(loss);
    auto arguments = mode;
    arguments.insert(arguments.end(), {"--confirm", scene.database().name()});
    const auto started = std::chrono::steady_clock::now();
    REQUIRE(scene.import(arguments).exit_code == 0);
    const auto took =
        std::chrono::duration_cast<Microseconds>(std::chrono::steady_clock::now() - started);
    const auto rows = [&scene] {
        return scene.ask("select (select count(*) from people) || ' ' || "
                         "(select count(*) from visits)");
    };
    REQUIRE(rows() == "2000 20000");
    const auto seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 random{seed};
    std::uniform_int_distribution<Microseconds::rep> delays{0, took.count() * 11 / 10};
    for (int i = 0; i < moments(); ++i) {
        scene.ask(loss);
        Program run{scene.import_words(arguments), scene.options()};
        std::this_thread::sleep_for(Microseconds{delays(random)});
        run.send(signal_number);
        const ProgramResult result = run.wait();
        while (Cluster::shared().sessions_in(scene.database().name()) > 0) {
            std::this_thread::sleep_for(std::chrono::milliseconds{10});
        }
        INFO("moment " << i << ": exit " << result.exit_code << "\n" << result.err);
        const std::string after = rows();
        CHECK((after == "2000 20000" || after == "1000 10000"));
        if (result.exit_code == 0) {
            CHECK(after == "2000 20000");
        } else if (signal_number == SIGTERM) {
            CHECK(after == "1000 10000");
        }
    }
    scene.ask("delete from visits; delete from people");
}
