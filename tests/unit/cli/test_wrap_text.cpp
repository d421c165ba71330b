#include "cli/terminal/text_width.hpp"
#include "cli/terminal/wrap_text.hpp"
#include "support/catch.hpp"

using namespace dbbackup::cli;

namespace {

std::string wrapped(const std::string& text, std::size_t width) {
    return wrap_text(text, Screen{.width = width, .escapes = true, .colour = true});
}

} // namespace

TEST_CASE("widths are counted as a terminal does") {
    CHECK(width_of("") == 0);
    CHECK(width_of("shop") == 4);
    CHECK(width_of("Größe") == 5);
    CHECK(width_of("中文") == 4);
    CHECK(width_of("\xf0\x9f\x98\x80") == 2); // an emoji
    CHECK(width_of("e\xcc\x81") == 1);        // an e with a combining accent
    CHECK(width_of("\x1b[1;31mbad\x1b[0m") == 3);
    CHECK(width_of("\xff\xfe") == 2); // not UTF-8: never gets here
    CHECK(width_of("\xcd\xb8") == 1); // U+0378, which is not yet assigned
}

TEST_CASE("texts are cut between characters") {
    CHECK(cut_to_width("shop", 4) == "shop");
    CHECK(cut_to_width("shops", 4) == "sho…");
    CHECK(cut_to_width("shops", 1) == "…");
    CHECK(cut_to_width("shops", 0).empty());
    CHECK(cut_to_width("中文字", 5) == "中文…");
    CHECK(cut_to_width("中文字", 4) == "中…");
    CHECK(cut_to_width("e\xcc\x81xyz", 2) == "e\xcc\x81…");
    CHECK(first_columns("e\xcc\x81x", 1) == "e\xcc\x81");
    for (std::size_t width = 0; width < 12; ++width) {
        CHECK(width_of(cut_to_width("a中é\xf0\x9f\x98\x80xyz", width)) <= width);
    }
}

TEST_CASE("lines are wrapped between words, with a hanging indent") {
    CHECK(wrapped("one two three\n", 8) == "one two\n  three\n");
    CHECK(wrapped("hint: one two three\n", 13) == "hint: one two\n      three\n");
    CHECK(wrapped("dump    one two three\n", 15) == "dump    one two\n        three\n");
    CHECK(wrapped("  left out: one two\n", 15) == "  left out: one\n    two\n");
    CHECK(wrapped("    hint: one two three\n", 17) == "    hint: one two\n          three\n");
    CHECK(wrapped("usage: dbbackup dump [FLAGS]\n", 20) ==
          "usage: dbbackup dump\n       [FLAGS]\n");
    CHECK(wrapped("two sentences, and then  none is a label\n", 30) ==
          "two sentences, and then  none\n  is a label\n");
    CHECK(wrapped("fits\n\nno end", 80) == "fits\n\nno end");
    CHECK(wrapped("", 80).empty());
}

TEST_CASE("no word is broken, however narrow the screen is") {
    CHECK(wrapped("a /very/long/path b", 6) == "a\n  /very/long/path\n  b");
    CHECK(wrapped("/very/long/path", 1) == "/very/long/path");
}

TEST_CASE("wide characters and colours count with their actual width") {
    CHECK(wrapped("中文 中文 中文", 9) == "中文 中文\n  中文");
    CHECK(wrapped("\x1b[33mone\x1b[0m two three", 8) == "\x1b[33mone\x1b[0m two\n  three");
}

TEST_CASE("a command to paste is never wrapped") {
    const std::string command = "dbbackup restore 'a b.sql' --clean --exact --confirm h:5432/shop";
    CHECK(wrapped("to undo: " + command + "\n", 40) == "to undo:\n    " + command + "\n");
    CHECK(wrapped("hint: Free some space, or: dbbackup prune --dry-run. Then go on.\n", 30) ==
          "hint: Free some space, or:\n    dbbackup prune --dry-run\n      Then go on.\n");
    CHECK(wrapped("    ALTER DATABASE shop RENAME TO other;\n", 20) ==
          "    ALTER DATABASE shop RENAME TO other;\n");
    CHECK(wrapped("hint: Say: dbbackup list\n", 80) == "hint: Say: dbbackup list\n");
    INFO("nor is any of several");
    CHECK(wrapped("hint: To see it: dbbackup list --dir 'a. b'. To go on: dbbackup restore a.sql "
                  "--confirm shop. Or wait for those that are connected\n",
                  30) == "hint: To see it:\n    dbbackup list --dir 'a. b'\n      To go on:\n    "
                         "dbbackup restore a.sql --confirm shop\n      Or wait for those that\n"
                         "      are connected\n");
    INFO("whichever program it is of");
    for (const std::string other :
         {"psql -X -f a.sql \"${DATABASE_URL:?}\"", "gunzip -c a.sql.gz | psql -X -f - postgres:",
          "zstd -dc a.sql.zst | psql -X -f - x:///y", "printf '\\nDATABASE_URL=${X}\\n' >> .env",
          "export DATABASE_URL=\"$POSTGRES_URL\"", "echo '*' > some/where/.gitignore",
          "chmod 600 a/very/long/path/to/.env", "sudo apt install postgresql-client"}) {
        CHECK(wrapped("hint: If so: " + other + "\n", 20) == "hint: If so:\n    " + other + "\n");
    }
    INFO("in the order in which they come");
    CHECK(wrapped("hint: First: sudo apt install x. Then: dbbackup list\n", 20) ==
          "hint: First:\n    sudo apt install x\n      Then:\n    dbbackup list\n");
    CHECK(wrapped("hint: First: dbbackup list. Then: sudo apt install x\n", 20) ==
          "hint: First:\n    dbbackup list\n      Then:\n    sudo apt install x\n");
    INFO("a program that is only mentioned is no command");
    CHECK(wrapped("hint: psql restores it too\n", 16) ==
          "hint: psql\n      restores\n      it too\n");
}

TEST_CASE("lines are unchanged if the output is not a terminal") {
    const std::string text = "one two three: dbbackup restore\n";
    CHECK(wrap_text(text, Screen{}) == text);
    CHECK(Screen{}.bad("x") == "x");
}
