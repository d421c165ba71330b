#include "status_scene.hpp"
#include "support/catch.hpp"

using namespace dbbackup;
using namespace dbbackup::test;
using namespace std::chrono_literals;
using Kinds = std::vector<std::string>;
using Tables = std::vector<store::Manifest::Table>;

namespace {

store::Manifest::Table table(const char* name, std::uint64_t rows, bool has_data = true) {
    return StatusDump::table(name, rows, has_data);
}

ops::StatusReport judge(const StatusDump& newest, const StatusDump& before) {
    return StatusScene{{before, newest}}.judge();
}

/// For a newest dump with the tables `now` after one with the tables `before`.
Kinds table_kinds(const Tables& before, const Tables& now) {
    ops::StatusLimits limits;
    limits.max_row_loss = 100;
    return kinds({StatusDump{1h}.holding(now), StatusDump{25h}.holding(before)}, limits);
}

std::string message(const ops::StatusReport& report) {
    REQUIRE(report.databases.size() == 1);
    REQUIRE(report.databases.front().warnings.size() == 1);
    return report.databases.front().warnings.front().message;
}

} // namespace

TEST_CASE("status: a dump may shrink by the limit, and by no byte more") {
    const auto shrunk = [](std::uint64_t before, std::uint64_t now, unsigned limit = 50) {
        ops::StatusLimits limits;
        limits.max_shrink = limit;
        return kinds({StatusDump{1h}.sized(now), StatusDump{25h}.sized(before)}, limits) ==
               Kinds{"shrunk"};
    };
    CHECK_FALSE(shrunk(1000, 1000));
    CHECK_FALSE(shrunk(1000, 5000));
    CHECK_FALSE(shrunk(1000, 500));
    CHECK(shrunk(1000, 499));
    CHECK_FALSE(shrunk(1000, 900, 10));
    CHECK(shrunk(1000, 899, 10));
    CHECK(shrunk(1000, 999, 0));
    CHECK_FALSE(shrunk(1000, 1000, 0));
    CHECK_FALSE(shrunk(1000, 0, 100));
    CHECK_FALSE(shrunk(0, 0));
    CHECK(shrunk(40'000'000'000'000, 19'999'999'999'999));
    CHECK_FALSE(shrunk(40'000'000'000'000, 20'000'000'000'000));
}

TEST_CASE("status: a dump may lose rows up to the limit, and no row more") {
    const auto lost = [](std::uint64_t before, std::uint64_t now, unsigned limit = 50) {
        ops::StatusLimits limits;
        limits.max_row_loss = limit;
        const auto with_rows = [](std::chrono::hours age, std::uint64_t rows) {
            return StatusDump{age}.holding({table("a", rows), table("b", 0)});
        };
        return kinds({with_rows(1h, now), with_rows(25h, before)}, limits) == Kinds{"rows_lost"};
    };
    CHECK_FALSE(lost(1000, 1000));
    CHECK_FALSE(lost(1000, 5000));
    CHECK_FALSE(lost(1000, 500));
    CHECK(lost(1000, 499));
    CHECK(lost(1000, 999, 0));
    CHECK_FALSE(lost(1000, 1, 100));
    CHECK_FALSE(lost(0, 0));
    CHECK_FALSE(lost(0, 5));
}

