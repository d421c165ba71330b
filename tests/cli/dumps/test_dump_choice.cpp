// Which dump a command's argument means.

#include "support/catch.hpp"
#include "support/dumps/sample_directory.hpp"
#include "support/dumps/sample_dump.hpp"

#include <nlohmann/json.hpp>

using namespace dbbackup::test;
using Words = std::vector<std::string>;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// The file that `show` shows, or "N: " and the error if it exits N.
std::string shown(const SampleDirectory& dumps, const Words& words) {
    Words all{"show", "--json"};
    all.insert(all.end(), words.begin(), words.end());
    const ProgramResult result = dumps.run(all);
    const auto json = nlohmann::json::parse(result.out);
    if (result.exit_code != 0) {
        return std::to_string(result.exit_code) + ": " +
               json.at("/error/message"_json_pointer).get<std::string>();
    }
    return std::filesystem::path{json.at("path").get<std::string>()}.filename();
}

const Words k_part{"--format=plain", "--schema=tenant_5"};
const std::string k_shop = "postgres://u@db.invalid/app";

} // namespace

TEST_CASE("latest is the newest whole dump, and the newer part that was skipped is named") {
    const SampleDirectory dumps;
    const std::string whole = dumps.add_at("2020-01-01");
    const std::string part = dumps.add({.started = "2020-01-02", .options = k_part});
    for (const char* command : {"show", "verify", "pin"}) {
        INFO(command);
        const ProgramResult result = dumps.run({command, "latest"});
        CHECK(result.exit_code == 0);
        CHECK(contains(result.out, whole));
        CHECK(
            contains(result.err, "skipped '" + part + "', which is a part: only schema tenant_5"));
        const ProgramResult accepted = dumps.run({command, "latest", "--accept-partial"});
        CHECK(accepted.exit_code == 0);
        CHECK(contains(accepted.out, part));
        CHECK(contains(accepted.err, "PARTIAL: '" + part + "' is a part: only schema tenant_5"));
    }
    CHECK(shown(dumps, {part}) == part);
}

TEST_CASE("an older part is not mentioned") {
    const SampleDirectory dumps;
    dumps.add({.started = "2020-01-01", .options = k_part});
    const std::string whole = dumps.add_at("2020-01-02");
    const ProgramResult result = dumps.run({"show"});
    CHECK(contains(result.out, whole));
    CHECK(result.err.empty());
}

TEST_CASE("if there are only parts, show and verify take the newest, pin and restore refuse") {
    const SampleDirectory dumps;
    dumps.add({.started = "2020-01-01", .options = {"--schema-only"}});
    const std::string part = dumps.add({.started = "2020-01-02", .options = k_part});
    for (const char* command : {"show", "verify"}) {
        INFO(command);
        const ProgramResult result = dumps.run({command});
        CHECK(result.exit_code == 0);
        CHECK(contains(result.out, part));
        CHECK(contains(result.err, "PARTIAL: '" + part + "' is a part: only schema tenant_5"));
    }
    CHECK(contains(dumps.run({"show"}).out, "PARTIAL: only schema tenant_5"));
    CHECK(nlohmann::json::parse(dumps.run({"show", "--json"}).out).at("partial") == true);
    const std::string dir = " --dir " + dumps.path().string();
    const ProgramResult pin = dumps.run({"pin", "latest"});
    CHECK(pin.exit_code == 5);
    CHECK(contains(pin.err, "dbbackup pin " + part + " --accept-partial" + dir));
    const ProgramResult restore = dumps.run({"restore", "--url", k_shop, "--dry-run", "--create"});
    CHECK(restore.exit_code == 5);
    CHECK(contains(restore.err, "there is no whole dump"));
    CHECK(contains(restore.err, "is a part: only schema tenant_5 (and 1 more such dump)"));
    CHECK(contains(restore.err, "dbbackup restore " + part +
                                    " --accept-partial --create --dry-run --url " + k_shop + dir));
}

TEST_CASE("list and show distinguish a part from a whole dump") {
    const SampleDirectory dumps;
    dumps.add({.started = "2020-01-01", .options = k_part, .pinned = true, .verified = "ok"});
    dumps.add_at("2020-01-02");
    CHECK(contains(dumps.run({"list"}).out, "verified, part, pinned"));
    const auto listed = nlohmann::json::parse(dumps.run({"list", "--json"}).out);
    CHECK(listed.at("/dumps/0/partial"_json_pointer) == false);
    CHECK(listed.at("/dumps/1/partial"_json_pointer) == true);
    CHECK(contains(dumps.run({"show"}).out, "holds          the whole database"));
    CHECK(nlohmann::json::parse(dumps.run({"show", "--json"}).out).at("partial") == false);
}

