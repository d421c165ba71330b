// The dump directory is a link, and the link's owner could lead us anywhere.

#include "support/catch.hpp"
#include "support/dumps/other_users.hpp"

#include <algorithm>
#include <sys/stat.h>

using namespace dbbackup::test;

namespace {

constexpr int k_usage = 2;

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// Dumps of one user, and a directory of mallory's that holds a link to them.
struct LinkedDumps {
    explicit LinkedDumps(uid_t owner) : dumps{owner}, user{owner} {
        dumps.add_at("2020-01-01");
        dumps.add_at("2020-01-02");
        REQUIRE(::chmod(place.path().c_str(), 0755) == 0);
        give(place.path(), k_mallory);
    }

    void link(const std::string& name, const std::filesystem::path& target, uid_t owner) const {
        std::filesystem::create_symlink(target, place / name);
        give(place / name, owner);
    }

    [[nodiscard]] ProgramResult run(std::vector<std::string> words, const std::string& name) const {
        words = dumps.words(std::move(words));
        *std::ranges::find(words, dumps.path().string()) = place.path().string() + "/" + name;
        return run_program(words);
    }

    SharedDumps dumps;
    TempDir place;
    uid_t user;
};

} // namespace

TEST_CASE("a dump directory that is another user's link is refused", "[slow]") {
    if (!can_be_others()) {
        return;
    }
    const LinkedDumps scene{GENERATE(k_root, k_victim)};
    scene.link("dumps", scene.dumps.path(), k_mallory);
    scene.link("ours", "dumps", scene.user);
    scene.link("slash", "dumps/", scene.user);
    const auto before = scene.dumps.all().state();
    for (const std::string name :
         {"dumps", "dumps/", "dumps/.", "dumps//./", "ours", "ours/", "slash"}) {
        for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
                 {"list"}, {"prune", "--keep-last", "1"}, {"status"}, {"verify", "--all"}}) {
            INFO(words[0] << " " << name);
            const ProgramResult result = scene.run(words, name);
            CHECK(result.exit_code == k_usage);
            CHECK(contains(result.err, (scene.place / "dumps").string() +
                                           "' is a link that belongs to " + k_mallory_shown));
            CHECK(contains(result.err, "hint: "));
        }
    }
    CHECK(scene.dumps.all().state() == before);
}

TEST_CASE("the user's own or root's link to the dump directory is followed") {
    if (!can_be_others()) {
        return;
    }
    const LinkedDumps scene{GENERATE(k_root, k_victim)};
    scene.link("of_root", scene.dumps.path(), k_root);
    scene.link("ours", "of_root", scene.user);
    for (const std::string name : {"of_root", "ours", "ours/", "ours/."}) {
        INFO(name);
        CHECK(scene.run({"verify", "--all"}, name).exit_code == 0);
    }
}

TEST_CASE("no directory is created at the end of another user's link") {
    if (!can_be_others()) {
        return;
    }
    const LinkedDumps scene{GENERATE(k_root, k_victim)};
    const auto target = scene.place / "target";
    scene.link("dumps", "target", k_mallory);
    scene.link("parent", "target", k_mallory);
    for (const std::string name : {"dumps", "parent/dumps"}) {
        std::vector<std::string> words{"dump", "--url", "postgresql://nobody@localhost:1/app"};
        const ProgramResult result = scene.run(words, name);
        INFO(name << ": " << result.err);
        CHECK(result.exit_code == (name == "dumps" ? k_usage : 1));
        CHECK(std::filesystem::symlink_status(target).type() ==
              std::filesystem::file_type::not_found);
    }
}
