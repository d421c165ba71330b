#include "support/catch.hpp"

#include <dbbackup/store/dump_part.hpp>

using namespace dbbackup;
using Words = std::vector<std::string>;

namespace {

std::string part_of(const Words& options) {
    store::Manifest::Dump dump;
    dump.options = options;
    return store::describe_part(dump);
}

} // namespace

TEST_CASE("a whole dump is not described as a part") {
    CHECK(part_of({}).empty());
    CHECK(part_of({"--format=plain", "--no-owner", "-E", "LATIN1"}).empty());
}

TEST_CASE("a part is described in plain words") {
    struct Case {
        Words options;
        std::string text;
    };

    for (const Case& c : {
             Case{{"--format=plain", "--schema=tenant_5"}, "only schema tenant_5"},
             Case{{"--schema=a", "--schema=b"}, "only schemas a, b"},
             Case{{"--table=a", "--table=b"}, "only tables a, b"},
             Case{{"-t", "a", "-tb"}, "only tables a, b"},
             Case{{"--table", "a"}, "only table a"},
             Case{{"--exclude-table=x"}, "without table x"},
             Case{{"--exclude-schema=x", "-N", "y"}, "without schemas x, y"},
             Case{{"--schema-only"}, "only the schema (no rows)"},
             Case{{"-s"}, "only the schema (no rows)"},
             Case{{"-s", "--no-data"}, "only the schema (no rows)"},
             Case{{"--data-only"}, "only rows"},
             Case{{"--exclude-table-data=big"}, "without rows of big"},
             Case{{"--exclude-table-data=big", "--schema=s"}, "only schema s; without rows of big"},
             Case{{"--no-large-objects"}, "without large objects"},
             Case{{"--no-policies"}, "without row security policies"},
             Case{{"--no-publications", "--no-subscriptions"},
                  "without publications; without subscriptions"},
             Case{{"--filter=f"}, "a part (--filter=f)"},
             Case{{"-vs"}, "a part (-vs)"},
             Case{{"--tab=t", "--of-a-later-version"}, "a part (--tab=t --of-a-later-version)"},
             Case{{"--schema=s", "--later"}, "only schema s; a part (--later)"},
         }) {
        INFO(Catch::StringMaker<Words>::convert(c.options));
        CHECK(part_of(c.options) == c.text);
    }
}

TEST_CASE("the description of a part is safe to show") {
    CHECK(part_of({"--table=a\x1b[2J"}) == "only table a\\x1B[2j");
}