TEST_CASE("latest~N counts back among the dumps that latest chooses from") {
    const SampleDirectory dumps;
    const auto names = dumps.add_days(3);
    dumps.add({.started = "2020-01-02T12:00", .options = k_part});
    dumps.add({.started = "2020-01-02T13:00", .safety = true});
    CHECK(shown(dumps, {"latest~0"}) == names[2]);
    CHECK(shown(dumps, {"latest~1"}) == names[1]);
    CHECK(shown(dumps, {"latest~"}) == names[1]);
    CHECK(shown(dumps, {"latest~2"}) == names[0]);
    CHECK(shown(dumps, {"latest~3"}).starts_with("1: there is no 'latest~3'"));
    CHECK(shown(dumps, {"latest~99999999999999999999"}).starts_with("1: there is no dump"));
    for (const char* word : {"latest~x", "latest~-1", "latest~1x", "latest-1", "latest1"}) {
        CHECK(shown(dumps, {word}).starts_with("1: there is no dump"));
    }
    CHECK(dumps.run({"verify", "latest~1"}).exit_code == 0);
    CHECK(contains(dumps.run({"pin", "latest~1"}).out, names[1]));
}

TEST_CASE(
    "option --before narrows latest, excludes the given time, and combines with nothing else") {
    const SampleDirectory dumps;
    const auto names = dumps.add_days(3);
    CHECK(shown(dumps, {"--before", "2020-01-03T00:00:00Z"}) == names[1]);
    CHECK(shown(dumps, {"--before", "2020-01-03T00:00:00.001Z"}) == names[2]);
    CHECK(shown(dumps, {"latest~1", "--before", "2020-01-03T00:00:00Z"}) == names[0]);
    CHECK(shown(dumps, {"--before", "yesterday"}) == names[2]);
    CHECK(shown(dumps, {"--before", "3d"}) == names[2]);
    CHECK(shown(dumps, {"--before", "2019-01-01"}).starts_with("1: no dump in "));
    CHECK(shown(dumps, {names[0], "--before", "2h"}).starts_with("2: --before"));
    CHECK(shown(dumps, {"app_2020-01-01", "--before", "2h"}).starts_with("2: --before"));
    CHECK(shown(dumps, {"--before", "30m"}).starts_with("2: '30m' is not a time"));
    CHECK(dumps.run({"verify", "--all", "--before", "2h"}).exit_code == 2);
    const ProgramResult both = dumps.run({"verify", "latest", "--all"});
    CHECK(both.exit_code == 2);
    CHECK(both.err.find("DUMP excludes --all") != std::string::npos);
    CHECK(dumps.run({"verify", "latest", names[0], "--before", "2h"}).exit_code == 2);
    CHECK(contains(dumps.run({"verify", "--before", "2020-01-02T00:00:00Z"}).out, names[0]));
    CHECK(contains(dumps.run({"pin", "latest", "--before", "2020-01-02T00:00:00Z"}).out, names[0]));
}

TEST_CASE("a dump can be named by the beginning of its name, and by its label") {
    const SampleDirectory dumps;
    const std::string first = dumps.add({.started = "2020-01-01", .label = "before-migration"});
    const std::string second = dumps.add({.started = "2020-02-01", .label = "twice"});
    dumps.add({.started = "2020-02-02", .label = "twice"});
    for (const char* command : {"show", "verify", "pin", "unpin"}) {
        INFO(command);
        CHECK(contains(dumps.run({command, "app_2020-01"}).out, first));
        CHECK(contains(dumps.run({command, "before-migration"}).out, first));
        const ProgramResult several = dumps.run({command, "twice"});
        CHECK(several.exit_code == 2);
        CHECK(contains(several.err, "'twice' matches 2 dumps"));
        CHECK(contains(several.err, second + " (by its label)"));
        CHECK(dumps.run({command, "app_2020-02"}).exit_code == 2);
        CHECK(dumps.run({command, "before-migratio"}).exit_code == 1);
        CHECK(dumps.run({command, ""}).exit_code == 1);
    }
}

