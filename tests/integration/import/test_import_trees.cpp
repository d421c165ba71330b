// Tables that refer to themselves: the source has children before their parents, and the server
// refuses some rows.

#include "support/catch.hpp"
#include "support/scene/import_scene.hpp"

#include <set>

using namespace dbbackup::test;

namespace {

/// Counts the statements that write t, even if they are rolled back.
constexpr const char* k_count_statements =
    "create sequence tried; create function note_it() returns trigger language plpgsql as 'begin "
    "perform nextval(''public.tried''); return null; end'; create trigger tried before insert or "
    "update on t for each statement execute function note_it();";

/// The values of the conflicts' keys, in order: "3 5".
std::string conflicts_of(const nlohmann::json& report) {
    std::set<int> ids;
    for (const auto& conflict : report.at("conflicts")) {
        ids.insert(std::stoi(conflict.at("key").get<std::string>().substr(3)));
    }
    std::string text;
    for (const int id : ids) {
        text += (text.empty() ? "" : " ") + std::to_string(id);
    }
    return text;
}

struct Tree {
    std::string source; ///< SQL that makes t (id, …)
    std::string change; ///< what happened since
    std::string conflicts;
};

} // namespace

TEST_CASE("a row that is refused costs few statements, though each row refers to a later one") {
    ImportScene scene{
        "create table t (id int primary key, parent int references t); insert into t "
        "select g, case when g < 2000 then g + 1 end from generate_series(1, 2000) g"};
    const std::string mode = GENERATE("add", "replace");
    scene.change("truncate t; alter table t add check (id <> 100);" +
                 std::string(k_count_statements));
    const auto report = scene.report({"--mode", mode, "--skip-conflicts", "--triggers", "fire",
                                      "--confirm", scene.database().name()});
    CHECK(counts_of(report, "t") == "1900/0/0/0/0/100");
    CHECK(report.at("conflicts").size() == 100);
    // Two for each refused row, and for each half on the way to it.
    CHECK(std::stoi(scene.ask("select last_value from tried")) < 500);
}

TEST_CASE("rows that pass on unique values are written in that order") {
    ImportScene scene{"create table t (id int primary key, place int unique, v int); insert into t "
                      "select g, g + 1, g from generate_series(1, 1000) g"};
    scene.change("update t set place = -id; update t set place = id; alter table t add check (v "
                 "<> 500) not valid;" +
                 std::string(k_count_statements));
    const auto report = scene.report({"--mode", "merge", "--prefer", "source", "--skip-conflicts",
                                      "--triggers", "fire", "--confirm", scene.database().name()});
    // Row 500 keeps its place, so those before it keep theirs.
    CHECK(counts_of(report, "t") == "0/500/0/0/0/500");
    // Some for each row, not for each pair of rows.
    CHECK(std::stoi(scene.ask("select last_value from tried")) < 10'000);
}

TEST_CASE("of rows that refer to each other, those are named that cannot be written") {
    const std::vector<Tree> trees{
        // A leaf, and all below a row.
        {"create table t (id int primary key, parent int references t); insert into t select g, "
         "case when g < 60 then g / 2 + 31 end from generate_series(1, 60) g",
         "delete from t; alter table t add check (id not in (3, 45))", "3 28 29 45"},
        // NOT NULL, so the roots refer to themselves.
        {"create table t (id int primary key, parent int not null references t); insert into t "
         "values (1, 4), (2, 4), (3, 5), (4, 4), (5, 5), (6, 3)",
         "delete from t; alter table t add check (id <> 5)", "3 5 6"},
        // Two columns.
        {"create table t (id int primary key, g int not null, parent int, unique (g, id), foreign "
         "key (g, parent) references t (g, id)); insert into t values (1, 1, 2), (2, 1, 3), (3, 1, "
         "null), (4, 2, 5), (5, 2, null)",
         "delete from t; alter table t add check (id <> 2)", "1 2"},
        // Circles: one is refused, and what refers to it; the other is not, nor what is between.
        {"create table t (id int primary key, parent int references t); insert into t values (1, "
         "2), (2, null), (3, 4), (4, 5), (5, null), (6, 1), (7, 3); update t set parent = 1 where "
         "id = 2; update t set parent = 3 where id = 5",
         "delete from t; alter table t add check (id <> 5)", "3 4 5 7"},
        // The server refuses another row for a reason that other rows might change.
        {"create table t (id int primary key, parent int references t, v text); insert into t "
         "values (1, 2, 'a'), (3, null, 'B'), (2, null, 'c'), (4, 3, 'd'), (5, 1, 'e'); update t "
         "set parent = 1 where id = 2",
         "delete from t; create unique index low on t (lower(v)); insert into t values (50, null, "
         "'b')",
         "3 4"},
        // Two references to the table.
        {"create table t (id int primary key, a int references t, b int references t); insert into "
         "t select g, case when g < 40 then g + 1 end, case when g < 38 then g + 2 end from "
         "generate_series(1, 40) g",
         "delete from t; alter table t add check (id <> 4)", "1 2 3 4"},
    };
    const std::string mode = GENERATE("add", "merge", "replace");
    for (const Tree& tree : trees) {
        ImportScene scene{tree.source};
        scene.change(tree.change);
        const int rows = std::stoi(scene.ask("select count(*) from t"));
        if (mode == "replace" && rows > 0) {
            continue; // what is in the way goes
        }
        std::vector<std::string> arguments{"--mode", mode, "--skip-conflicts", "--confirm",
                                           scene.database().name()};
        if (mode == "merge") {
            arguments.insert(arguments.end(), {"--prefer", "source"});
        }
        const auto report = scene.report(arguments);
        INFO(tree.source << "\n" << mode << report.dump(1));
        CHECK(conflicts_of(report) == tree.conflicts);
    }
}

TEST_CASE("in a circle of rows, the reason names the one that is refused for itself") {
    ImportScene scene{"create table t (id int primary key, parent int references t); insert into t "
                      "values (1, null), (2, 1), (3, 2); update t set parent = 3 where id = 1"};
    scene.change("delete from t; alter table t add check (id <> 2)");
    const auto report = scene.report({"--mode", "add"}, 5);
    CHECK(conflicts_of(report) == "1 2 3");
    for (const auto& conflict : report.at("conflicts")) {
        const bool is_culprit = conflict.at("key") == "id=2";
        CHECK(conflict.at("reason").get<std::string>().find(
                  is_culprit ? "t_id_check" : "there is no row of public.t") != std::string::npos);
    }
}

// It would take an hour to look for the children of each row in the whole table.
TEST_CASE("a chain whose first row has no parent is refused as a whole") {
    ImportScene scene{"create table p (id int primary key); create table t (id int primary key, "
                      "parent int references t, p int references p); insert into p values (1); "
                      "insert into t select g, case when g < 20000 then g + 1 end, case when g = "
                      "20000 then 1 end from generate_series(1, 20000) g"};
    scene.change("truncate t, p");
    const auto report = scene.report({"--mode", "add", "-t", "t", "--skip-conflicts"});
    CHECK(counts_of(report, "t") == "0/0/0/0/0/20000");
}
