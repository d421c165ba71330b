// Nobody commits a dump by accident: the .gitignore of a directory that dbbackup creates.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/scene/settings_place.hpp"
#include "support/server/cluster.hpp"

#include <nlohmann/json.hpp>

using namespace dbbackup::test;
using Words = std::vector<std::string>;

namespace {

constexpr const char* k_notice =
    "is in a git work tree. If git does not ignore it yet: echo '*' > ";

struct Project {
    explicit Project(bool is_git_work_tree) {
        database.psql("create table items (i integer); insert into items values (1)");
        if (is_git_work_tree) {
            fs::create_directory(home / ".git");
        }
    }

    ProgramResult run(const Words& words) const {
        const ProgramResult result = run_dbbackup(
            words, {.environment = {{"DATABASE_URL", database.url()}}, .directory = home.path()});
        CAPTURE(result.err);
        CHECK(result.exit_code == 0);
        return result;
    }

    void check_ignored(const std::string& directory) const {
        const fs::path file = home / directory / ".gitignore";
        REQUIRE(fs::is_regular_file(file));
        CHECK(read_file(file).ends_with("\n*\n"));
        CHECK(fs::status(file).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
        CHECK_FALSE(fs::exists(home / directory / "..gitignore.partial"));
    }

    TestDatabase database;
    TempDir home;
};

} // namespace

TEST_CASE("the first dump adds a .gitignore to the directory it creates") {
    const Project project{false};
    const ProgramResult first = project.run({"dump"});
    CHECK_FALSE(says(first, "git"));
    project.check_ignored("dumps");
    INFO("what somebody has removed is not made again");
    fs::remove(project.home / "dumps" / ".gitignore");
    project.run({"dump"});
    CHECK_FALSE(fs::exists(project.home / "dumps" / ".gitignore"));
}

TEST_CASE("a .gitignore is neither a dump nor a leftover, and blocks nothing") {
    const Project project{false};
    project.run({"dump", "--dir", "./dumps/"});
    project.check_ignored("dumps");
    const auto json = [&](Words words) {
        words.emplace_back("--json");
        return nlohmann::json::parse(project.run(words).out);
    };
    CHECK(json({"list"}).at("dumps").size() == 1);
    const auto status = json({"status"});
    CHECK(status.at("healthy") == true);
    CHECK_FALSE(says(project.run({"status"}), "gitignore"));
    project.run({"dump"});
    const ProgramResult pruned = project.run({"prune", "--keep-last", "1"});
    CHECK(pruned.err.empty());
    CHECK(pruned.out.find("gitignore") == std::string::npos);
    CHECK(json({"list"}).at("dumps").size() == 1);
    CHECK(json({"verify", "--all"}).at("dumps").size() == 1);
    project.check_ignored("dumps");
}

TEST_CASE("a named directory gets a .gitignore only in a git work tree", "[slow]") {
    const Project project{true};
    project.run({"dump", "--dir", "a/b"});
    project.check_ignored("a/b");
    CHECK_FALSE(fs::exists(project.home / "a" / ".gitignore"));
    project.run({"restore", "--clean", "--confirm", project.database.name(), "--dir", "a/b",
                 "--safety-dir", "safe"});
    project.check_ignored("safe");
    const Project outside{false};
    outside.run({"dump", "--dir", "a/b"});
    CHECK_FALSE(fs::exists(outside.home / "a" / "b" / ".gitignore"));
}

TEST_CASE("if the directory already existed, the first dump says how to make git ignore it") {
    const Project project{true};
    fs::create_directory(project.home / "dumps");
    const ProgramResult first = project.run({"dump"});
    REQUIRE(says(first, std::string{"'dumps' "} + k_notice + "dumps/.gitignore\n"));
    CHECK_FALSE(fs::exists(project.home / "dumps" / ".gitignore"));
    CHECK_FALSE(says(project.run({"dump"}), "git"));
    INFO("where there is a .gitignore, it is the user's own business");
    fs::create_directory(project.home / "mine");
    write_file(project.home / "mine" / ".gitignore", "*\n");
    CHECK_FALSE(says(project.run({"dump", "--dir", "mine"}), "git"));
    CHECK(read_file(project.home / "mine" / ".gitignore") == "*\n");
    INFO("outside of a work tree there is nothing to say");
    const Project outside{false};
    fs::create_directory(outside.home / "dumps");
    CHECK_FALSE(says(outside.run({"dump"}), "git"));
}
