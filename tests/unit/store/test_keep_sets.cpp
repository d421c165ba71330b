#include "support/catch.hpp"

#include <dbbackup/store/retention_sets.hpp>

#include <random>
#include <string>

namespace dbbackup {

namespace {

using store::KeepReason;

store::PruneDecision decision(const std::string& name, std::vector<KeepReason> reasons) {
    store::PruneDecision made;
    made.dump.name = name;
    made.dump.size = 1;
    made.dump.manifest.emplace();
    made.dump.manifest->file.name = name;
    made.dump.manifest->file.size = 1;
    made.dump.manifest->dump_id = "id of " + name;
    made.reasons = std::move(reasons);
    return made;
}

store::SetEntry set_of(const std::string& name, const std::vector<std::string>& files) {
    store::SetEntry entry;
    entry.name = name;
    entry.set.emplace();
    entry.set->globals = {.file = files[0], .dump_id = "id of " + files[0], .sha256 = {}};
    for (std::size_t i = 1; i < files.size(); ++i) {
        store::DumpSet::Database database;
        database.dump = {.file = files[i], .dump_id = "id of " + files[i], .sha256 = {}};
        entry.set->databases.push_back(database);
    }
    return entry;
}

} // namespace

TEST_CASE("what keeps one dump of a set keeps all of it") {
    std::vector decisions{decision("g", {}), decision("a", {KeepReason::pinned}), decision("b", {}),
                          decision("c", {})};
    const auto sets = store::keep_sets(
        decisions, {set_of("@set_1", {"g", "a", "b"}), set_of("@set_2", {"x", "c"})}, {});
    CHECK(sets[0].is_kept);
    CHECK(sets[0].reason == "a is kept");
    CHECK(!sets[1].is_kept);
    CHECK(decisions[0].reasons == std::vector{KeepReason::in_set});
    CHECK(decisions[1].reasons == std::vector{KeepReason::pinned, KeepReason::in_set});
    CHECK(decisions[2].kept_set == "@set_1");
    CHECK(!decisions[3].is_kept());
}

TEST_CASE("a set stays if nobody decides on one of its dumps, or if it cannot be read") {
    std::vector decisions{decision("a", {})};
    store::SetEntry unreadable;
    unreadable.name = "@set_2";
    unreadable.problem = "it belongs to user 'mallory'";
    const auto sets =
        store::keep_sets(decisions, {set_of("@set_1", {"g", "a"}), unreadable}, {"id of g"});
    CHECK(sets[0].is_kept);
    CHECK(decisions[0].kept_set == "@set_1");
    CHECK(sets[1].is_kept);
    CHECK(sets[1].reason == unreadable.problem);
}

TEST_CASE("foreign dumps, and dumps with another id, keep no set") {
    std::vector decisions{decision("a", {KeepReason::foreign}), decision("b", {KeepReason::last}),
                          decision("c", {})};
    decisions[0].dump.foreign_owner = "user 'mallory'";
    decisions[1].dump.manifest->dump_id = "another";
    const auto sets = store::keep_sets(decisions, {set_of("@set_1", {"a", "b", "c"})}, {});
    CHECK(!sets[0].is_kept);
    CHECK(!decisions[2].is_kept());
}

TEST_CASE("sets at random: after a prune each is whole, or gone with what only it kept") {
    std::mt19937 random{7};
    for (int round = 0; round < 2000; ++round) {
        std::vector<store::PruneDecision> decisions;
        for (char name = 'a'; name < 'i'; ++name) {
            decisions.push_back(decision(std::string(1, name), random() % 4 == 0
                                                                   ? std::vector{KeepReason::last}
                                                                   : std::vector<KeepReason>{}));
        }
        const auto before = decisions;
        const std::vector<std::vector<std::string>> members{
            {"a", "b", "c"}, {"d", "e"}, {"f", "g", "h"}};
        const auto sets = store::keep_sets(
            decisions, {set_of("1", members[0]), set_of("2", members[1]), set_of("3", members[2])},
            {});
        for (std::size_t i = 0; i < members.size(); ++i) {
            bool is_any_kept = false;
            for (const std::string& name : members[i]) {
                is_any_kept = is_any_kept || before[std::size_t(name[0] - 'a')].is_kept();
            }
            CHECK(sets[i].is_kept == is_any_kept);
            for (const std::string& name : members[i]) {
                CHECK(decisions[std::size_t(name[0] - 'a')].is_kept() == is_any_kept);
            }
        }
    }
}

} // namespace dbbackup
