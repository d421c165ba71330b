#include "support/catch.hpp"
#include "support/dumps/sample_directory.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <regex>

using namespace dbbackup::test;

namespace {

using Names = std::vector<std::string>;

Names sorted(Names names) {
    std::ranges::sort(names);
    return names;
}

/// Three dumps each of databases with similar names, and of some that differ only by server.
struct Siblings {
    SampleDirectory dumps;
    std::map<std::string, Names> names; ///< by "database host port", oldest first

    Siblings() {
        add({.started = {}, .database = "app"});
        add({.started = {}, .database = "app-staging"});
        add({.started = {}, .database = "app_old"});
        add({.started = {}, .database = "app_2020-01-01T00-00-00-000Z.sql"});
        add({.started = {}, .database = "app", .host = "other"});
        add({.started = {}, .database = "app", .port = 5433});
        add({.started = {}, .database = "app", .options = {"--schema-only"}});
    }

    void add(SampleDump made) {
        static constexpr int k_each = 3;
        const std::string key =
            fmt::format("{} {} {} {}", made.database, made.host, made.port, made.options.size());
        for (int day = 0; day < k_each; ++day) {
            // A millisecond apart, so that no two files have the same name.
            made.started = fmt::format("2020-01-0{}T03:15:00.{:03}Z", day + 1, names.size());
            names[key].push_back(dumps.add(made));
        }
    }

    /// The newest `count` of each kind whose key begins with it, and all of the others.
    [[nodiscard]] Names expected(const std::string& pruned, std::size_t count) const {
        Names expected;
        for (const auto& [key, all] : names) {
            const bool is_pruned = key.starts_with(pruned);
            expected.insert(expected.end(),
                            all.end() - static_cast<std::ptrdiff_t>(is_pruned ? count : all.size()),
                            all.end());
        }
        return sorted(expected);
    }
};

/// A plan in the words of a prune that was carried out; columns as wide as they may be.
std::string as_done(const std::string& text) {
    const std::string done = std::regex_replace(text, std::regex{"would delete"}, "deleted");
    return std::regex_replace(std::regex_replace(done, std::regex{"WOULD"}, "DID"),
                              std::regex{" +"}, " ");
}

} // namespace

TEST_CASE("prune of one database keeps dumps of others whose names begin with the same letters") {
    const Siblings siblings;
    CHECK(siblings.dumps.run({"prune", "--keep-last", "1", "--database", "app"}).exit_code == 0);
    CHECK(siblings.dumps.dumps() == siblings.expected("app ", 1));
    siblings.dumps.check_all_good();
}

TEST_CASE("without --database the rules apply to each database separately") {
    const Siblings siblings;
    CHECK(siblings.dumps.run({"prune", "--keep-last", "2"}).exit_code == 0);
    CHECK(siblings.dumps.dumps() == siblings.expected("", 2));
    siblings.dumps.check_all_good();
}

TEST_CASE("a database without dumps there has nothing to prune") {
    const Siblings siblings;
    const auto before = siblings.dumps.state();
    for (const char* database : {"ap", "APP", "app*", "app_", ""}) {
        INFO(database);
        CHECK(siblings.dumps.run({"prune", "--keep-last", "1", "--database", database}).exit_code ==
              0);
        CHECK(siblings.dumps.state() == before);
    }
}

TEST_CASE("the manifest counts, not the file name") {
    const SampleDirectory dumps;
    const Names names{
        dumps.add({.started = "2020-01-01", .name = "zzz.sql"}),
        dumps.add({.started = "2020-01-02", .name = "other_2029-01-01T00-00-00-000Z.sql"}),
        dumps.add({.started = "2020-01-03", .name = "aaa.sql"}),
        dumps.add({.started = "2020-01-04"})};
    const std::string other = dumps.add(
        {.started = "2019-01-01", .database = "other", .name = "app_2019-01-01T00-00-00-000Z.sql"});
    CHECK(dumps.run({"prune", "--keep-last", "2", "--database", "app"}).exit_code == 0);
    CHECK(dumps.dumps() == sorted({names[2], names[3], other}));
}

TEST_CASE("a dump and its manifest are deleted together, and the others stay unchanged") {
    const SampleDirectory dumps;
    const Names names = dumps.add_days(6);
    const auto before = dumps.state();
    const ProgramResult result = dumps.run({"prune", "--keep-last", "2"});
    CHECK(result.exit_code == 0);
    CHECK(result.err.empty());
    CHECK(dumps.dumps() == Names{names[4], names[5]});
    const auto after = dumps.state();
    CHECK(after.size() == 4);
    for (const auto& [name, state] : after) {
        INFO(name);
        CHECK(before.at(name) == state);
    }
}

TEST_CASE("what is always kept") {
    const SampleDirectory dumps;
    dumps.add({.started = "2020-01-01"});
    const Names kept{dumps.add({.started = "2020-01-02", .verified = "ok"}),
                     dumps.add({.started = "2020-01-03", .pinned = true}),
                     dumps.add({.started = "2020-01-06"}),
                     dumps.add({.started = "2020-01-07", .verified = "it is cut off"}),
                     dumps.add({.started = "2020-01-08", .safety = true})};
    dumps.add({.started = "2020-01-04", .verified = "it is cut off"});
    dumps.add({.started = "2020-01-05", .safety = true});
    CHECK(dumps.run({"prune", "--keep-yearly", "1"}).exit_code == 0);
    CHECK(dumps.dumps() == kept);
}

TEST_CASE("prune --dry-run reports what the next run does, and changes nothing") {
    const Siblings siblings;
    const SampleDirectory& dumps = siblings.dumps;
    dumps.add({.started = "2019-05-05", .pinned = true});
    write_file(dumps / "app_2019-01-01T00-00-00-000Z.sql", "not ours");
    write_file(dumps / ".app_2019-01-01T00-00-00-000Z.sql.partial", "left");
    dumps.age(".app_2019-01-01T00-00-00-000Z.sql.partial", std::chrono::hours{50});
    std::filesystem::create_symlink("app.sql", dumps / "link.sql");
    const auto before = dumps.state();
    const ProgramResult plan = dumps.run({"prune", "--keep-last", "2", "--dry-run"});
    CHECK(plan.exit_code == 0);
    CHECK(plan.err.empty());
    CHECK(dumps.state() == before);
    const ProgramResult done = dumps.run({"prune", "--keep-last", "2"});
    CHECK(done.exit_code == 0);
    CHECK(as_done(plan.out) == as_done(done.out));
    CHECK(plan.out.find("would delete 7 of 23 dumps, ") != std::string::npos);
    CHECK(done.out.find("deleted 7 of 23 dumps, ") != std::string::npos);
    CHECK(done.out.find("would") == std::string::npos);
    CHECK(done.out.find("not touched: link.sql") != std::string::npos);
    CHECK(before.size() - dumps.state().size() == 2 * 7 + 1);
}

TEST_CASE("prune --dry-run waits for no lock, and acquires none") {
    const SampleDirectory dumps;
    (void)dumps.add_days(3);
    const HeldFile lock{dumps / lock_name_of("app"), HeldFile::How::exclusive};
    const auto before = dumps.state();
    CHECK(dumps.run({"prune", "--keep-last", "1", "--dry-run"}).exit_code == 0);
    CHECK(dumps.state() == before);
}
