#include "support/catch.hpp"

#include <dbbackup/pg/newest_migration.hpp>

#include <tuple>

using namespace dbbackup::pg;

namespace {

std::string newest(const std::string& tool, const std::vector<std::string>& applied) {
    return newest_migration({{.tool = tool, .table = {"public", "t"}, .applied = applied}});
}

} // namespace

TEST_CASE("the newest migration is the last by name, by the numbers in it") {
    CHECK(newest("Prisma", {"20260101_init", "20261121_phone"}) == "20261121_phone");
    CHECK(newest("Flyway", {"1 base", "10 phone", "2 city"}) == "10 phone");
    CHECK(newest("Flyway", {"1.2", "1.10", "1.9.1"}) == "1.10");
    CHECK(newest("Rails or dbmate", {"007", "7a", "6"}) == "7a");
    CHECK(newest("Alembic", {"ae1027a6acf"}) == "ae1027a6acf");
}

TEST_CASE("no newest migration is named where the names tell no order") {
    CHECK(newest_migration({}).empty());
    CHECK(newest("Knex", {}).empty());
    CHECK(newest("Django", {"auth 0012_x", "shop 0001_initial"}).empty());
    CHECK(newest_migration({{.tool = "Knex", .table = {"a", "t"}, .applied = {"1"}},
                            {.tool = "Knex", .table = {"b", "t"}, .applied = {"2"}}})
              .empty());
}

TEST_CASE("a migration is lost if the newest one went back") {
    using Names = std::vector<std::string>;
    const auto lost = [](const std::string& tool, const Names& before, const Names& now) {
        return find_lost_migration({{.tool = tool, .table = {"public", "t"}, .applied = before}},
                                   {{.tool = tool, .table = {"public", "t"}, .applied = now}});
    };
    CHECK(lost("Knex", {"1_a", "2_b"}, {"1_a"}) == "2_b");
    CHECK(lost("Knex", {"1_a", "2_b"}, {}) == "2_b");
    CHECK(lost("Flyway", {"10 a", "9 b"}, {"9 b"}) == "10 a");
    INFO("squashed, or gone on");
    CHECK(lost("Prisma", {"1_a", "2_b"}, {"2_b"}).empty());
    CHECK(lost("Prisma", {"1_a", "2_b"}, {"3_all"}).empty());
    CHECK(lost("Knex", {}, {}).empty());
    INFO("Django's names tell no order, but nothing new and something gone does");
    CHECK(lost("Django", {"auth 0012_x", "shop 0001_a"}, {"auth 0012_x"}) == "shop 0001_a");
    CHECK(lost("Django", {"auth 0012_x", "shop 0001_a"}, {"auth 0012_x", "shop 0001_s"}).empty());
    INFO("hashes tell nothing");
    CHECK(lost("Alembic", {"ffff"}, {"aaaa"}).empty());
    INFO("tables that only one of them has");
    CHECK(find_lost_migration({{.tool = "Knex", .table = {"a", "t"}, .applied = {"2"}}},
                              {{.tool = "Knex", .table = {"b", "t"}, .applied = {"1"}}})
              .empty());
}
