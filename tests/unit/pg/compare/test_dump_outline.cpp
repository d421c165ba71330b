#include "support/catch.hpp"
#include "unit/pg/dump_samples.hpp"
#include "unit/pg/read_outline.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/pg/dump_inspector.hpp>

using namespace dbbackup;
using namespace dbbackup::pg;
using Names = std::vector<std::string>;

namespace {

const std::string k_sample = R"sql(SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public."T (1)" (
    id integer NOT NULL,
    "a, ""b" text DEFAULT 'a;b'::text
);
SET statement_timeout = 0;
COPY public."T (1)" (id, "a, ""b", "FROM") FROM stdin;
1	SELECT pg_catalog.setval('x', 1);	\N
\.
CREATE USER MAPPING FOR joe SERVER s OPTIONS (password 'hunter2');
SELECT pg_catalog.lo_create('16400');
SELECT pg_catalog.lo_create('16401');
SELECT pg_catalog.setval('public."S.1"', -42, true);
SELECT pg_catalog.setval('public.unused', 1, false);
INSERT INTO public.i VALUES (1);
BEGIN;
SELECT pg_catalog.lo_open('16400', 131072);
SELECT pg_catalog.lowrite(0, '\x00ff');
SELECT pg_catalog.lowrite(0, '\x1');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16401', 131072);
SELECT pg_catalog.lo_close(0);

COMMIT;
GRANT SELECT ON TABLE public."T (1)" TO joe;
GRANT SELECT ON TABLE public."T (1)" TO joe;
)sql";

Names beginnings(const std::vector<OutlinedStatement>& statements) {
    Names all;
    std::ranges::transform(statements, std::back_inserter(all), &OutlinedStatement::beginning);
    return all;
}

TextDigest large_object(const Names& pieces) {
    std::string sql = "SELECT pg_catalog.lo_open('7', 131072);\n";
    for (const std::string& piece : pieces) {
        sql += "SELECT pg_catalog.lowrite(0, '" + piece + "');\n";
    }
    return outline_of(sql + "SELECT pg_catalog.lo_close(0);\n").details().large_objects.at(7);
}

} // namespace

TEST_CASE("an outline keeps what is needed to compare two dumps") {
    const DumpOutline outline = outline_of(k_sample);
    const OutlineDetails& details = outline.details();
    CHECK(details.copied_tables ==
          std::vector<CopiedTable>{
              {"public", "T (1)", R"(id, "a, ""b", "FROM")", {"id", "a, \"b", "FROM"}}});
    CHECK(details.sequences == std::vector<SequenceState>{{"public", "S.1", "-42", "true"},
                                                          {"public", "unused", "1", "false"}});
    CHECK(details.large_objects.size() == 2);
    CHECK(beginnings(details.settings) == Names{"SET statement_timeout = 0;",
                                                "SET client_encoding =…",
                                                "SELECT pg_catalog.set_config(…"});
    CHECK(
        beginnings(details.statements) ==
        Names{R"sql(CREATE TABLE public."T (1)" ( id integer NOT NULL, "a, ""b" text DEFAULT…)sql",
              "CREATE USER MAPPING FOR joe SERVER s OPTIONS (password…",
              R"sql(GRANT SELECT ON TABLE public."T (1)" TO joe;)sql",
              R"sql(GRANT SELECT ON TABLE public."T (1)" TO joe;)sql"});
    CHECK(outline.inventory().large_objects == std::vector<std::uint32_t>{16400, 16401});
    CHECK(outline.inventory().inserted == std::vector<InsertedTable>{{"public", "i", 1}});
    REQUIRE(outline.scanner().contents().tables.size() == 1);
    CHECK(outline.scanner().contents().tables[0].rows == 1);
}

TEST_CASE("an outline is the same however the stream is split") {
    const DumpOutline whole = outline_of(k_sample);
    const auto check = [&whole](const DumpOutline& outline) {
        CHECK(outline.details() == whole.details());
        CHECK(outline.scanner().contents() == whole.scanner().contents());
        CHECK(outline.inventory().objects == whole.inventory().objects);
        CHECK(outline.inventory().roles == whole.inventory().roles);
    };
    for (std::size_t split = 1; split < k_sample.size(); ++split) {
        INFO(split);
        check(outline_of(k_sample, split, k_sample.size()));
    }
    for (std::size_t chunk = 1; chunk < 20; ++chunk) {
        INFO(chunk);
        check(outline_of(k_sample, chunk, chunk));
    }
}

TEST_CASE("an outline reads column lists of any length, and unqualified names") {
    std::string list;
    Names columns;
    for (int at = 0; at < 300; ++at) {
        columns.push_back("c" + std::to_string(at));
        list += (list.empty() ? "" : ", ") + columns.back();
    }
    const DumpOutline outline = outline_of(
        "SET search_path = sales, pg_catalog;\nCOPY t (" + list +
        ") FROM stdin;\n\\.\nCOPY other.t FROM stdin;\n\\.\nCOPY t (X) FROM stdin;\n"
        "\\.\nSELECT pg_catalog.setval('s', 1, TRUE);\nSELECT pg_catalog.setval('s', 5);\n");
    CHECK(outline.details().copied_tables ==
          std::vector<CopiedTable>{{"sales", "t", list, columns}, {"other", "t", "", {}}});
    CHECK(outline.details().sequences ==
          std::vector<SequenceState>{{"sales", "s", "1", "true"}, {"sales", "s", "5", "true"}});
}

TEST_CASE("a large object's digest depends on its content, not on its pieces") {
    const TextDigest digest = large_object({"\\x00ff", "\\x1234"});
    CHECK(large_object({"\\x00ff1234"}) == digest);
    CHECK(large_object({"\\x", "\\x00", "\\xff1234"}) == digest);
    CHECK(large_object({"\\\\x00ff1234"}) == digest); // with standard_conforming_strings off
    CHECK(large_object({"\\x1234", "\\x00ff"}) != digest);
    CHECK(large_object({"\\x00ff1235"}) != digest);
    CHECK(large_object({"\\x00ff12"}) != digest);
    CHECK(large_object({}) == large_object({"\\x"}));
    CHECK(large_object({"\\000\\377x00"}) != large_object({"00"}));
    CHECK_NOTHROW(large_object({""}));
    CHECK_NOTHROW(
        outline_of("SELECT pg_catalog.lowrite(0, '');\nSELECT pg_catalog.lo_open('', 0);\n"
                   "SELECT pg_catalog.lo_close(0);\n"));
}

TEST_CASE("an outline refuses an incomplete or unsafe dump") {
    const auto message_of = [](const std::string& dump) -> std::string {
        try {
            DumpOutline outline;
            outline.observe(base::as_bytes(dump));
            outline.finish();
        } catch (const base::Error& error) {
            return error.kind() == base::ErrorKind::damaged ? error.what() : "wrong kind";
        }
        return "";
    };
    CHECK(message_of(samples::k_plain).empty());
    CHECK(message_of("DROP TYPE a;\n").find("the dump is incomplete") != std::string::npos);
    CHECK(message_of("\\! x\n").find("not safe to run") != std::string::npos);
}