TEST_CASE("a word that is the beginning of one name and the label of another is ambiguous") {
    const SampleDirectory dumps;
    const std::string named = dumps.add({.started = "2020-01-01", .name = "monday.sql"});
    const std::string labelled = dumps.add({.started = "2020-01-02", .label = "monday"});
    CHECK(shown(dumps, {"monday"}).starts_with("2: 'monday' matches 2 dumps"));
    CHECK(shown(dumps, {"monday."}) == named);
    // A dump that matches in both ways is still one dump.
    dumps.add({.started = "2020-01-03", .name = "tuesday.sql", .label = "tuesday"});
    CHECK(shown(dumps, {"tuesday"}) == "tuesday.sql");
    // A whole name comes first, whatever labels exist.
    dumps.add({.started = "2020-01-04", .label = "monday.sql"});
    CHECK(shown(dumps, {"monday.sql"}) == named);
}

TEST_CASE("latest is a keyword, even if names and labels begin with it") {
    const SampleDirectory dumps;
    dumps.add({.started = "2020-01-01", .name = "latest.sql"});
    dumps.add({.started = "2020-01-02", .label = "latest"});
    const std::string newest = dumps.add_at("2020-01-03");
    write_file(dumps / "latest", "no dump");
    CHECK(shown(dumps, {"latest"}) == newest);
    CHECK(shown(dumps, {"latest."}) == "latest.sql");
}

TEST_CASE("if the newest dump is damaged, the newest sound one before it is suggested") {
    const SampleDirectory dumps;
    const std::string sound = dumps.add_at("2020-01-01");
    dumps.add({.started = "2020-01-02", .options = k_part});
    dumps.add({.started = "2020-01-03", .verified = "it is damaged"});
    const std::string newest = dumps.add_at("2020-01-04");
    const std::string dir = " --dir " + dumps.path().string();
    write_file(dumps / newest, read_file(dumps / newest).replace(0, 1, "X"));
    const ProgramResult verified = dumps.run({"verify"});
    CHECK(verified.exit_code == 3);
    CHECK(contains(verified.err, "The newest sound dump before it is '" + sound +
                                     "': dbbackup verify " + sound + dir));
    // From now on the damage is known.
    const ProgramResult shown = dumps.run({"show", "--before", "1d"});
    CHECK(shown.exit_code == 0);
    CHECK(contains(shown.out, newest));
    CHECK(contains(shown.err, "'" + newest + "' was found damaged"));
    CHECK(contains(shown.err, "dbbackup show " + sound + dir));
}

TEST_CASE("dumps without a manifest are not latest, but are named with a hint") {
    const SampleDirectory dumps;
    const std::string bare = dumps.add_at("2020-01-02");
    std::filesystem::remove(manifest_path(dumps / bare));
    const ProgramResult none = dumps.run({"restore", "--url", k_shop, "--dry-run"});
    CHECK(none.exit_code == 1);
    CHECK(contains(none.err, "'" + bare + "'"));
    CHECK(contains(none.err, "dbbackup restore " + bare + " --dry-run --url " + k_shop));
    const std::string whole = dumps.add_at("2020-01-01");
    const ProgramResult result = dumps.run({"show"});
    CHECK(contains(result.out, whole));
    CHECK(contains(result.err, "skipped '" + bare + "', which has no manifest"));
}

TEST_CASE("show reads a dump without a manifest") {
    const SampleDirectory dumps;
    const std::string bare = dumps.add_at("2020-01-02");
    const auto manifest = nlohmann::json::parse(read_file(manifest_path(dumps / bare)));
    std::filesystem::remove(manifest_path(dumps / bare));
    const ProgramResult text = dumps.run({"show", bare});
    CHECK(text.exit_code == 0);
    CHECK(contains(text.out, "manifest       none"));
    CHECK(contains(text.out, "TABLE"));
    const auto json = nlohmann::json::parse(dumps.run({"show", bare, "--json"}).out);
    CHECK(json.at("manifest").is_null());
    CHECK(json.at("partial").is_null());
    CHECK(json.at("problem") == "it has no manifest");
    CHECK(json.at("contents") == manifest.at("contents"));
    CHECK(json.at("uncompressed_size") == manifest.at("/file/uncompressed_size"_json_pointer));
    write_file(dumps / bare, read_file(dumps / bare).substr(0, 200));
    CHECK(dumps.run({"show", bare}).exit_code == 3);
}

