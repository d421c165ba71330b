// Any one call of the C library fails: no crash, no hang, no signal to other processes; success and
// damage are only reported if they are true; nothing is lost.

#include "support/catch.hpp"
#include "support/dumps/sample_directory.hpp"
#include "support/program/faults.hpp"
#include "support/scene/drill_scene.hpp"
#include "support/scene/dump_scene.hpp"
#include "support/scene/restore_scene.hpp"

#include <cstring>
#include <nlohmann/json.hpp>

using namespace dbbackup::test;
using Words = std::vector<std::string>;

namespace {

constexpr const char* k_rows = "create table t (id int primary key, note text); "
                               "insert into t select i, 'n' || i from generate_series(1, 500) i; "
                               "create view v as select count(*) from t; "
                               "select lo_from_bytea(4711, 'large')";

bool skip() {
    if (!can_inject_faults()) {
        WARN("left out, as no fault can be put into this build");
    }
    return !can_inject_faults();
}

/// A partial file can stay only if its removal fails; a lock file too, which locks nobody out.
Words without_leftovers(Words names, const Fault& fault) {
    std::erase_if(names, [&fault](const std::string& name) {
        return name.starts_with('.') && (fault.function == "unlinkat" || name.ends_with(".lock"));
    });
    return names;
}

/// Whether the report has the reason in place of what could not be read.
bool tells(const ProgramResult& result, const Fault& fault) {
    return !fault.function.empty() &&
           result.out.find(std::strerror(fault.error_number)) != std::string::npos;
}

void try_dump(const Words& arguments) {
    const DumpScene scene;
    scene.database().psql(k_rows);
    try_faults({.words = scene.words(arguments),
                .options = scene.options(),
                .check = [&](const ProgramResult& result, const Fault& fault) {
                    if (result.exit_code == 0) {
                        Words names = without_leftovers(scene.new_names(), fault);
                        CHECK(names.size() == 2);
                        check_whole(result.out.substr(0, result.out.find('\n')));
                    } else {
                        CHECK(without_leftovers(scene.new_names(), fault) == Words{});
                    }
                    scene.check_earlier_untouched();
                    scene.check_nothing_runs();
                    scene.remove_new();
                }});
}

void try_restore(const Words& arguments, const char* target, const Words& format = {}) {
    RestoreScene scene;
    scene.source().psql(k_rows);
    const auto dump = scene.dump(format);
    bool is_fresh = false;
    try_faults({.words = scene.words(dump, arguments),
                .options = scene.options(),
                .prepare =
                    [&] {
                        if (!is_fresh) {
                            // The same database, because its name is in the words.
                            scene.target().psql("set client_min_messages = error; drop schema "
                                                "public cascade; create schema public; "
                                                "grant all on schema public to public; "
                                                "select lo_unlink(oid) from "
                                                "pg_largeobject_metadata");
                            scene.target().psql(target);
                            scene.remember();
                            is_fresh = true;
                        }
                    },
                .check =
                    [&](const ProgramResult& result, const Fault&) {
                        if (result.exit_code == 0) {
                            CHECK(scene.target().psql("select count(*), max(note) from t") ==
                                  "500|n99");
                            is_fresh = false;
                        } else {
                            scene.check_untouched();
                        }
                    }});
}

/// The output of a run that changes nothing, if it reports success.
void try_reading(const SampleDirectory& dumps, const Words& words) {
    std::string right;
    const auto before = dumps.state();
    try_faults({.words = dumps.words(words),
                .options = {.directory = dumps.path().parent_path()},
                .check = [&](const ProgramResult& result, const Fault& fault) {
                    if (fault.function.empty()) {
                        right = result.out;
                    }
                    // What could not be read is reported in its place.
                    const bool tells =
                        result.out.find(std::strerror(fault.error_number)) != std::string::npos ||
                        result.out.find("! manifest unreadable") != std::string::npos;
                    if (result.exit_code == 0 && !tells) {
                        CHECK(result.out == right);
                    }
                    CHECK(dumps.state() == before);
                }});
}

} // namespace

TEST_CASE("a call fails in a dump: plain") {
    if (!skip()) {
        try_dump({});
    }
}

TEST_CASE("a call fails in a dump: zstd and rules") {
    if (!skip()) {
        try_dump({"-Z", "zstd", "--keep-last", "5"});
    }
}

TEST_CASE("a call fails in a dump: custom") {
    if (!skip()) {
        try_dump({"-F", "custom"});
    }
}

