#include "cli/text_table.hpp"
#include "support/catch.hpp"

using namespace dbbackup::cli;

TEST_CASE("columns are as wide as their widest cell, lines have no spaces at their end") {
    TextTable table{{{"NAME"}, {"SIZE", Align::right}, {"LABEL"}}};
    table.add({"a", "1", ""});
    table.add({"longer", "12,345", "x"});
    CHECK(table.to_string() == "NAME      SIZE  LABEL\n"
                               "a            1\n"
                               "longer  12,345  x\n");
}

TEST_CASE("a table without rows is its titles") {
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
