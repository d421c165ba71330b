// prune never touches what dbbackup did not write, or may not have written.

#include "support/catch.hpp"
#include "support/dumps/sample_directory.hpp"
#include "support/dumps/sample_dump.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

using namespace dbbackup::test;

namespace {

/// Old dumps, of which only the newest should stay, and something foreign among them.
struct Strangers {
    SampleDirectory dumps;
    std::string newest = dumps.add_at("2020-02-01");
    std::map<std::string, std::string> before;

    [[nodiscard]] std::string json_of(const std::string& name) const {
        return read_file(manifest_path(dumps / name));
    }

    /// What is there now must stay as it is, except for the two dumps added and deleted.
    ProgramResult check_stay() {
        before = dumps.state();
        dumps.add_at("2020-01-20");
        dumps.add_at("2020-01-21");
        ProgramResult result = dumps.run({"prune", "--keep-last", "1"});
        INFO(result.out << result.err);
        CHECK(result.exit_code == 0);
        CHECK(dumps.state() == before);
        return result;
    }
};

bool tells(const ProgramResult& result, const std::string& text) {
    return result.out.find(text) != std::string::npos;
}

const std::string k_old = "app_2019-01-01T00-00-00-000Z.sql";

} // namespace

TEST_CASE("prune: a dump without a manifest stays") {
    Strangers scene;
    write_file(scene.dumps / k_old, "SELECT 1;\n");
    write_file(scene.dumps / "anything.dump", "");
    const ProgramResult result = scene.check_stay();
    CHECK(tells(result, "foreign: it has no manifest"));
    CHECK(tells(result, "deleted 2 of 5 dumps"));
}

TEST_CASE("prune: a dump whose manifest is invalid, or of a later version, stays") {
    Strangers scene;
    const std::string good =
        scene.json_of(scene.dumps.add({.started = "2019-01-02", .name = "x.sql"}));
    std::string later = good;
    later.replace(later.find("\"1.4\""), 5, "\"3.0\"");
    const std::string json =
        GENERATE_COPY(std::string{}, std::string{"{}"}, std::string{"null"},
                      std::string{"\xFF\xFE"}, good.substr(0, good.size() / 2), later);
    write_file(manifest_path(scene.dumps / "x.sql"), json);
    CHECK(tells(scene.check_stay(), "foreign: "));
}

TEST_CASE("prune: a file whose size differs from its manifest stays") {
    Strangers scene;
    scene.dumps.add_at("2019-01-01");
    write_file(scene.dumps / k_old, "something else");
    CHECK(tells(scene.check_stay(), "foreign: its size is 14 bytes"));
}

TEST_CASE("prune: a dump beside the manifest of another file stays, and takes no place") {
    Strangers scene;
    const std::string other = scene.dumps.add({.started = "2020-03-01", .database = "other"});
    const std::string content = read_file(scene.dumps / other);
    const std::string json = scene.json_of(other);
    SECTION("a copy of both under another name") {
        write_file(scene.dumps / k_old, content);
        write_file(manifest_path(scene.dumps / k_old), json);
    }
    SECTION("another file of the same size") {
        write_file(scene.dumps / "mine.sql", std::string(content.size(), 'x'));
        write_file(manifest_path(scene.dumps / "mine.sql"), json);
    }
    const ProgramResult result = scene.check_stay();
    CHECK(tells(result, "foreign: its manifest is of '" + other + "'"));
    CHECK(tells(result, "deleted 2 of 5 dumps"));
}

TEST_CASE("prune: two dumps whose manifests were swapped stay") {
    const SampleDirectory dumps;
    const auto names = dumps.add_days(4);
    const std::string first = read_file(manifest_path(dumps / names[0]));
    write_file(manifest_path(dumps / names[0]), read_file(manifest_path(dumps / names[3])));
    write_file(manifest_path(dumps / names[3]), first);
    const ProgramResult result = dumps.run({"prune", "--keep-last", "1"});
    CHECK(result.exit_code == 0);
    CHECK(dumps.dumps() == std::vector{names[0], names[2], names[3]});
    CHECK(tells(result, "foreign: its manifest is of '" + names[0] + "'"));
    CHECK(tells(result, "foreign: its manifest is of '" + names[3] + "'"));
}

TEST_CASE("prune: a link to a dump stays, and so does its target") {
    Strangers scene;
    const SampleDirectory elsewhere;
    const std::string target = elsewhere.add_at("2019-01-01");
    std::filesystem::create_symlink(elsewhere / target, scene.dumps / k_old);
    write_file(manifest_path(scene.dumps / k_old), read_file(manifest_path(elsewhere / target)));
    const auto there = elsewhere.state();
    CHECK(tells(scene.check_stay(), "not touched: " + k_old + ", which is not a regular file"));
    CHECK(elsewhere.state() == there);
}

TEST_CASE("prune: a dump whose manifest is a link stays") {
    Strangers scene;
    scene.dumps.add_at("2019-01-01");
    const auto manifest = manifest_path(scene.dumps / k_old);
    std::filesystem::rename(manifest, scene.dumps.path().parent_path() / "real.json");
    std::filesystem::create_symlink("../real.json", manifest);
    CHECK(tells(scene.check_stay(), "foreign: "));
}