TEST_CASE("a call fails in a restore into an empty database") {
    if (!skip()) {
        try_restore({"--no-safety-dump"}, "select 1");
    }
}

TEST_CASE("a call fails in a restore that replaces existing data") {
    if (!skip()) {
        try_restore({"--clean", "--no-safety-dump"},
                    "create table t (other int); create table mine (i int)");
    }
}

TEST_CASE("a call fails in a restore from an archive") {
    if (!skip()) {
        try_restore({"--clean", "--no-safety-dump"}, "create table t (other int)",
                    {"-F", "custom"});
    }
}

TEST_CASE("a call fails in list, show and status") {
    if (skip()) {
        return;
    }
    const SampleDirectory dumps;
    (void)dumps.add_days(4);
    try_reading(dumps, {"list"});
    try_reading(dumps, {"show", "latest"});
    try_reading(dumps, {"prune", "--keep-last", "2", "--dry-run"});
    try_reading(dumps, {"status", "--max-age", "36500d", "--database", "app"});
}

TEST_CASE("a call fails in verify") {
    if (skip()) {
        return;
    }
    const SampleDirectory dumps;
    (void)dumps.add_days(3);
    const std::size_t files = names_in(dumps.path()).size();
    try_faults({.words = dumps.words({"verify", "--all"}),
                .options = {.directory = dumps.path().parent_path()},
                .check = [&](const ProgramResult& result, const Fault& fault) {
                    if (result.exit_code == 0) {
                        CHECK(result.out.find("3 ") != std::string::npos);
                    }
                    CHECK(without_leftovers(names_in(dumps.path()), fault).size() == files);
                    dumps.check_all_good();
                }});
}

TEST_CASE("a call fails in pin and unpin") {
    if (skip()) {
        return;
    }
    const SampleDirectory dumps;
    const auto name = dumps.add_at("2020-01-01");
    const auto is_pinned = [&] {
        return nlohmann::json::parse(read_file(dumps / (name + ".json"))).value("pinned", false);
    };
    for (const bool pinning : {true, false}) {
        try_faults({.words = dumps.words({pinning ? "pin" : "unpin", name}),
                    .options = {.directory = dumps.path().parent_path()},
                    .prepare =
                        [&] {
                            (void)dumps.run({pinning ? "unpin" : "pin", name});
                        },
                    .check =
                        [&](const ProgramResult& result, const Fault&) {
                            const bool is_changed =
                                result.exit_code == 0 ||
                                result.err.find("was changed, but") != std::string::npos;
                            CHECK(is_pinned() == (pinning == is_changed));
                        }});
    }
}

TEST_CASE("a call fails in prune") {
    if (skip()) {
        return;
    }
    const SampleDirectory dumps;
    Words all;
    try_faults({.words = dumps.words({"prune", "--keep-last", "2"}),
                .options = {.directory = dumps.path().parent_path()},
                .prepare =
                    [&] {
                        for (const std::string& name : names_in(dumps.path())) {
                            std::filesystem::remove(dumps / name);
                        }
                        all = dumps.add_days(5);
                    },
                .check =
                    [&](const ProgramResult& result, const Fault& fault) {
                        Words left = names_in(dumps.path());
                        for (const std::size_t kept : {3, 4}) {
                            CHECK(std::count(left.begin(), left.end(), all[kept]) == 1);
                            CHECK(std::count(left.begin(), left.end(), all[kept] + ".json") == 1);
                        }
                        if (result.exit_code == 0 && !tells(result, fault)) {
                            CHECK(without_leftovers(left, fault).size() == 4);
                        }
                        INFO("once more, and it is done");
                        CHECK(dumps.run({"prune", "--keep-last", "2"}).exit_code == 0);
                        CHECK(names_in(dumps.path()).size() == 4);
                        dumps.check_all_good();
                    }});
}

TEST_CASE("a call fails in a drill") {
    if (skip()) {
        return;
    }
    const DrillScene scene{k_rows};
    const auto dump = scene.dump();
    try_faults({.words = scene.words(dump),
                .options = scene.options(),
                .check = [&](const ProgramResult& result, const Fault&) {
                    if (result.exit_code == 0) {
                        CHECK(result.out.find("proven") != std::string::npos);
                    }
                    (void)run_program(scene.words(dump), scene.options());
                    scene.check_nothing_left();
                }});
}
