#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/scene/restore_scene.hpp"

// What a restore runs of a dump, and what it skips.

using namespace dbbackup::test;

namespace {

constexpr int k_refused = 5;

/// A view that needs a key is in a dump twice: a stand-in, and later CREATE OR REPLACE VIEW, which
/// pg_dump --clean also writes at the very beginning.
const std::string k_source = R"(
create table public.t (id int primary key, name text);
create view public.v as select id, name from public.t group by id;
insert into public.t values (1, 'a'), (2, 'b');
create sequence public.q; select setval('public.q', 9);
)";

class ReplayScene : public RestoreScene {
public:
    ReplayScene() {
        source().psql(k_source);
        remember();
    }

    /// `sql` without the lines that begin with `start`.
    [[nodiscard]] std::filesystem::path without_lines(const std::string& sql,
                                                      const std::string& start) const {
        std::string kept;
        for (std::size_t at = 0; at < sql.size();) {
            const std::size_t end = sql.find('\n', at) + 1;
            if (sql.compare(at, start.size(), start) != 0) {
                kept += sql.substr(at, end - at);
            }
            at = end;
        }
        const auto path = temp() / "changed.sql";
        write_file(path, kept);
        return path;
    }
};

} // namespace

TEST_CASE("a dump without pg_dump's comments is restored in full") {
    ReplayScene scene;
    for (const char* option : {"--no-comments", "--clean"}) {
        const std::string sql = read_file(scene.foreign_dump({option}));
        REQUIRE(sql.find("CREATE OR REPLACE VIEW") != std::string::npos);
        const auto dump = scene.without_lines(sql, "-- Name: ");
        scene.renew_target();
        scene.check_restored(scene.restore(dump));
        scene.check_restored(scene.restore(dump, {"--clean"}));
    }
}

TEST_CASE("rows as INSERTs alone replace the target's rows, and are never added to them") {
    ReplayScene scene;
    const auto dump = scene.foreign_dump({"--data-only", "--inserts"});
    scene.target().psql(k_source + "alter table t drop constraint t_pkey cascade;"
                                   "insert into t values (3, 'c')");
    scene.remember();
    scene.check_failed(scene.restore(dump), k_refused, "rows of table public.t");
    const auto result = scene.restore(dump, {"--clean"});
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK(result.out.find("2 rows") != std::string::npos);
    CHECK(scene.target().psql("select string_agg(name, ',' order by id) from t") == "a,b");
}

TEST_CASE("statements that would reset the lock timeout are skipped, however they are written") {
    ReplayScene scene;
    scene.source().psql(
        "set lock_timeout = '4s';"
        "create function public.tell() returns text language plpgsql as $$ begin if "
        "current_setting('lock_timeout') <> '4s' then raise exception 'lost it'; end if; return "
        "'kept'; end $$;"
        "create materialized view public.told as select public.tell()");
    std::string sql = read_file(scene.foreign_dump({}));
    const std::string tell = "REFRESH MATERIALIZED VIEW public.told;\n";
    sql.insert(sql.find("--\n-- PostgreSQL database dump complete"),
               "SET lock_timeout = 0;\n" + tell + "SET Lock_Timeout TO '0';\n" + tell +
                   "set LOCK_TIMEOUT to default;\n" + tell);
    const auto dump = scene.temp() / "timeout.sql";
    write_file(dump, sql);
    scene.check_restored(scene.restore(dump, {"--lock-timeout", "4s"}));
}
