#include "support/catch.hpp"

#include <dbbackup/base/command_line.hpp>

using namespace dbbackup;

TEST_CASE("a proposed command has the settings of this run, quoted for a shell") {
    const base::CommandLine line{"restore", {"--clean", "-t", "a b"}, {"--dir", "my dumps"}};
    CHECK(line.another({"list"}) == "dbbackup list --dir 'my dumps'");
    CHECK(line.again({"it's.sql"}) ==
          "dbbackup restore 'it'\\''s.sql' --clean -t 'a b' --dir 'my dumps'");
    CHECK(line.again({"a.sql", "--clean", "--exact"}) ==
          "dbbackup restore a.sql --exact --clean -t 'a b' --dir 'my dumps'");
    CHECK(base::CommandLine{}.another({"dump"}) == "dbbackup dump");
}
