// Signals at random moments of an import: the tables are entirely old or entirely new, and the exit
// code says which. DBBACKUP_TEST_LONG tries many more moments: 150 of SIGKILL, 150 of SIGTERM.

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
    return std::getenv("DBBACKUP_TEST_LONG") == nullptr ? 6 : 50;
}

constexpr const char* k_many = R"(
    create table people (id serial primary key, name text not null);
    create table visits (id serial primary key, person int not null references people, at text);
    insert into people (name) select 'p' || g from generate_series(1, 2000) g;
    insert into visits (person, at) select 1 + g % 2000, md5(g::text)
        from generate_series(1, 20000) g;)";

constexpr const char* k_loss = R"(
    delete from visits where id % 2 = 0;
    delete from people p where not exists (select from visits v where v.person = p.id);
    update visits set at = 'changed' where id % 5 = 0;)";

std::string state_of(const ImportScene& scene) {
    return scene.ask("select (select md5(string_agg(p::text, ',' order by id)) from people p) || "
                     "(select md5(string_agg(v::text, ',' order by id)) from visits v)");
}

void signal_imports(int signal_number) {
    const std::vector<std::string> mode =
        GENERATE(std::vector<std::string>{"--mode", "add"},
                 std::vector<std::string>{"--mode", "merge", "--prefer", "source"},
                 std::vector<std::string>{"--mode", "replace"});
    const ImportScene scene{k_many};
    auto arguments = mode;
    arguments.insert(arguments.end(), {"--confirm", scene.database().name()});
    if (mode[1] != "add") {
        arguments.emplace_back("--no-safety-dump");
    }
    (void)scene.ask(k_loss);
    const std::string before = state_of(scene);
    const auto started = std::chrono::steady_clock::now();
    REQUIRE(scene.import(arguments).exit_code == 0);
    const auto took =
        std::chrono::duration_cast<Microseconds>(std::chrono::steady_clock::now() - started);
    const std::string after = state_of(scene);
    REQUIRE(after != before);
    const auto seed = std::random_device{}();
    INFO("seed " << seed << ", mode " << mode[1]);
    std::mt19937 random{seed};
    std::uniform_int_distribution<Microseconds::rep> delays{0, took.count() * 11 / 10};
    for (int i = 0; i < moments(); ++i) {
        (void)scene.ask(k_loss);
        Program run{scene.import_words(arguments), scene.options()};
        std::this_thread::sleep_for(Microseconds{delays(random)});
        run.send(signal_number);
        const ProgramResult result = run.wait();
        REQUIRE(eventually(
            [&] { return Cluster::shared().sessions_in(scene.database().name()) == 0; }));
        INFO("moment " << i << ": exit " << result.exit_code << "\n" << result.err);
        const std::string now = state_of(scene);
        CHECK((now == after || now == before));
        if (result.exit_code == 0) {
            CHECK(now == after);
        } else if (signal_number == SIGTERM) {
            CHECK(now == before);
        }
    }
}

} // namespace

TEST_CASE("SIGKILL at random moments of an import leaves all of it or nothing") {
    signal_imports(SIGKILL);
}

TEST_CASE("SIGTERM at random moments of an import leaves all of it or nothing") {
    signal_imports(SIGTERM);
}
