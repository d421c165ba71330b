#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/dumps/outlines.hpp"
#include "support/server/cluster.hpp"
#include "support/temp_dir.hpp"

#include <dbbackup/pg/compare_outlines.hpp>

#include <map>

using namespace dbbackup;
using namespace dbbackup::test;
using Names = std::vector<std::string>;
using pg::ComparedText;
using pg::TableMatch;

namespace {

std::string dump_of(const TestDatabase& database) {
    return pg_dump_of(database.name(), {});
}

/// The content of the dumps of `database` and of its copy by psql.
struct Compared {
    explicit Compared(const TestDatabase& database)
        : Compared(dump_of(database), {"-v", "ON_ERROR_STOP=1"}) {}

    Compared(std::string of, std::vector<std::string> psql_arguments) : dump(std::move(of)) {
        psql_arguments.emplace_back("-Xq");
        const ProgramResult restored = Cluster::shared().client(
            "psql", copied.name(), std::move(psql_arguments), for_the_server(dump));
        INFO(restored.err);
        REQUIRE(restored.exit_code == 0);
    }

    [[nodiscard]] pg::OutlineDifference difference(ComparedText text) const {
        return pg::compare_outlines(outline_of(dump), outline_of(dump_of(copied)), text);
    }

    std::string dump;
    TestDatabase copied;
};

/// All findings, including those about tables.
Names findings(const pg::OutlineDifference& difference) {
    static const std::map<TableMatch, std::string> k_matches{
        {TableMatch::rows_counted, "rows counted"},
        {TableMatch::columns_reordered, "columns reordered"},
        {TableMatch::rows_differ, "rows differ"},
        {TableMatch::contents_differ, "contents differ"},
        {TableMatch::missing, "missing"},
        {TableMatch::unexpected, "unexpected"}};
    Names all;
    for (const pg::ComparedTable& table : difference.tables) {
        if (table.match != TableMatch::equal) {
            all.push_back(table.schema + "." + table.name + ": " + k_matches.at(table.match));
        }
    }
    for (const Names& more : {difference.objects, difference.sequences, difference.large_objects,
                              difference.statements, difference.rewritten}) {
        all.insert(all.end(), more.begin(), more.end());
    }
    return all;
}

const std::string k_shop = R"(
set client_min_messages = error;
create sequence q; select setval('q', 42);
create table t (id int primary key, name varchar(9) default 'x' check (name in ('a', 'b')), at timestamptz);
insert into t values (1, 'a', '2020-01-01 00:00:00+00'), (2, 'b', null), (3, 'b', null);
create index i on t (name) where name in ('a', 'b');
create view v as select id from t where name in ('a', 'b');
comment on table t is 'one';
grant select on t to public;
select lo_from_bytea(70001, '\x01'), lo_from_bytea(70002, '\x02');
)";

} // namespace

TEST_CASE("the zoo and its copy do not differ") {
    const TestDatabase zoo;
    Cluster::shared().load(zoo.name(), data_file("zoo.sql"));
    CHECK(findings(Compared{zoo}.difference(ComparedText::statements)) == Names{});
}

TEST_CASE("statements read back in other words are no difference") {
    if (Cluster::shared().major() < 15) {
        WARN("needs PostgreSQL 15: row filters of publications");
        return;
    }
    const TestDatabase database;
    database.psql("set client_min_messages = error;" +
                  read_file(data_file("written_otherwise.sql")));
    const Compared compared{database};
    CHECK(dump_of(compared.copied) != compared.dump);
    CHECK(findings(compared.difference(ComparedText::statements)) ==
          Names{"public.children: columns reordered"});
}

TEST_CASE("dumps of other versions and their copies hold the same objects and rows") {
    for (const char* version :
         {"9.0", "9.2", "9.6", "10.1", "10", "11", "12", "13", "14", "16", "17", "18"}) {
        INFO(version);
        // 17 and 18 set parameters that the server may not know.
        const Compared compared{
            read_file(data_file("foreign/pg_dump-" + std::string{version} + ".sql")), {}};
        const pg::OutlineDifference difference = compared.difference(ComparedText::nothing);
        CHECK(findings(difference) == Names{});
        CHECK(difference.tables.size() >= 2);
    }
}

TEST_CASE("each change in a copy is found, and nothing else") {
    const TestDatabase shop;
    shop.psql(k_shop);
    const std::string dump = dump_of(shop);
    const auto both = [](const std::string& beginning) {
        return Names{"only in the dump: " + beginning, "only in the copy: " + beginning};
    };
    const std::string table = "CREATE TABLE public.t ( id integer NOT NULL, name character "
                              "varying(9) D…";
    const std::pair<std::string, Names> cases[] = {
        {"", {}},
        {"delete from t where id = 3", {"public.t: rows differ"}},
        {"update t set name = 'a' where id = 3", {"public.t: contents differ"}},
        {"update t set at = at + interval '1 microsecond' where id = 1",
         {"public.t: contents differ"}},
        {"select setval('q', 41)", {"sequence public.q: 42 in the dump, 41 in the copy"}},
        {"drop index i",
         {"index public.i is missing in the copy",
          "only in the dump: CREATE INDEX i ON public.t USING btree (name) WHERE ((name)::text = "
          "ANY ((ARRAY[…"}},
        {"alter table t alter name set default 'y'", both(table)},
        {"alter table t drop constraint t_name_check, add constraint t_name_check check (name in "
         "('a', 'b', 'c'))",
         both(table)},
        {"comment on table t is 'two'", both("COMMENT ON TABLE public.t IS…")},
        {"revoke select on t from public",
         {"only in the dump: GRANT SELECT ON TABLE public.t TO PUBLIC;"}},
        {"alter table t owner to pg_monitor",
         {"only in the dump: ALTER TABLE public.t OWNER TO postgres;",
          "only in the copy: ALTER TABLE public.t OWNER TO pg_monitor;"}},
        {"select lo_put(70001, 0, '\\x03')",
         {"large object 70001 has different content in the copy"}},
        {"select lo_put(70001, 0, '\\x02'), lo_put(70002, 0, '\\x01')",
         {"large object 70001 has different content in the copy",
          "large object 70002 has different content in the copy"}},
        {"create or replace view v as select id from t where name in ('a', 'c')",
         // Since 16 without the names of tables if there is only one.
         both(Cluster::shared().major() < 16
                  ? "CREATE VIEW public.v AS SELECT t.id FROM public.t WHERE ((t.name)::text =…"
                  : "CREATE VIEW public.v AS SELECT id FROM public.t WHERE ((name)::text = ANY…")},
    };
    for (const auto& [change, found] : cases) {
        INFO(change);
        const TestDatabase copy;
        copy.psql(k_shop + change);
        CHECK(findings(pg::compare_outlines(outline_of(dump), outline_of(dump_of(copy)),
                                            ComparedText::statements)) == found);
    }
}
