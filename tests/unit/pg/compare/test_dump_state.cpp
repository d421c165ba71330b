#include "support/catch.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/pg/dump_rows.hpp>
#include <dbbackup/pg/dump_state.hpp>

#include <algorithm>

using namespace dbbackup;
using namespace dbbackup::pg;
using Names = std::vector<std::string>;

namespace {

constexpr std::string_view k_dump = R"(SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
CREATE TABLE public.items (
    id integer NOT NULL,
    total numeric(10,2) GENERATED ALWAYS AS (1) STORED,
    "Na""me" character varying(20) DEFAULT 'a;b'::character varying
);
CREATE TABLE public.child (
    extra integer
)
INHERITS (public.items);
CREATE TABLE public.knex_migrations (
    id integer NOT NULL,
    name character varying(255),
    batch integer,
    migration_time timestamp with time zone
);
COPY public.child (id, "Na""me", extra) FROM stdin;
1	x	2
\.
COPY public.items (id, "Na""me") FROM stdin;
1	a
2	\N
\.
COPY public.knex_migrations (id, name, batch, migration_time) FROM stdin;
2	b\\c.js	1	2026-01-01 00:00:00+00
1	a.js	1	2026-01-01 00:00:00+00
\.
SELECT pg_catalog.setval('public.items_id_seq', 7, true);
SELECT pg_catalog.setval('public."Odd seq"', -3, false);
ALTER TABLE ONLY public.items
    ADD CONSTRAINT items_pkey PRIMARY KEY (id, "Na""me");
ALTER TABLE public.items
    ADD CONSTRAINT positive CHECK ((id > 0)) NOT VALID;
ALTER TABLE public.items
    ADD CONSTRAINT checked CHECK ((id > 0));
-- PostgreSQL database dump complete
)";

DatabaseState state_of(std::string_view dump, std::size_t piece) {
    DumpStateReader reader;
    for (std::size_t at = 0; at < dump.size(); at += piece) {
        reader.observe(base::as_bytes(dump.substr(at, piece)));
    }
    reader.scanner().finish();
    return reader.state();
}

const StateTable& table_of(const DatabaseState& state, const std::string& name) {
    return *std::ranges::find_if(
        state.tables, [&name](const StateTable& table) { return table.table.name == name; });
}

} // namespace

TEST_CASE("the state of a database is read from its dump, however that is cut") {
    const std::size_t piece = GENERATE(1, 7, 100'000);
    const DatabaseState state = state_of(k_dump, piece);
    CHECK(state.encoding == "UTF8");
    CHECK(table_of(state, "items").columns ==
          std::vector<StateColumn>{{"id", "integer"},
                                   {"Na\"me", "character varying(20)"},
                                   {"total", "numeric(10,2)", true}});
    CHECK(table_of(state, "items").key == Names{"id", "Na\"me"});
    // Its CREATE TABLE does not name all of its columns.
    CHECK(table_of(state, "child").columns ==
          std::vector<StateColumn>{{"id", ""}, {"Na\"me", ""}, {"extra", ""}});
    CHECK(state.sequences == std::vector<SequenceState>{{"public", "items_id_seq", "7", "true"},
                                                        {"public", "Odd seq", "-3", "false"}});
    CHECK(state.not_validated == std::vector<StatePart>{{{"public", "items"}, "positive"}});
    REQUIRE(state.migrations.size() == 1);
    CHECK(state.migrations[0] ==
          MigrationState{"Knex", {"public", "knex_migrations"}, {"a.js", "b\\c.js"}});
}

TEST_CASE("what no restore may run does not keep a state from being read") {
    DumpStateReader reader;
    reader.observe(base::as_bytes("\\! touch /tmp/x\nDROP DATABASE a; COPY t (a) FROM stdin;\n1\n"
                                  "\\.\nCREATE TABLE u (b integer);\n"));
    reader.scanner().finish();
    CHECK(reader.state().tables.size() == 2);
    CHECK(!reader.scanner().incompleteness().empty());
}

TEST_CASE("a table of migrations with more rows than any tool writes is not kept in memory") {
    std::string dump = "COPY public.schema_migrations (version) FROM stdin;\n";
    for (int i = 0; i < 20'001; ++i) {
        dump += std::to_string(i) + "\n";
    }
    CHECK(state_of(dump + "\\.\n", 1U << 16U).migrations.empty());
}

TEST_CASE("rows of a dump are read with the wanted columns, however it is cut") {
    const std::size_t piece = GENERATE(1, 13, 100'000);
    std::vector<std::pair<std::size_t, std::string>> rows;
    DumpRows reader{
        {{{"public", "items"}, {"Na\"me", "id"}}, {{"public", "child"}, {"extra"}}},
        [&rows](std::size_t index, std::string_view row) { rows.emplace_back(index, row); }};
    for (std::size_t at = 0; at < k_dump.size(); at += piece) {
        reader.observe(base::as_bytes(k_dump.substr(at, piece)));
    }
    CHECK(rows ==
          std::vector<std::pair<std::size_t, std::string>>{{1, "2"}, {0, "a\t1"}, {0, "\\N\t2"}});
    DumpRows wrong{{{{"public", "items"}, {"nosuch"}}}, [](std::size_t, std::string_view) {}};
    CHECK_THROWS_AS(wrong.observe(base::as_bytes(k_dump)), base::Error);
}
