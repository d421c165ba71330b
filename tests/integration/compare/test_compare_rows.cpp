// The rows of one table that differ, by primary key.

#include "support/catch.hpp"
#include "support/scene/compare_scene.hpp"

#include <algorithm>

using namespace dbbackup::test;

namespace {

nlohmann::json keys_of(const nlohmann::json& rows) {
    nlohmann::json keys = nlohmann::json::array();
    for (const auto& row : rows) {
        keys.push_back(row.at("key"));
    }
    return keys;
}

} // namespace

TEST_CASE("added, gone and changed rows are named by their keys", "[matrix]") {
    const CompareScene scene{
        "create table items (shop int, code text, price numeric, note text,"
        "primary key (code, shop));"
        "insert into items select g % 3, 'c' || g, g, null from generate_series(1, 1000) g"};
    const std::string first = scene.dump();
    scene.change("delete from items where code = 'c5';"
                 "insert into items values (7, E'new\\tone', 1, 'x');"
                 "update items set price = price + 1, note = '' where code = 'c9'");
    const bool with_dump = GENERATE(false, true);
    std::vector<std::string> arguments{first, "--rows", "items"};
    if (with_dump) {
        arguments.insert(arguments.end(), {"--with", scene.dump()});
    }
    const auto rows = scene.report(arguments).at("rows");
    CHECK(rows.at("key") == nlohmann::json{"code", "shop"});
    CHECK(rows.at("has_primary_key") == true);
    CHECK(keys_of(rows.at("added_rows")) ==
          nlohmann::json::array({{{"code", "new\tone"}, {"shop", "7"}}}));
    CHECK(keys_of(rows.at("gone_rows")) ==
          nlohmann::json::array({{{"code", "c5"}, {"shop", "2"}}}));
    CHECK(keys_of(rows.at("changed_rows")) ==
          nlohmann::json::array({{{"code", "c9"}, {"shop", "0"}}}));
    CHECK(rows.at("changed_rows")[0].at("changed") ==
          nlohmann::json::array({{{"column", "price"}, {"then", "9"}, {"now", "10"}},
                                 {{"column", "note"}, {"then", nullptr}, {"now", ""}}}));

    const auto text = scene.compare(arguments).out;
    CHECK(text.find("rows of public.items: 1 added, 1 gone, 1 changed\n") != std::string::npos);
    CHECK(text.find("+ code='new\\tone' shop='7'\n") != std::string::npos);
    CHECK(text.find("- code='c5' shop='2'\n") != std::string::npos);
    CHECK(text.find("~ code='c9' shop='0'  price: '9' -> '10', note: NULL -> ''\n") !=
          std::string::npos);
}

TEST_CASE("however many rows differ, all are counted and the first ones listed") {
    const CompareScene scene{"create table many (id int primary key, v int);"
                             "insert into many select g, g from generate_series(1, 300000) g"};
    scene.dump();
    scene.change("update many set v = -v; delete from many where id > 299000;"
                 "insert into many select g, g from generate_series(400001, 402000) g");
    const auto rows = scene.report({"--rows", "many", "--limit", "3"}).at("rows");
    CHECK(rows.at("added") == 2000);
    CHECK(rows.at("gone") == 1000);
    CHECK(rows.at("changed") == 299000);
    CHECK(keys_of(rows.at("gone_rows")) ==
          nlohmann::json::array({{{"id", "299001"}}, {{"id", "299002"}}, {{"id", "299003"}}}));
    CHECK(keys_of(rows.at("changed_rows")) ==
          nlohmann::json::array({{{"id", "1"}}, {{"id", "2"}}, {{"id", "3"}}}));
    CHECK(rows.at("added_rows").size() == 3);
    CHECK(
        scene.compare({"--rows", "many", "--limit", "3"}).out.find("… and 298,997 more changed") !=
        std::string::npos);
}

TEST_CASE("without a primary key, whole rows are compared") {
    const CompareScene scene{"create table log (line text, n int);"
                             "insert into log values ('a', 1), ('a', 1), ('b', 2)"};
    scene.dump();
    scene.change("update log set n = 3 where line = 'b'; insert into log values ('a', 1)");
    const auto rows = scene.report({"--rows", "log"}).at("rows");
    CHECK(rows.at("has_primary_key") == false);
    CHECK(rows.at("added") == 2);
    CHECK(rows.at("gone") == 1);
    CHECK(rows.at("changed") == 0);
}

TEST_CASE("rows are compared by the columns that both have") {
    const CompareScene scene{"create table t (id int primary key, old text, v text);"
                             "insert into t values (1, 'x', 'y'), (2, 'x', 'z')"};
    scene.dump();
    scene.change("alter table t drop old; alter table t add fresh text default 'q';"
                 "update t set v = 'other' where id = 2");
    const auto rows = scene.report({"--rows", "public.t"}).at("rows");
    CHECK(rows.at("changed") == 1);
    CHECK(rows.at("changed_rows")[0].at("changed")[0].at("column") == "v");
}

TEST_CASE("rows that cannot be listed are a clear error") {
    const CompareScene scene{"create table t (id int primary key); create schema s;"
                             "create table s.t (id int); create table gone (id int);"
                             "create table empty (id int)"};
    scene.dump({"--", "--exclude-table-data=empty"});
    scene.change("drop table gone");
    scene.check_failed(scene.compare({"--rows", "nosuch"}), 2, "no table 'nosuch' was compared");
    scene.check_failed(scene.compare({"--rows", "t"}), 2, "fits several tables");
    scene.check_failed(scene.compare({"--rows", "gone"}), 1, "only one of the two");
    scene.check_failed(scene.compare({"--rows", "empty"}), 1, "the dump lacks its rows");
    CHECK(scene.compare({"--rows", "s.t"}).exit_code == 7); // `gone` differs
}
