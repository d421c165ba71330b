#include "support/catch.hpp"
#include "support/dumps/other_users.hpp"
#include "support/temp_dir.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/store/dump_directory.hpp>
#include <dbbackup/store/dump_query.hpp>
#include <dbbackup/store/remove_dump.hpp>

using namespace dbbackup;
using namespace dbbackup::test;
using store::DumpDirectory;

namespace {

const base::UtcTime k_now = base::parse_utc("2026-06-01T00:00:00.000Z").value();

void add(const SampleDirectory& home, const std::string& name, const std::string& database = {},
         const std::string& time = {}) {
    if (database.empty()) {
        write_file(home / name, "sql");
    } else {
        home.add({.started = time, .database = database, .name = name});
    }
}

std::vector<std::string> listed(const SampleDirectory& home) {
    std::vector<std::string> names;
    for (const store::DumpEntry& entry : DumpDirectory::open(home.path()).list()) {
        names.push_back(entry.name);
    }
    return names;
}

store::FoundDump resolve(const std::filesystem::path& directory, const std::string& reference,
                         const std::optional<std::string>& database, base::UtcTime now) {
    store::DumpQuery query{.directory = directory, .reference = reference};
    query.latest.database = database;
    return store::resolve_dump(query, now);
}

base::ErrorKind refusal(const SampleDirectory& home, const std::string& reference,
                        const std::optional<std::string>& database = {}) {
    try {
        (void)resolve(home.path(), reference, database, k_now);
    } catch (const base::Error& error) {
        return error.kind();
    }
    FAIL("found " << reference);
    return {};
}

} // namespace

TEST_CASE("dumps are sorted by time, then by name, those without a time last") {
    const SampleDirectory home;
    add(home, "zebra.sql", "a", "2026-01-01T00:00:00.000Z");
    add(home, "b_2026-01-03T00-00-00-000Z.sql");
    add(home, "twin b.dump", "a", "2026-01-02T00:00:00.000Z");
    add(home, "twin a.dump", "a", "2026-01-02T00:00:00.000Z");
    add(home, "unknown a.sql.gz");
    add(home, "unknown b.sql.zst");
    CHECK(listed(home) == std::vector<std::string>{"b_2026-01-03T00-00-00-000Z.sql", "twin b.dump",
                                                   "twin a.dump", "zebra.sql", "unknown b.sql.zst",
                                                   "unknown a.sql.gz"});
}

TEST_CASE("lost dumps are those with only a manifest") {
    const SampleDirectory home;
    for (const std::string name : {"here.sql", "gone.sql.gz", "also gone.dump"}) {
        add(home, name, "a", "2026-01-01T00:00:00.000Z");
    }
    std::filesystem::remove(home / "gone.sql.gz");
    std::filesystem::remove(home / "also gone.dump");
    for (const std::string name :
         {"notes.json", ".hidden.sql.json", ".x.sql.json.partial", "a.sql", "link.sql.json"}) {
        write_file(home / name, "{}");
    }
    std::filesystem::create_symlink("here.sql", home / "link.sql");
    std::filesystem::create_directory(home / "directory.sql.json");
    write_file(home / "directory.sql.zst.json", "{}");
    std::filesystem::create_directory(home / "directory.sql.zst");
    const auto directory = DumpDirectory::open(home.path());
    CHECK(directory.lost() == std::vector<std::string>{"also gone.dump", "directory.sql.zst",
                                                       "gone.sql.gz", "link.sql"});
    CHECK(directory.is_lost("gone.sql.gz"));
    CHECK_FALSE(directory.is_lost("here.sql"));
    CHECK_FALSE(directory.is_lost("neither.sql"));
    write_file(home / store::removed_name_of("gone.sql.gz"), "");
    CHECK_FALSE(directory.is_lost("gone.sql.gz"));
}

TEST_CASE("a database may be locked as long as its lock file exists") {
    const SampleDirectory home;
    const auto directory = DumpDirectory::open(home.path());
    CHECK_FALSE(directory.may_be_locked("a/b"));
    {
        const auto lock = directory.lock("a/b");
        CHECK(directory.may_be_locked("a/b"));
        CHECK_FALSE(directory.may_be_locked("a"));
    }
    CHECK_FALSE(directory.may_be_locked("a/b"));
}

TEST_CASE("a database's dump names match its whole name") {
    const SampleDirectory home;
    for (const std::string name :
         {"shop_2026-01-01T00-00-00-000Z.sql", "shop_2026-01-02T00-00-00-000Z.dump",
          "shop_old_2026-01-03T00-00-00-000Z.sql", "old_shop_2026-01-03T00-00-00-000Z.sql",
          "shop.sql"}) {
        add(home, name);
    }
    const auto names = DumpDirectory::open(home.path()).names_of("shop");
    REQUIRE(names.size() == 2);
    CHECK(names[0].suffix == ".dump");
    CHECK(names[1].suffix == ".sql");
}

