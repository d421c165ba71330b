// Rows of exports come back, in every format, and into other databases.

#include "support/catch.hpp"
#include "support/scene/import_scene.hpp"

#include <fmt/format.h>
#include <fstream>

using namespace dbbackup::test;

namespace {

ProgramResult run(const ImportScene& scene, const TestDatabase& database,
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

TEST_CASE("rows of an export come back in every format", "[matrix]") {
    const std::string name = GENERATE("x.export.json", "x.export.json.gz", "x.export.jsonl", "x");
    ImportScene scene{k_accounts};
    std::vector<std::string> words{"export", "-o", name};
    if (name == "x") {
        words.insert(words.end(), {"--format", "csv"});
    }
    require_good(run(scene, scene.database(), words));
    const std::string before = scene.content();
    scene.change("delete from orders; delete from customers where id > 3");
    require_good(run(scene, scene.database(), {"import", "./" + name, "--mode", "add"}));
    CHECK(scene.content() == before);
}

TEST_CASE("values of every kind survive an export and an import", "[matrix]") {
    ImportScene scene{R"(
        create type mood as enum ('a', 'b"c');
        create table t (id int primary key, t text, b bytea, n numeric, f float8, r real, i int8,
                        j json, jb jsonb, a text[], ia int[], ts timestamp, tz timestamptz,
                        iv interval, u uuid, m mood, rg int4range, bo boolean, c char(5), x xml);
        insert into t values
            (1, E'\\N tab\t nl\n cr\r back\\ \u2028 "q"', '\x00ff5c6e', 'NaN', 'Infinity', '-0',
             9223372036854775807, 'null', 'null', '{NULL,"NULL","",a\\b}', '[0:1]={1,2}',
             '2026-01-01 00:00:00.123456', 'infinity', '-1 mon +3 days', gen_random_uuid(), 'b"c',
             '[1,5)', true, 'ab', '<a/>'),
            (2, '', '', 1.00, '-0', 'NaN', -1, '{"a": 1.0}', '{"a": 1.0}', '{}', null, null, null,
             null, null, null, 'empty', false, '', null),
            (3, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
             null, null, null, null, null),
            (4, 'NULL', null, 12345678901234567890.10, 1e-300, 1.1, 0, null, null, null, null,
             '0044-03-15 BC', '0044-03-15 12:00 BC', null, null, null, null, null, null, null))"};
    const std::string before = scene.content();
    for (const std::string format : {"json", "jsonl", "csv"}) {
        INFO(format);
        require_good(
            run(scene, scene.database(), {"export", "-o", "e_" + format, "--format", format}));
        scene.change("delete from t");
        require_good(run(scene, scene.database(), {"import", "./e_" + format, "--mode", "add"}));
        CHECK(scene.content() == before);
        const auto again =
            run(scene, scene.database(),
                {"import", "./e_" + format, "--mode", "merge", "--prefer", "source", "--confirm",
                 scene.database().name(), "--json", "--no-safety-dump"});
        require_good(again);
        CHECK(counts_of(nlohmann::json::parse(again.out), "t") == "0/0/4/0/0/0");
    }
}

TEST_CASE("references by a natural key are looked up in the target") {
    const ImportScene scene{
        "create table film (id serial primary key, title text not null unique);"
        "create table person (id serial primary key, name text not null unique);"
        "create table watched (id serial primary key, person_id int not null references person, "
        "film_id int not null references film, at date not null, unique (person_id, film_id));"
        "insert into film (title) values ('A'), ('B'), ('C');"
        "insert into person (name) values ('p'), ('q');"
        "insert into watched (person_id, film_id, at) values (1, 1, '2026-01-01'), "
        "(1, 3, '2026-01-02'), (2, 2, '2026-01-03')"};
    const TestDatabase other;
    other.psql("create table film (id serial primary key, title text not null unique);"
               "create table person (id serial primary key, name text not null unique);"
               "create table watched (id serial primary key, person_id int not null references "
               "person, film_id int not null references film, at date not null, "
               "unique (person_id, film_id));"
               "insert into film (title) values ('X'), ('C'), ('B'), ('A');"
               "insert into person (name) values ('z'), ('q'), ('p');"
               "insert into watched (person_id, film_id, at) values (3, 4, '2025-01-01')");
    require_good(run(scene, scene.database(),
                     {"export", "-o", "w.export.json", "-t", "watched", "--ref",
                      "watched.person_id=person.name", "--ref", "watched.film_id=film.title"}));
    const std::vector<std::string> words{"import", "./w.export.json", "--mode",
                                         "add",    "--key",           "watched=person_id,film_id"};
    for (int i = 0; i < 2; ++i) { // twice is once
        require_good(run(scene, other, words));
        CHECK(other.psql("select p.name || f.title || w.at from watched w join person p on p.id = "
                         "w.person_id join film f on f.id = w.film_id order by 1") ==
              "pA2025-01-01\npC2026-01-02\nqB2026-01-03");
    }
    other.psql("delete from watched; delete from film where title = 'B'");
    const auto missing = run(scene, other, words);
    CHECK(missing.exit_code == 5);
    CHECK(missing.out.find("public.film has no row with title B") != std::string::npos);
    CHECK(other.psql("select count(*) from watched") == "0");
}

TEST_CASE("a row whose parent is not found by its natural key is a conflict") {
    const std::string film = "create table film (id serial primary key, title text not null unique "
                             "default 'untitled', number int not null unique);";
    const ImportScene scene{film + "create table watched (at date primary key, film_id int "
                                   "references film); insert into film (title, number) values "
                                   "('A', 1), ('B', 2); insert into watched values ('2026-01-01', "
                                   "1), ('2026-01-02', 2), ('2026-01-03', null)"};
    std::vector<std::string> words{"export", "-o", "w.export.json", "--ref",
                                   "watched.film_id=film.title"};
    std::string key;
    SECTION("though the parents are imported, without that key") {
        words.insert(words.end(), {"--exclude-column", "film.title"});
        key = "film=number";
    }
    SECTION("as the parent is a conflict") {
        key = "film=title";
    }
    require_good(run(scene, scene.database(), words));
    const TestDatabase other; // no foreign key holds it
    other.psql(film + "create table watched (at date primary key, film_id int); insert into film "
                      "(title, number) values ('Z', 2), ('A', 9)");
    (void)run(scene, other,
              {"import", "./w.export.json", "--mode", "add", "--key", key, "--skip-conflicts"});
    CHECK(other.psql("select at, title from watched left join film on film.id = film_id order by "
                     "1") == "2026-01-01|A\n2026-01-03|");
}

TEST_CASE("a damaged export is refused before anything changes") {
    ImportScene scene{k_accounts};
    require_good(run(scene, scene.database(), {"export", "-o", "x.export.json"}));
    scene.change("delete from orders");
    const std::filesystem::path path = scene.temp() / "x.export.json";
    std::string text;
    {
        std::ifstream file{path};
        text.assign(std::istreambuf_iterator<char>{file}, {});
    }
    for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
             {"\"total\":\"1.50\"", "\"total\":\"9.50\""}, {"c7@example.com", "c8@example.com"}}) {
        std::string changed = text;
        const auto at = changed.find(from);
        INFO(from);
        REQUIRE(at != std::string::npos);
        changed.replace(at, from.size(), to);
        std::ofstream{path} << changed;
        scene.check_failed(
            run(scene, scene.database(), {"import", "./x.export.json", "--mode", "add"}), 3);
    }
    std::ofstream{path} << text.substr(0, text.size() / 2);
    scene.check_failed(run(scene, scene.database(), {"import", "./x.export.json", "--mode", "add"}),
                       3);
}
