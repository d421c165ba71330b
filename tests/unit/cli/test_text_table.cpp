#include "cli/terminal/text_table.hpp"
#include "support/catch.hpp"

using namespace dbbackup::cli;

TEST_CASE("columns are as wide as their widest cell, lines have no trailing spaces") {
    TextTable table{{{"NAME"}, {"SIZE", Align::right}, {"LABEL"}}};
    table.add({"a", "1", ""});
    table.add({"longer", "12,345", "x"});
    CHECK(table.to_string() == "NAME      SIZE  LABEL\n"
                               "a            1\n"
                               "longer  12,345  x\n");
}

TEST_CASE("a table without rows shows only its headings") {
    CHECK(TextTable{{{"A"}, {"B", Align::right}}}.to_string() == "A  B\n");
}

TEST_CASE("columns count characters, not bytes") {
    TextTable table{{{"A"}, {"B"}}};
    table.add({"Größe", "x"});
    table.add({"12345", "y"});
    CHECK(table.to_string() == "A      B\nGröße  x\n12345  y\n");
}

TEST_CASE("cells cannot move the cursor or break lines") {
    TextTable table{{{"A"}, {"B"}}};
    table.add({"a\nb\x1b[2J", "\xff\u202e"});
    CHECK(table.to_string() == "A            B\na\\nb\\x1B[2J  \\xFF\\xE2\\x80\\xAE\n");
}

namespace {

Screen screen(std::size_t width) {
    return {.width = width, .escapes = true, .colour = false};
}

TextTable dumps(const std::vector<std::string>& names) {
    TextTable table{{{"NAME"},
                     {"DATABASE", Align::left, Fit::shorten, 2},
                     {"ROWS", Align::right, Fit::whole, 1},
                     {"STATE"}}};
    for (const std::string& name : names) {
        table.add({name, "a_database_of_that_name", "1,000", {"! damaged", Tone::bad}});
    }
    return table;
}

} // namespace

TEST_CASE("with enough room, or without a terminal, a table keeps its full width") {
    const std::string whole = "NAME            DATABASE                  ROWS  STATE\n"
                              "shop_2026-11.x  a_database_of_that_name  1,000  ! damaged\n";
    const TextTable table = dumps({"shop_2026-11.x"});
    CHECK(table.to_string(screen(200)) == whole);
    CHECK(table.to_string(screen(57)) == whole);
    CHECK(table.to_string() == whole);
}

TEST_CASE("columns are shortened first, then left out") {
    const TextTable table = dumps({"shop_2026-11.x"});
    CHECK(table.to_string(screen(50)) == "NAME            DATABASE           ROWS  STATE\n"
                                         "shop_2026-11.x  a_database_of_t…  1,000  ! damaged\n");
    CHECK(table.to_string(screen(35)) == "NAME            DATABASE  STATE\n"
                                         "shop_2026-11.x  a_datab…  ! damaged\n");
    CHECK(table.to_string(screen(30)) == "NAME            STATE\n"
                                         "shop_2026-11.x  ! damaged\n");
}

TEST_CASE("the widest column shrinks first, and none below its minimum") {
    TextTable table{
        {{"A"}, {"B", Align::left, Fit::shorten, 0, 6}, {"C", Align::left, Fit::shorten, 0, 12}}};
    table.add({"a", "0123456789", "0123456789012345"});
    CHECK(table.to_string(screen(27)) == "A  B           C\na  0123456789  01234567890…\n");
    CHECK(table.to_string(screen(23)) == "A  B       C\na  01234…  01234567890…\n");
    CHECK(table.to_string(screen(5)) == "A  B       C\na  01234…  01234567890…\n");
}

TEST_CASE("one long name does not widen all rows, and no name is cut") {
    const TextTable table = dumps({"a.x", "a_name_that_is_longer_than_all_others.x", "b.x", "c.x"});
    CHECK(table.to_string(screen(50)) == "NAME  DATABASE                  ROWS  STATE\n"
                                         "a.x   a_database_of_that_name  1,000  ! damaged\n"
                                         "a_name_that_is_longer_than_all_others.x\n"
                                         "      a_database_of_that_name  1,000  ! damaged\n"
                                         "b.x   a_database_of_that_name  1,000  ! damaged\n"
                                         "c.x   a_database_of_that_name  1,000  ! damaged\n");
    CHECK(dumps({"shop_2026-11-21.sql.gz"}).to_string(screen(25)) == "NAME  DATABASE  STATE\n"
                                                                     "shop_2026-11-21.sql.gz\n"
                                                                     "      a_datab…  ! damaged\n");
    CHECK(dumps({"shop"}).to_string(screen(1)).find("shop") != std::string::npos);
}

TEST_CASE("wide characters keep columns aligned") {
    TextTable table{{{"A"}, {"B"}}};
    table.add({"中文", "x"});
    table.add({"e\xcc\x81", "y"});
    CHECK(table.to_string() == "A     B\n中文  x\ne\xcc\x81     y\n");
}

TEST_CASE("colours take no width, and appear only on a coloured screen") {
    TextTable table{{{"A"}, {"B"}}};
    table.add({{"x\x1b[31m", Tone::bad}, "y"});
    CHECK(table.to_string({.width = 80, .escapes = true, .colour = true}) ==
          "A          B\n\x1b[1;31mx\\x1B[31m\x1b[0m  y\n");
    CHECK(table.to_string(screen(80)) == "A          B\nx\\x1B[31m  y\n");
}