TEST_CASE("status: the messages contain the numbers") {
    CHECK(message(judge(StatusDump{1h}.sized(1024), StatusDump{25h}.sized(10240))) ==
          "its newest dump takes 1.0 KiB, the previous one 10 KiB: 90 % less, more than the limit "
          "of 50 %");
    const auto report = judge(StatusDump{1h}.holding({table("a", 400)}),
                              StatusDump{25h, "yesterday"}.holding({table("a", 20'000)}));
    CHECK(message(report) == "its newest dump has 400 rows, the previous one had 20,000: 98 % "
                             "fewer, more than the limit of 50 %");
    CHECK(report.databases.front().warnings.front().hint.ends_with("dbbackup pin yesterday"));
    CHECK(report.databases.front().newest->rows_before == 20'000);
    CHECK(report.databases.front().newest->size_before == 1'000'000);
}

TEST_CASE(
    "status: sizes are compared only between dumps of the same format, compression and content") {
    const StatusDump small = StatusDump{1h}.sized(10);
    CHECK(kinds({small, StatusDump{25h}}) == Kinds{"shrunk"});
    CHECK(kinds({small, StatusDump{25h}.compressed("none")}).empty());
    CHECK(kinds({small, StatusDump{25h}.compressed("gzip:9")}).empty());
    CHECK(kinds({small, StatusDump{25h}.custom()}).empty());
    CHECK(kinds({small, StatusDump{25h}.with({"--no-comments"})}).empty());
    CHECK(kinds({small, StatusDump{25h}.with({"--lock-wait-timeout=9"})}) == Kinds{"shrunk"});
    CHECK(kinds({small, StatusDump{25h}.compressed("none"), StatusDump{49h}}) == Kinds{"shrunk"});
}

TEST_CASE("status: rows are compared across formats, but not with other content") {
    ops::StatusLimits limits;
    limits.partial_dumps = store::PartialDumps::accepted;
    const StatusDump few = StatusDump{1h}.holding({table("orders", 10), table("users", 1)});
    CHECK(kinds({few, StatusDump{25h}.custom().compressed("gzip")}) == Kinds{"rows_lost"});
    CHECK(kinds({few, StatusDump{25h}.with({"--table=a"})}, limits).empty());
    CHECK(kinds({few, StatusDump{25h}.with({"--table=a"}), StatusDump{49h}}, limits) ==
          Kinds{"rows_lost"});
}

TEST_CASE(
    "status: rows and tables are compared between all whole dumps, whatever else they leave out") {
    const StatusDump before{25h};
    const std::vector<std::string> options{"--no-owner", "--no-privileges", "--no-comments"};
    CHECK(kinds({StatusDump{1h}.with(options).holding({table("orders", 10), table("users", 1)}),
                 before}) == Kinds{"rows_lost"});
    CHECK(kinds({StatusDump{1h}.with(options).holding({table("orders", 10'000)}), before}) ==
          Kinds{"tables_gone"});
    CHECK(kinds({StatusDump{1h}.holding({table("orders", 10'000)}),
                 StatusDump{25h}.with({"--no-comments"})}) == Kinds{"tables_gone"});
    const auto report = judge(StatusDump{1h}.with(options), before);
    CHECK(report.databases.front().newest->rows_before == 10'500);
    CHECK_FALSE(report.databases.front().newest->size_before);
}

TEST_CASE("status: a dump is compared with the nearest one that counts") {
    const StatusDump small = StatusDump{1h}.sized(10);
    CHECK(kinds({small, StatusDump{2h}.safety()}).empty());
    CHECK(kinds({small, StatusDump{2h}.damaged()}) == Kinds{"(damaged)"});
    CHECK(kinds({small, StatusDump{-2h}}) == Kinds{"(future)"});
    CHECK(kinds({small, StatusDump{2h}.of("other")}).empty());
    CHECK(kinds({small, StatusDump{2h}.of("app", "elsewhere")}).empty());
    CHECK(kinds({small, StatusDump{2h}.sized(15), StatusDump{3h}}).empty());
}

TEST_CASE("status: the order of options does not matter, and parts are compared with parts") {
    ops::StatusLimits limits;
    limits.partial_dumps = store::PartialDumps::accepted;
    const StatusDump small = StatusDump{1h}.with({"--table=a", "--table=b"}).sized(10);
    CHECK(kinds({small, StatusDump{2h}}, limits).empty());
    CHECK(kinds({small, StatusDump{2h}.with({"--table=b", "--table=a"})}, limits) ==
          Kinds{"shrunk"});
}

TEST_CASE("status: a missing table is unhealthy, whatever it held") {
    CHECK(table_kinds({table("a", 5), table("b", 0)}, {table("a", 5)}) == Kinds{"tables_gone"});
    CHECK(table_kinds({table("a", 5)}, {table("a", 5), table("b", 5)}).empty());
    CHECK(table_kinds({table("a", 5)}, {table("a", 0, false)}).empty());
    CHECK(table_kinds({table("a", 0, false)}, {table("b", 0)}) == Kinds{"tables_gone"});
    Tables nine;
    for (const char* name : {"t1", "t2", "t3", "t4", "t5", "t6", "t\x1b", "t8", "t9"}) {
        nine.push_back(table(name, 0));
    }
    CHECK(message(judge(StatusDump{1h}.holding({}), StatusDump{2h}.holding(nine))) ==
          "9 tables of the previous dump are not in the newest: public.t\\x1B, public.t1, "
          "public.t2, public.t3, public.t4 and 4 more");
    CHECK(message(judge(StatusDump{1h}.holding({}), StatusDump{2h}.holding({table("t", 0)}))) ==
          "1 table of the previous dump is not in the newest: public.t");
}

TEST_CASE("status: the same table in another schema is another table") {
    store::Manifest::Table moved = table("a", 5);
    moved.schema = "audit";
    CHECK(table_kinds({table("a", 5)}, {moved}) == Kinds{"tables_gone"});
}

TEST_CASE("status: a table that lost all rows is reported, and unhealthy if it had many") {
    const auto emptied = [](std::uint64_t before, std::uint64_t now, bool has_data = true) {
        return table_kinds({table("a", before), table("b", 1)},
                           {table("a", now, has_data), table("b", 1)});
    };
    CHECK(emptied(999, 0) == Kinds{"(tables_emptied)"});
    CHECK(emptied(1000, 0) == Kinds{"tables_emptied"});
    CHECK(emptied(1000, 1).empty());
    CHECK(emptied(0, 0).empty());
    CHECK(emptied(1000, 0, false).empty());
    const auto report =
        judge(StatusDump{1h}.holding({table("a", 0), table("b", 0), table("c", 90'000)}),
              StatusDump{2h}.holding({table("a", 3), table("b", 20'000), table("c", 90'000)}));
    CHECK(message(report) ==
          "2 tables have lost all rows since the previous dump: public.b (20,000), public.a (3)");
    CHECK_FALSE(report.is_healthy());
}
