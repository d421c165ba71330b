#include "support/catch.hpp"
#include "support/scene/drill_scene.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fmt/format.h>
#include <regex>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace dbbackup::test;

namespace {

constexpr uid_t k_owner = 4321; // no user of the system has this number

/// Of packaging/systemd, as setpriv takes them: "-all,+chown,+kill".
std::string capabilities_of_the_unit() {
    const char* project = std::getenv("DBBACKUP_TEST_PROJECT");
    REQUIRE(project != nullptr);
    const std::string unit =
        read_file(std::filesystem::path{project} / "packaging/systemd/dbbackup-drill@.service");
    std::smatch line;
    REQUIRE(std::regex_search(unit, line, std::regex{"\nCapabilityBoundingSet=([^\n]+)"}));
    std::string list = "-all";
    std::istringstream names{line[1]};
    for (std::string name; names >> name;) {
        std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
        list += ",+" + name.substr(std::string{"cap_"}.size());
    }
    return list;
}

void give(const std::filesystem::path& path) {
    REQUIRE(::chown(path.c_str(), k_owner, k_owner) == 0);
    for (const auto& entry : std::filesystem::recursive_directory_iterator{path}) {
        REQUIRE(::chown(entry.path().c_str(), k_owner, k_owner) == 0);
    }
}

ProgramResult drill_as_service(const DrillScene& scene, const std::filesystem::path& dump) {
    auto words = scene.words(dump);
    words.insert(words.begin(), {"/usr/bin/setpriv", "--bounding-set=" + capabilities_of_the_unit(),
                                 "--inh-caps=-all", "--no-new-privs"});
    return run_program(words, scene.options());
}

bool is_root() {
    if (::geteuid() != 0) {
        WARN("skipped: the service runs as root, and so must this test");
    }
    return ::geteuid() == 0;
}

} // namespace

TEST_CASE("a drill in the service needs no more rights than its unit grants") {
    if (!is_root()) {
        return;
    }
    const DrillScene scene{"create table t as select generate_series(1, 10) i"};
    const auto dump = scene.dump();
    give(scene.dumps());
    const ProgramResult result = drill_as_service(scene, dump);
    INFO(result.out << result.err);
    CHECK(result.exit_code == 0);
    CHECK(read_file(dump.string() + ".json").find("\"restore\"") != std::string::npos);
    for (const auto& entry : std::filesystem::directory_iterator{scene.dumps()}) {
        struct stat status {};

        REQUIRE(::stat(entry.path().c_str(), &status) == 0);
        INFO(entry.path());
        CHECK(status.st_uid == k_owner); // the next dump's service must be able to prune it
    }
    CHECK(std::filesystem::is_empty(scene.place()));
}

TEST_CASE("code in a dump cannot read the dumps in the service's drill") {
    if (!is_root()) {
        return;
    }
    DrillScene scene;
    scene.database().psql(fmt::format(
        "create function spy() returns bigint language plpgsql as $$ begin "
        "if current_setting('unix_socket_directories') not like '%dbbackup-scratch%' then "
        "return 0; end if; "
        "return (select count(*) from pg_ls_dir('{}')); end $$; "
        "create materialized view v as select spy()",
        scene.dumps().string()));
    const auto dump = scene.dump();
    give(scene.dumps());
    const ProgramResult result = drill_as_service(scene, dump);
    INFO(result.out << result.err);
    CHECK(result.exit_code == 1);
    CHECK((result.out + result.err).find("Permission denied") != std::string::npos);
}
