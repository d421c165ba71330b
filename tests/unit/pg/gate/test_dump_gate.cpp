#include "support/catch.hpp"
#include "unit/pg/dump_samples.hpp"
#include "unit/pg/read_script.hpp"

#include <fmt/format.h>

using namespace dbbackup::pg;
using Texts = std::vector<std::string>;

namespace {

const std::string k_end = samples::k_end;

/// Reads `text` split in two in every way, and in small chunks.
Script read_in_all_ways(const std::string& text, std::size_t longest = 1 << 20) {
    const Script whole = read_script(text, text.size(), 1, longest);
    for (std::size_t head = 1; head < text.size(); ++head) {
        INFO(text << "\ncut at " << head);
        REQUIRE(read_script(text, head, text.size(), longest) == whole);
    }
    for (const std::size_t chunk : {1U, 2U, 3U, 7U}) {
        REQUIRE(read_script(text, chunk, chunk, longest) == whole);
    }
    return whole;
}

} // namespace

TEST_CASE("a script has the statements without the text between them") {
    const Script script = read_in_all_ways("-- c\n\nDROP TYPE a; ;\n  /* a */ COMMENT -- b\n "
                                           "ON TYPE a IS ';' ;DROP TYPE\n\n\"\n;\"\n; -- d\n" +
                                           k_end);
    CHECK(script.refusal.empty());
    CHECK(script.statements ==
          Texts{"DROP TYPE a;", "COMMENT -- b\n ON TYPE a IS ';' ;", "DROP TYPE\n\n\"\n;\"\n;"});
    CHECK(script.offsets == std::vector<std::uint64_t>{6, 31, 63});
    CHECK(script.comments == Texts{"-- c", "--", "-- PostgreSQL database dump complete", "--"});
}

TEST_CASE("a script has the rows without the end of data, and offsets continue after them") {
    const std::string head = "COPY t (a) FROM stdin;\n";
    const std::string rows = "a\n\\\\.\n\\.x\n\n\\N\n\\.\r\r\n\\\n . \n\\. \n";
    const Script script = read_in_all_ways(head + rows + "\\.\n\nDROP TYPE a;\n" + head +
                                           "\\.\nDROP TYPE b;\n" + k_end);
    CHECK(script.refusal.empty());
    CHECK(script.rows == rows + "<9><0>");
    CHECK(script.statements == Texts{"COPY t (a) FROM stdin;", "DROP TYPE a;",
                                     "COPY t (a) FROM stdin;", "DROP TYPE b;"});
    CHECK(script.offsets.at(1) == head.size() + rows.size() + 4);
    CHECK(script.offsets.at(3) == script.offsets.at(1) + 13 + head.size() + 3);
}

TEST_CASE("rows in a script may have carriage returns before the newlines") {
    const Script script =
        read_in_all_ways("COPY t FROM stdin;\r\n1\r\n\\.\r\nDROP TYPE a;\r\n" + k_end);
    CHECK(script.refusal.empty());
    CHECK(script.rows == "1\r\n<1>");
}

TEST_CASE("a script leaves out restrict, unrestrict and the statements around large objects") {
    const Script script = read_in_all_ways("\\restrict Ab1\r\nDROP TYPE a;\nBEGIN;\nSELECT "
                                           "pg_catalog.lo_create('7');\ncommit;\nDROP TYPE b;\n" +
                                           k_end + "\\unrestrict Ab1\r\n\n-- bye\n");
    CHECK(script.refusal.empty());
    CHECK(script.statements ==
          Texts{"DROP TYPE a;", "SELECT pg_catalog.lo_create('7');", "DROP TYPE b;"});
}

TEST_CASE("a script reports the schema of unqualified names") {
    const Script script =
        read_in_all_ways("DROP TYPE a;\nSET search_path = \"My s\", pg_catalog;\n"
                         "DROP TYPE b;\nset search_path to other;\nDROP TYPE c;\n" +
                         k_end);
    CHECK(script.schemas == Texts{"", "", "My s", "My s", "other"});
}

TEST_CASE("the limit on statements cuts them, and nothing after them") {
    const std::string big(100, 'x');
    const Script script = read_in_all_ways(
        "COMMENT ON TYPE a IS '" + big + "'; DROP TYPE a;\nCOMMENT ON TYPE a IS '" + big +
            "';\nDROP TYPE\nb; DROP TYPE\nc;\nDROP TYPE d;\n" + k_end,
        50);
    CHECK(script.refusal.empty());
    CHECK_FALSE(script.all_whole);
    REQUIRE(script.statements.size() == 6);
    for (const std::string& statement : script.statements) {
        CHECK(statement.size() <= 50);
    }
    CHECK(script.statements.at(3) == "DROP TYPE\nb;");
    CHECK(script.statements.at(4) == "DROP TYPE\nc;");
    CHECK(script.statements.at(5) == "DROP TYPE d;");
    CHECK(std::string_view{"COMMENT ON TYPE a IS '" + big}.starts_with(script.statements.front()));
}

TEST_CASE("a statement that begins after a cut one is never put together wrongly") {
    const std::string big(100, 'x');
    const Script script = read_in_all_ways(
        "COMMENT ON TYPE a IS '" + big + "'; COMMENT ON TYPE a IS 'be\ngin';\n" + k_end, 50);
    CHECK_FALSE(script.all_whole);
    REQUIRE(script.statements.size() == 2);
    CHECK(
        std::string_view{"COMMENT ON TYPE a IS 'be\ngin';"}.starts_with(script.statements.back()));
}

TEST_CASE("a script of an incomplete dump is refused") {
    CHECK(read_in_all_ways("DROP TYPE a;\n").refusal != "");
    CHECK(read_in_all_ways("COPY t FROM stdin;\n1\n").refusal != "");
    CHECK(read_in_all_ways("DROP TYPE a\n" + k_end).refusal != "");
    CHECK(read_in_all_ways(k_end).refusal == "");
}

TEST_CASE("the result for samples does not depend on how they are split") {
    for (const samples::Sample& sample : samples::k_all) {
        INFO(sample.name);
        read_in_all_ways(sample.text);
    }
    CHECK(read_script(samples::k_plain).refusal.empty());
    CHECK(read_script(samples::k_rows).refusal.empty());
    CHECK(read_script(samples::k_windows).refusal.empty());
    CHECK(read_script(samples::k_create).refusal.find("\\connect") == std::string::npos);
    CHECK_FALSE(read_script(samples::k_create).refusal.empty());
}
