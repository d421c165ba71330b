#include "support/catch.hpp"
#include "support/program/program.hpp"

#include <dbbackup/base/command_line.hpp>

using namespace dbbackup;

TEST_CASE("a suggested command repeats this run's settings, quoted for a shell") {
    const base::CommandLine line{"restore", {"--clean", "-t", "a b"}, {"--dir", "my dumps"}};
    CHECK(line.another({"list"}) == "dbbackup list --dir 'my dumps'");
    CHECK(line.again({"it's.sql"}) ==
          "dbbackup restore 'it'\\''s.sql' --clean -t 'a b' --dir 'my dumps'");
    CHECK(line.again({"a.sql", "--clean", "--exact"}) ==
          "dbbackup restore a.sql --exact --clean -t 'a b' --dir 'my dumps'");
    CHECK(base::CommandLine{}.another({"dump"}) == "dbbackup dump");
}

TEST_CASE("any bytes survive quoting in every sh") {
    std::string all;
    for (int byte = 1; byte < 256; ++byte) {
        all += static_cast<char>(byte);
    }
    for (const std::string& word :
         {std::string{"plain"}, std::string{}, std::string{"it's $HOME `x` \"y\" \\"},
          std::string{"a\nb"}, std::string{"-n\x1b[31m%d %% \\045 '"}, std::string{"\n%s"}, all}) {
        const std::string line = "printf %s. " + dbbackup::base::shell_words({word});
        INFO(line);
        for (const char* shell : {"/bin/sh", "/bin/bash"}) {
            INFO(shell);
            CHECK(dbbackup::test::run_program({shell, "-c", line}).out == word + ".");
        }
    }
    // Only a sh with $'…' can express it.
    const std::string line = "printf %s. " + dbbackup::base::shell_words({"x\n"});
    CHECK(dbbackup::test::run_program({"/bin/bash", "-c", line}).out == "x\n.");
}

TEST_CASE("a suggested command with latest chooses the same dump") {
    const base::CommandLine line{
        "restore", {"--clean"}, {"--dir", "d"}, {"--before", "yesterday", "--accept-partial"}};
    CHECK(line.again({"latest", "--confirm", "shop"}) ==
          "dbbackup restore latest --confirm shop --before yesterday --accept-partial --clean "
          "--dir d");
    CHECK(line.again({"latest~2"}) ==
          "dbbackup restore 'latest~2' --before yesterday --accept-partial --clean --dir d");
    CHECK(line.again({"latest", "--before", "today"}) ==
          "dbbackup restore latest --before today --accept-partial --clean --dir d");
    CHECK(line.again({"latest.sql"}) == "dbbackup restore latest.sql --clean --dir d");
    CHECK(line.again({}) == "dbbackup restore --clean --dir d");
    CHECK(line.another({"list"}) == "dbbackup list --dir d");
}
