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