TEST_CASE("latest is the newest of the wanted database, or of the only one") {
    const SampleDirectory home;
    CHECK(refusal(home, "latest") == base::ErrorKind::failed);
    add(home, "one.sql", "shop", "2026-01-01T00:00:00.000Z");
    add(home, "two.sql", "shop", "2026-01-02T00:00:00.000Z");
    CHECK(resolve(home.path(), "latest", std::nullopt, k_now).entry.name == "two.sql");
    CHECK(resolve(home.path(), "latest", "other", k_now).entry.name == "two.sql");
    add(home, "three.sql", "blog", "2026-01-03T00:00:00.000Z");
    CHECK(refusal(home, "latest") == base::ErrorKind::usage);
    CHECK(refusal(home, "latest", "other") == base::ErrorKind::usage);
    CHECK(resolve(home.path(), "latest", "shop", k_now).entry.name == "two.sql");
    CHECK(resolve(home.path(), "latest", "blog", k_now).entry.name == "three.sql");
}

TEST_CASE("latest if no dump's database is known") {
    const SampleDirectory home;
    add(home, "foreign.sql");
    CHECK(refusal(home, "latest") == base::ErrorKind::failed);
    CHECK(resolve(home.path(), "foreign.sql", std::nullopt, k_now).entry.name == "foreign.sql");
}

TEST_CASE("a name is looked up in the directory, a path as it is") {
    const SampleDirectory home;
    const SampleDirectory elsewhere;
    add(home, "a.sql", "shop", "2026-01-01T00:00:00.000Z");
    add(elsewhere, "b.sql", "shop", "2026-01-01T00:00:00.000Z");
    CHECK(resolve(home.path(), "a.sql", std::nullopt, k_now).entry.manifest);
    const auto found = resolve(home.path(), elsewhere / "b.sql", std::nullopt, k_now);
    CHECK(found.directory.files().path() == elsewhere.path());
    CHECK(refusal(home, "b.sql") == base::ErrorKind::failed);
    CHECK(refusal(home, "") == base::ErrorKind::failed);
    CHECK(refusal(home, "../") == base::ErrorKind::failed);
}

TEST_CASE("each database has its own lock, which names its holder") {
    const SampleDirectory home;
    const auto directory = DumpDirectory::open_or_create(home / "new/dumps");
    const auto lock = directory.lock("a/b");
    CHECK(names_in(home / "new/dumps") == std::vector<std::string>{".a%2Fb.lock"});
    const auto other = directory.lock("c");
    try {
        (void)directory.lock("a/b");
        FAIL("locked twice");
    } catch (const base::Error& error) {
        CHECK(error.kind() == base::ErrorKind::locked);
        CHECK(std::string{error.what()}.find("process ") != std::string::npos);
    }
}

TEST_CASE("latest is never from the future, but a named dump can be") {
    const SampleDirectory home;
    add(home, "new.sql", "shop", "2026-06-01T00:00:00.001Z");
    CHECK(refusal(home, "latest") == base::ErrorKind::failed);
    add(home, "old.sql", "shop", "2026-06-01T00:00:00.000Z");
    const auto latest = resolve(home.path(), "latest", std::nullopt, k_now);
    CHECK(latest.entry.name == "old.sql");
    CHECK(latest.warnings.size() == 1);
    const auto named = resolve(home.path(), "new.sql", std::nullopt, k_now);
    CHECK(named.entry.name == "new.sql");
    CHECK(named.warnings.empty());
}

TEST_CASE("other users' names are not among a database's names") {
    if (!can_be_others()) {
        return;
    }
    const SampleDirectory home;
    for (const char* name :
         {"shop_2026-01-01T00-00-00-000Z.sql", "shop_2026-01-02T00-00-00-000Z.sql"}) {
        add(home, name);
    }
    give(home / "shop_2026-01-02T00-00-00-000Z.sql", k_mallory);
    CHECK(DumpDirectory::open(home.path()).names_of("shop").size() == 1);
}

TEST_CASE("the owner of the dump is reported before that of the manifest") {
    if (!can_be_others()) {
        return;
    }
    const SampleDirectory home;
    const auto problem = [&home] {
        return DumpDirectory::open(home.path()).find("a.sql").value().problem;
    };
    const std::string of_mallory = std::string{" to "} + k_mallory_shown;
    add(home, "a.sql", "shop", "2026-01-01T00:00:00.000Z");
    CHECK(problem().empty());
    give(home / "a.sql.json", k_mallory);
    CHECK(problem() == "its manifest belongs" + of_mallory);
    give(home / "a.sql", k_mallory);
    CHECK(problem() == "it belongs" + of_mallory);
    write_file(home / "a.sql.json", "{");
    CHECK(problem().starts_with("it belongs" + of_mallory + "; the manifest 'a.sql.json' cannot"));
    give(home.path(), k_mallory);
    CHECK(problem().starts_with("the manifest"));
}
