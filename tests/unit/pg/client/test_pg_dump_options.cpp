#include "support/catch.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/pg/pg_dump_options.hpp>

using namespace dbbackup;
using pg::spell_out_options;
using Words = std::vector<std::string>;

namespace {

struct Case {
    Words words;
    Words spelt;
};

void check_spelt(const std::vector<Case>& cases, int major) {
    for (const Case& c : cases) {
        INFO(Catch::StringMaker<Words>::convert(c.words) << " of " << major);
        CHECK(spell_out_options(c.words, major) == c.spelt);
    }
}

void check_refused(const std::vector<Words>& many, int major, const std::string& why) {
    for (const Words& words : many) {
        INFO(Catch::StringMaker<Words>::convert(words) << " of " << major);
        try {
            (void)spell_out_options(words, major);
            FAIL("accepted");
        } catch (const base::Error& error) {
            CHECK(error.kind() == base::ErrorKind::usage);
            CHECK(std::string{error.what()}.find(why) != std::string::npos);
            CHECK_FALSE(error.hint().empty());
        }
    }
}

} // namespace

TEST_CASE("options of pg_dump are spelt out as that pg_dump reads them") {
    const std::vector<Case> always{
        {{}, {}},
        {{"--table", "a b"}, {"--table=a b"}},
        {{"--table=a"}, {"--table=a"}},
        {{"--table="}, {"--table="}},
        {{"-t", "-x"}, {"--table=-x"}},
        {{"-Otxtable"}, {"--no-owner", "--table=xtable"}},
        {{"-Ot", "a", "-n", "b"}, {"--no-owner", "--table=a", "--schema=b"}},
        {{"-xsv"}, {"--no-privileges", "--schema-only", "--verbose"}},
        {{"-E=UTF8"}, {"--encoding==UTF8"}},
        {{"--no-ac"}, {"--no-privileges"}},
        {{"--no-comm", "--strict"}, {"--no-comments", "--strict-names"}},
        {{"--role", "--clean"}, {"--role=--clean"}},
        {{"--restrict-key=k"}, {"--restrict-key=k"}},
        {{"--schema", "--"}, {"--schema=--"}},
        {{"--of-a-later-version"}, {"--of-a-later-version"}},
        {{"--later", "value", "-s"}, {"--later", "value", "--schema-only"}},
        {{"--later=value"}, {"--later=value"}},
    };
    for (const int major : {13, 15, 17, 18, 19}) {
        check_spelt(always, major);
    }
}

TEST_CASE("an abbreviation means what it means to that version of pg_dump") {
    check_spelt({{{"--exclude-table-d=t"}, {"--exclude-table-data=t"}},
                 {{"--tab", "t"}, {"--table=t"}},
                 {{"-bB"}, {"--blobs", "--no-blobs"}},
                 {{"--filter=f"}, {"--filter=f"}},
                 {{"--statistics"}, {"--statistics"}}},
                15);
    check_spelt({{{"-bB"}, {"--large-objects", "--no-large-objects"}},
                 {{"--blobs"}, {"--blobs"}},
                 {{"--exclude-table-data=t"}, {"--exclude-table-data=t"}},
                 {{"--filt", "f"}, {"--filter=f"}}},
                17);
    check_spelt({{{"--statistics"}, {"--statistics"}},
                 {{"--no-st"}, {"--no-statistics"}},
                 {{"--no-d"}, {"--no-data"}},
                 {{"--seq"}, {"--sequence-data"}}},
                18);
    check_refused({{"--exclude-t=t"}, {"--no"}, {"--s"}}, 15, "ambiguous: pg_dump 15 has --");
    check_refused({{"--exclude-table-d=t"}, {"--tab=t"}}, 17, "ambiguous: pg_dump 17 has --");
    check_refused({{"--stat"}, {"--no-s"}}, 18, "ambiguous: pg_dump 18 has --");
    check_refused({{"--exclude-table-d=t"}}, 17, "--exclude-table-data-and-children");
}

TEST_CASE("what no option of pg_dump takes is refused") {
    check_refused({{"--table"}, {"-s", "-t"}, {"--restrict-key"}}, 15, "needs a value");
    check_refused({{"--no-sync=x"}, {"--schema-only="}}, 15, "takes no value");
    check_refused({{"shop"},
                   {"-s", "shop"},
                   {"--no-sync", "x"},
                   {"host=elsewhere"},
                   {"-"},
                   {"--"},
                   {"--", "shop"},
                   {"--later=value", "shop"},
                   {"--later", "value", "shop"}},
                  15, "no option");
}
