#include "cli/command_line/habits.hpp"
#include "cli/command_line/suggestions.hpp"
#include "support/catch.hpp"

using namespace dbbackup::cli;

namespace {

using Words = std::vector<std::string>;

const Words k_commands{"dump",  "backup", "restore", "list",  "show",  "verify",
                       "check", "pin",    "unpin",   "prune", "guard", "status"};

} // namespace

TEST_CASE("letters that are wrong, missing, superfluous or swapped") {
    for (const char* slip : {"restroe", "resotre", "restor", "restoree", "rastore", "retsore"}) {
        INFO(slip);
        CHECK(nearest_words(slip, k_commands) == Words{"restore"});
    }
    CHECK(nearest_words("dmup", k_commands) == Words{"dump"});
    CHECK(nearest_words("pni", k_commands) == Words{"pin"});
    CHECK(nearest_words("STATUS", k_commands) == Words{"status"});
    CHECK(nearest_words("--kep-last", {"--keep-last", "--keep-daily"}) == Words{"--keep-last"});
    CHECK(nearest_words("--keep_last", {"--keep-last", "--keep-daily"}) == Words{"--keep-last"});
    CHECK(nearest_words("-clean", {"--clean", "--create"}) == Words{"--clean"});
    CHECK(nearest_words("pni", {"pin", "pn", "pa"}) == Words{"pin", "pn"}); // a swap is one mistake
}

TEST_CASE("the beginning of a word suggests that word") {
    CHECK(nearest_words("stat", k_commands) == Words{"status"});
    CHECK(nearest_words("res", k_commands) == Words{"restore"});
    CHECK(nearest_words("--keep", {"--keep-last", "--keep-daily", "--keep-weekly", "--keep-x"}) ==
          Words{"--keep-last", "--keep-daily", "--keep-weekly"});
    CHECK(nearest_words("pin", {"pinned", "pin"}) == Words{"pin"}); // unless that word exists
}

TEST_CASE("an unrelated word gets no suggestion") {
    CHECK(nearest_words("ls", {"as", "l"}).empty());
    CHECK(nearest_words("abcdefghijkl", {"abcdefgh____"}).empty());
    CHECK(nearest_words("abcdefghijkl", {"abcdefghi___"}) == Words{"abcdefghi___"});
    for (const char* word : {"", "-", "--", "x", "s", "ls", "mysql", "nonsense", "shop_2026"}) {
        INFO(word);
        CHECK(nearest_words(word, k_commands).empty());
    }
    CHECK(nearest_words(std::string(41, 'd'), {std::string(41, 'd')}).empty());
    CHECK(nearest_words(std::string(1'000'000, 'd'), k_commands).empty());
}

TEST_CASE("suggestions are questions") {
    CHECK(did_you_mean({}).empty());
    CHECK(did_you_mean({"dump"}) == "Did you mean dump?");
    CHECK(did_you_mean({"pin", "unpin"}) == "Did you mean pin or unpin?");
    CHECK(did_you_mean({"a", "b", "c"}) == "Did you mean a, b or c?");
}

TEST_CASE("names from other programs") {
    CHECK(advice_on_command("ls") == "To list the dumps: dbbackup list");
    CHECK(advice_on_command("dump").empty());
    CHECK(advice_on_command("import").empty());
    CHECK(advice_on_command("undo").find("import") != std::string::npos);
    for (const char* word : {"add", "merge", "replace"}) {
        CHECK(advice_on_command(word).find("import --mode") != std::string::npos);
    }
    CHECK(advice_on_option("import", "--add").find("--mode add") != std::string::npos);
    CHECK(advice_on_option("export", "--csv").find("--format") != std::string::npos);
    CHECK(advice_on_option("restore", "--yes").find("--confirm NAME") != std::string::npos);
    CHECK(advice_on_option("prune", "--force").find("--dry-run") != std::string::npos);
    CHECK(advice_on_option("restore", "--nonsense").empty());
    CHECK(advice_on_option("prune", "--keep") == "To keep the 7 newest dumps: --keep-last 7.");
    CHECK(advice_on_option("prune", "--keep", "12") ==
          "To keep the 12 newest dumps: --keep-last 12.");
}