TEST_CASE("prune: directories, FIFOs and dangling links with dump names stay") {
    Strangers scene;
    const std::string json = scene.json_of(scene.newest);
    std::filesystem::create_directory(scene.dumps / "dir.sql");
    write_file(scene.dumps / "dir.sql" / "inside.sql", "x");
    REQUIRE(::mkfifo((scene.dumps / "pipe.sql.gz").c_str(), 0600) == 0);
    std::filesystem::create_symlink("nowhere", scene.dumps / "loose.dump");
    for (const char* name : {"dir.sql.json", "pipe.sql.gz.json", "loose.dump.json"}) {
        write_file(scene.dumps / name, json);
    }
    const ProgramResult result = scene.check_stay();
    for (const char* name : {"dir.sql", "pipe.sql.gz", "loose.dump"}) {
        CHECK(
            tells(result, "not touched: " + std::string{name} + ", which is not a regular file\n"));
    }
    CHECK(std::filesystem::exists(scene.dumps / "dir.sql" / "inside.sql"));
}

TEST_CASE("prune: a dump whose manifest is a FIFO or a directory stays, and nothing blocks") {
    Strangers scene;
    write_file(scene.dumps / "a.sql", "x");
    write_file(scene.dumps / "b.sql", "x");
    REQUIRE(::mkfifo((scene.dumps / "a.sql.json").c_str(), 0600) == 0);
    std::filesystem::create_directory(scene.dumps / "b.sql.json");
    CHECK(tells(scene.check_stay(), "foreign: "));
}

TEST_CASE("prune: lost manifests stay, because they show a loss") {
    Strangers scene;
    scene.dumps.add_at("2019-01-01");
    std::filesystem::remove(scene.dumps / k_old);
    (void)scene.check_stay();
    CHECK(scene.dumps.run({"verify", "--all"}).exit_code == 3);
}

TEST_CASE("prune: hidden files that share only our suffix stay, however old") {
    Strangers scene;
    scene.dumps.add({.started = "2020-02-01", .database = "x", .name = "x.sql"});
    const std::vector<std::string> names{".partial",
                                         ".removed",
                                         ".update.partial",
                                         ".json.partial",
                                         ".film.mkv.partial",
                                         ".film.mkv.removed",
                                         ".x.sql.partial",
                                         ".x.sql.removed",
                                         ".x.sql.json.update.partial",
                                         "app_2019-01-01T00-00-00-000Z.sql.partial",
                                         "app_2019-01-01T00-00-00-000Z.sql.removed",
                                         ".app_2019-13-01T00-00-00-000Z.sql.partial",
                                         ".app_2019-01-01T00-00-00-000Z.txt.partial",
                                         ".app_2019-01-01T00-00-00-000Z.sql.removed.bak",
                                         ".app_2019-01-01T00-00-00-000Z.sql"};
    for (const std::string& name : names) {
        write_file(scene.dumps / name, "somebody's");
        scene.dumps.age(name, std::chrono::hours{1000});
    }
    const std::string link = ".app_2019-01-02T00-00-00-000Z.sql.";
    for (const char* suffix : {"partial", "removed", "json.partial"}) {
        std::filesystem::create_symlink("x.sql", scene.dumps / (link + suffix));
    }
    std::filesystem::create_directory(scene.dumps / ".app_2019-01-03T00-00-00-000Z.sql.removed");
    REQUIRE(::mkfifo((scene.dumps / ".app_2019-01-04T00-00-00-000Z.sql.removed").c_str(), 0600) ==
            0);
    (void)scene.check_stay();
}

TEST_CASE("prune: another file in the way of a removal is not replaced") {
    Strangers scene;
    const std::string dump = scene.dumps.add({.started = "2019-01-01", .name = "nightly.sql"});
    write_file(scene.dumps / ".nightly.sql.removed", "somebody's");
    const auto state = scene.dumps.state();
    const ProgramResult result = scene.dumps.run({"prune", "--keep-last", "1"});
    CHECK(result.exit_code == 1);
    CHECK(result.err.find("nightly.sql.removed' is in the way") != std::string::npos);
    CHECK(scene.dumps.state() == state);
}

TEST_CASE("prune: in a directory that is not writable nothing is lost, and that is reported") {
    const SampleDirectory dumps;
    (void)dumps.add_days(3);
    const auto before = dumps.state();
    // Root may do everything: so another user runs it, who may only read.
    std::filesystem::permissions(dumps.path().parent_path(), std::filesystem::perms{0755});
    std::filesystem::permissions(dumps.path(), std::filesystem::perms{0555});
    std::vector<std::string> words = dumps.words({"prune", "--keep-last", "1"});
    if (::geteuid() == 0) {
        words.insert(words.begin(),
                     {"/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"});
    }
    const ProgramResult result = run_program(words);
    std::filesystem::permissions(dumps.path(), std::filesystem::perms{0700});
    CHECK(result.exit_code == 1);
    CHECK(result.err.find("Permission denied") != std::string::npos);
    CHECK(dumps.state() == before);
}

TEST_CASE("prune: a manifest with an impossible database name is no obstacle") {
    Strangers scene;
    const std::string dump = scene.dumps.add({.started = "2019-01-01", .name = "x.sql"});
    auto json = nlohmann::json::parse(scene.json_of(dump));
    json["database"]["name"] = GENERATE(std::string(300, 'n'), std::string{"../../up"},
                                        std::string{"a\0b", 3}, std::string{});
    write_file(manifest_path(scene.dumps / dump), json.dump(2));
    (void)scene.check_stay();
}