TEST_CASE("if there is no dump, the commands say how to take the first one") {
    const SampleDirectory dumps;
    const std::string take = "dbbackup dump --dir " + dumps.path().string();
    const auto check = [&](const std::string& message) {
        for (const Words& words :
             {Words{"show"}, Words{"verify"}, Words{"status"}, Words{"pin", "latest"},
              Words{"restore", "--url", k_shop, "--confirm", "app"}}) {
            INFO(words.front());
            const ProgramResult result = dumps.run(words);
            CHECK(result.exit_code == 1);
            CHECK(contains(result.out + result.err, message));
            CHECK(contains(result.out + result.err, "dbbackup dump"));
            CHECK(contains(result.out + result.err, "--dir " + dumps.path().string()));
        }
    };
    const ProgramResult list = dumps.run({"list"});
    CHECK(list.exit_code == 0);
    CHECK(list.out ==
          "No dumps yet in '" + dumps.path().string() + "'. Take the first: " + take + "\n");
    CHECK(nlohmann::json::parse(dumps.run({"list", "--json"}).out).at("dumps").empty());
    check("there is no dump");
    std::filesystem::remove_all(dumps.path());
    check("the directory '" + dumps.path().string() + "' does not exist");
}

TEST_CASE("a missing directory that was named is never treated as empty") {
    const TempDir home;
    const std::string error = "the directory 'bakcups' does not exist\nhint: ";
    const auto check = [&](const std::string& how, const Words& words,
                           const std::map<std::string, std::string>& environment = {}) {
        for (const Words& command :
             {Words{"list"}, Words{"list", "--database", "app"}, Words{"status"},
              Words{"verify", "--all"}, Words{"verify"}, Words{"show"}, Words{"show", "app_2020"},
              Words{"prune", "--keep-last", "1"}, Words{"pin", "latest"}}) {
            INFO(how << ": " << command.front());
            Words all = command;
            all.insert(all.end(), words.begin(), words.end());
            const ProgramResult result =
                run_dbbackup(all, {.environment = environment, .directory = home.path()});
            CHECK(result.exit_code == 1);
            CHECK(result.err.starts_with("dbbackup: error: "));
            CHECK(contains(result.err, error));
            CHECK_FALSE(contains(result.out, "No "));
        }
    };
    check("by --dir", {"--dir", "bakcups"});
    check("by the environment", {}, {{"DBBACKUP_DIR", "bakcups"}});
    write_file(home / "dbbackup.toml", "dir = \"bakcups\"\n");
    check("by the configuration", {});
    const ProgramResult json = run_dbbackup({"list", "--json"}, {.directory = home.path()});
    CHECK(json.exit_code == 1);
    CHECK(nlohmann::json::parse(json.out).at("/error/message"_json_pointer) ==
          "the directory 'bakcups' does not exist");
    INFO("in a new project nobody has named it, and nothing is wrong");
    std::filesystem::remove(home / "dbbackup.toml");
    const ProgramResult fresh = run_dbbackup({"list"}, {.directory = home.path()});
    CHECK(fresh.exit_code == 0);
    CHECK(fresh.out == "No dumps yet in 'dumps'. Take the first: dbbackup dump\n");
}

TEST_CASE("list shows only the requested dumps") {
    const SampleDirectory dumps;
    const std::string one = dumps.add({.started = "2020-01-01", .label = "x"});
    const std::string two = dumps.add({.started = "2020-01-02", .database = "other", .label = "x"});
    const std::string three = dumps.add_at("2020-01-03");
    const auto names = [&dumps](Words words) {
        words.insert(words.begin(), {"list", "--json"});
        Words found;
        const auto report = nlohmann::json::parse(dumps.run(words).out);
        for (const auto& dump : report.at("dumps")) {
            found.push_back(dump.at("name"));
        }
        return found;
    };
    CHECK(names({"--database", "app"}) == Words{three, one});
    CHECK(names({"--label", "x"}) == Words{two, one});
    CHECK(names({"--database", "app", "--label", "x"}) == Words{one});
    const ProgramResult none = dumps.run({"list", "--database", "nosuch"});
    CHECK(none.exit_code == 0);
    CHECK(contains(none.out, "No such dump in"));
    CHECK_FALSE(contains(none.out, "dbbackup dump"));
}
