// What people import for: logs by date, photos by hash, what somebody watched, many counters, an
// older export, tables that refer to each other.

#include "support/catch.hpp"
#include "support/scene/import_scene.hpp"

#include <fmt/format.h>

using namespace dbbackup::test;

namespace {

ProgramResult run_in(const ImportScene& scene, const TestDatabase& database,
                     std::vector<std::string> words) {
    words.insert(words.begin(), dbbackup_path());
    words.insert(words.end(), {"--dir", scene.dumps()});
    return run_program(
        words, {.environment = {{"DATABASE_URL", database.url()}}, .directory = scene.temp()});
}

void require_good(const ProgramResult& result) {
    INFO(result.err << result.out);
    REQUIRE(result.exit_code == 0);
}

} // namespace

TEST_CASE("two diaries become one: of each day the later entry", "[matrix]") {
    const std::string table = "create table log (day date primary key, weight numeric(5, 2), note "
                              "text, updated_at timestamptz not null);";
    const ImportScene phone{
        table + "insert into log select date '2026-11-01' + g, 80 - g * 0.1, 'phone ' || g, "
                "timestamptz '2026-11-01 20:00+00' + g * interval '1 day' + case when g % 2 = 0 "
                "then interval '1 hour' else '0' end from generate_series(0, 19) g"};
    const TestDatabase desk;
    desk.psql(table +
              "insert into log select date '2026-11-01' + g, 70, 'desk ' || g, timestamptz "
              "'2026-11-01 20:30+00' + g * interval '1 day' from generate_series(10, 29) g");
    const std::vector<std::string> merge{"--mode",    "merge",     "--newer-by",      "updated_at",
                                         "--confirm", desk.name(), "--no-safety-dump"};
    require_good(phone.import_into(desk, merge));
    CHECK(desk.psql("select count(*), count(*) filter (where note like 'phone%') from log") ==
          "30|15"); // 0 to 9, and of the others the even ones
    CHECK(desk.psql("select count(*) from log where (note like 'phone%') <> (day < '2026-11-11' or "
                    "(day - date '2026-11-01') % 2 = 0 and day < '2026-11-21')") == "0");
    const std::string once = ImportScene::content_of(desk);
    require_good(phone.import_into(desk, merge));
    CHECK(ImportScene::content_of(desk) == once);
}

TEST_CASE("photos come once, whatever number they have", "[matrix]") {
    const std::string tables =
        "create table photo (id serial primary key, hash text not null unique, taken date);"
        "create table tag (photo_id int references photo, word text, primary key (photo_id, "
        "word));";
    const ImportScene card{tables + "insert into photo (hash, taken) select md5(g::text), "
                                    "'2026-01-01' from generate_series(1, 50) g;"
                                    "insert into tag select id, 'w' || id % 3 from photo"};
    const TestDatabase library;
    library.psql(tables + "insert into photo (hash, taken) select md5(g::text), '2026-02-02' from "
                          "generate_series(100, 31, -1) g; insert into tag select id, 'mine' from "
                          "photo");
    const std::vector<std::string> add{"--mode", "add", "--key", "photo=hash"};
    require_good(card.import_into(library, add));
    CHECK(library.psql("select count(*), count(distinct hash), max(id) from photo") ==
          "100|100|100");
    CHECK(library.psql("select count(*) from photo where taken = '2026-02-02'") == "70");
    CHECK(library.psql("select count(*) from tag t join photo p on p.id = t.photo_id, "
                       "generate_series(1, 50) g where p.hash = md5(g::text) and t.word = 'w' || g "
                       "% 3") == "50");
    CHECK(library.psql("select count(*) from tag where word = 'mine'") == "70");
    const std::string once = ImportScene::content_of(library);
    require_good(card.import_into(library, add));
    CHECK(ImportScene::content_of(library) == once);
}

TEST_CASE("what people watched finds its people and films, which have other numbers", "[matrix]") {
    const std::string tables =
        "create table person (id serial primary key, email text not null unique);"
        "create table film (id serial primary key, title text not null, year int not null, unique "
        "(title, year));";
    const std::string watched = "create table watched (person_id int not null REF, film_id int not "
                                "null, seen date, primary key (person_id, film_id));";
    const bool has_foreign_keys = GENERATE(true, false);
    std::string made = tables + watched;
    made.replace(made.find("REF"), 3, has_foreign_keys ? "references person" : "");
    if (has_foreign_keys) {
        made += "alter table watched add foreign key (film_id) references film;";
    }
    const ImportScene old{made +
                          "insert into person (email) select 'p' || g from generate_series(1, 9) g;"
                          "insert into film (title, year) select 'f' || g % 5, 2000 + g from "
                          "generate_series(1, 20) g; insert into watched select p.id, f.id, "
                          "'2026-01-01' from person p, film f where (p.id + f.id) % 3 = 0"};
    const TestDatabase now;
    now.psql(made + "insert into person (email) select 'p' || g from generate_series(12, 5, -1) g;"
                    "insert into film (title, year) select 'f' || g % 5, 2000 + g from "
                    "generate_series(30, 15, -1) g; insert into watched values (1, 1, "
                    "'2026-11-11')");
    std::vector<std::string> add{"--mode",       "add",   "--key",
                                 "person=email", "--key", "film=title,year"};
    if (!has_foreign_keys) {
        const auto refused = old.import_into(now, add);
        CHECK(refused.exit_code == 5);
        CHECK(refused.err.find("looks like a reference") != std::string::npos);
        add.insert(add.end(), {"--map", old.map("[table.watched]\nref = { person_id = "
                                                "\"person.id\", film_id = \"film.id\" }")});
    }
    require_good(old.import_into(now, add));
    const std::string seen =
        "select string_agg(p.email || f.title || f.year, ',' order by 1, p.email, "
        "f.year) from watched w join person p on p.id = w.person_id join film f "
        "on f.id = w.film_id where w.seen = '2026-01-01'";
    CHECK(now.psql(seen) == old.ask(seen));
    CHECK(now.psql("select count(*), count(distinct email) from person") == "12|12");
    CHECK(now.psql("select count(*) from film") == "30");
    CHECK(now.psql("select count(*) from watched where seen = '2026-11-11'") == "1");
    const std::string once = ImportScene::content_of(now);
    require_good(old.import_into(now, add));
    CHECK(ImportScene::content_of(now) == once);
}

TEST_CASE("63 tables of counters come back together") {
    std::string sql;
    std::string loss;
    for (int i = 0; i < 63; ++i) {
        sql +=
            fmt::format("create table counter_{0} (name text primary key, value bigint not null, "
                        "updated_at timestamptz not null); insert into counter_{0} select 'c' || "
                        "g, g * {0}, '2026-01-01' from generate_series(1, 20) g;",
                        i);
        loss += fmt::format("delete from counter_{0} where value % 2 = 0; update counter_{0} set "
                            "value = -1, updated_at = '2025-01-01' where name = 'c1'; update "
                            "counter_{0} set value = 7, updated_at = '2027-01-01' where name = "
                            "'c3';",
                            i);
    }
    ImportScene scene{sql};
    scene.change(loss);
    const auto report = scene.report({"--mode", "merge", "--newer-by", "updated_at", "--confirm",
                                      scene.database().name(), "--no-safety-dump"});
    CHECK(report.at("tables").size() == 63);
    for (int i = 0; i < 63; ++i) {
        CHECK(
            scene.ask(fmt::format("select count(*), sum(value) from counter_{} where name <> 'c3'",
                                  i)) == fmt::format("19|{}", (210 - 3) * i));
        CHECK(scene.ask(fmt::format("select coalesce(max(value), 7) from counter_{} where name = "
                                    "'c3'",
                                    i)) == (i % 2 == 0 ? std::to_string(3 * i) : "7"));
    }
    require_good(scene.import({"--mode", "merge", "--prefer", "source", "--confirm",
                               scene.database().name(), "--no-safety-dump"}));
    for (int i = 0; i < 63; ++i) {
        CHECK(scene.ask(fmt::format("select count(*), sum(value) from counter_{}", i)) ==
              fmt::format("20|{}", 210 * i));
    }
}

TEST_CASE("an export of the first version goes into the schema of the second", "[matrix]") {
    const ImportScene first{
        "create table schema_migrations (version text primary key); insert into schema_migrations "
        "values ('1'); create table users (id serial primary key, name text not null, mail text "
        "not "
        "null unique, role text); create table posts (id serial primary key, user_id int not null "
        "references users, body text, draft bool not null);"
        "insert into users (name, mail, role) select 'Name ' || g, 'u' || g || '@x', case when g = "
        "1 "
        "then 'root' end from generate_series(1, 5) g; insert into posts (user_id, body, draft) "
        "select 1 + g % 5, 'post ' || g, g % 2 = 0 from generate_series(1, 20) g"};
    const TestDatabase second;
    second.psql(
        "create schema app; create type app.role as enum ('admin', 'member'); create table "
        "app.accounts (id bigint generated always as identity primary key, full_name varchar(40) "
        "not "
        "null, email text not null unique, role app.role not null default 'member', locale text "
        "not "
        "null); create table app.articles (id bigint generated always as identity primary key, "
        "account_id bigint not null references app.accounts, text text, created_at timestamptz "
        "default now(), slug text not null unique generated always as (md5(text)) stored);"
        "insert into app.accounts (full_name, email, role, locale) values ('Other', 'o@x', "
        "'admin', "
        "'de'), ('Kept', 'u3@x', 'admin', 'de')");
    require_good(run_in(first, first.database(),
                        {"export", "-T", "schema_migrations", "-o", "v1.export.json.gz"}));
    const std::string map = first.map(
        "schema-version = \"1\"\n"
        "[table.users]\nrename = \"app.accounts\"\ncolumns = { name = \"full_name\", mail = "
        "\"email\" }\nfill = { locale = \"en\" }\nvalue.role = { root = \"admin\" }\nkey = "
        "[\"email\"]\n"
        "[table.posts]\nrename = \"app.articles\"\ncolumns = { user_id = \"account_id\", body = "
        "\"text\" }\nignore = [\"draft\"]\nkey = [\"text\"]\n");
    const std::vector<std::string> import{"import", "./v1.export.json.gz", "--mode", "add", "--map",
                                          map};
    // A NULL of the source is a NULL, not the default.
    const auto refused = run_in(first, second, import);
    INFO(refused.out << refused.err);
    CHECK(refused.exit_code == 5);
    CHECK(refused.out.find("role is NULL, which the database does not allow") != std::string::npos);
    second.psql("alter table app.accounts alter role drop not null");
    require_good(run_in(first, second, import));
    CHECK(second.psql("select count(*), count(*) filter (where locale = 'en'), count(*) filter "
                      "(where role = 'admin') from app.accounts") == "6|4|3");
    CHECK(second.psql("select full_name, id from app.accounts where email = 'u3@x'") == "Kept|2");
    CHECK(second.psql("select count(*), count(slug) from app.articles") == "20|20");
    CHECK(second.psql("select count(*) from app.articles a join app.accounts c on c.id = "
                      "a.account_id, generate_series(1, 20) g where a.text = 'post ' || g and "
                      "c.email = 'u' || 1 + g % 5 || '@x'") == "20");
    const std::string once = ImportScene::content_of(second);
    require_good(run_in(first, second, import));
    CHECK(ImportScene::content_of(second) == once);
}

TEST_CASE("tables are replaced in the order of their foreign keys, all or nothing", "[matrix]") {
    ImportScene scene{
        "create table zebra (id int primary key); create table mule (id int primary key, zebra int "
        "not null references zebra); create table ant (id int primary key, mule int not null "
        "references mule, boss int references ant); insert into zebra select generate_series(1, "
        "9); "
        "insert into mule select g, g from generate_series(1, 9) g; insert into ant select g, g, "
        "10 - "
        "g from generate_series(1, 9) g"};
    const std::string before = scene.content();
    const std::vector<std::string> replace{"--mode", "replace", "--confirm",
                                           scene.database().name(), "--no-safety-dump"};
    scene.change(
        "delete from ant; delete from mule; delete from zebra; insert into zebra select "
        "generate_series(5, 50); insert into mule select g, 10 from generate_series(1, 60) g; "
        "insert into ant select g, 60, g from generate_series(1, 5) g");
    require_good(scene.import(replace));
    CHECK(scene.content() == before);
    scene.change("delete from ant; alter table ant add constraint few check (id < 9)");
    const auto refused = scene.import(replace);
    INFO(refused.out << refused.err);
    CHECK(refused.exit_code == 5);
    CHECK(refused.out.find("few") != std::string::npos);
    scene.check_untouched();
}
