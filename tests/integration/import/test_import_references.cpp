// Rows of another database refer to others that have other numbers here: they follow, or are named.

#include "support/catch.hpp"
#include "support/scene/import_scene.hpp"

using namespace dbbackup::test;

namespace {

nlohmann::json import_into(const ImportScene& scene, const TestDatabase& database,
                           std::vector<std::string> words, int exit_code = 0) {
    words.insert(words.begin(), {"--mode", "add", "--json"});
    const ProgramResult result = scene.import_into(database, words);
    INFO(result.err << result.out);
    REQUIRE(result.exit_code == exit_code);
    return nlohmann::json::parse(result.out);
}

} // namespace

TEST_CASE("what a reference refers to may itself be a number that follows") {
    // Of the two foreign keys, the one that must follow second comes first.
    const std::string tables =
        "create table p (id serial primary key, email text not null unique);"
        "create table t (name text primary key, p_id int unique, twin int);"
        "alter table t add constraint a foreign key (twin) references t (p_id), "
        "add constraint b foreign key (p_id) references p;";
    const ImportScene scene{tables + "insert into p (email) values ('x@a'), ('y@a');"
                                     "insert into t values ('x', 1, 2), ('y', 2, 1)"};
    const TestDatabase other;
    other.psql(tables + "insert into p (email) values ('y@a'), ('x@a')");
    (void)import_into(scene, other, {"--key", "p=email"});
    CHECK(other.psql("select t.name, p.email, twin.name from t join p on p.id = t.p_id join t twin "
                     "on twin.p_id = t.twin order by 1") == "x|x@a|y\ny|y@a|x");
}

TEST_CASE("a key may have a number that follows another one, if that is known by then") {
    const std::string tables = "create table p (id serial primary key, email text not null unique);"
                               "create table t (name text primary key, p_id int unique);"
                               "create table u (p_id int primary key references t (p_id));";
    const std::string last = "alter table t add foreign key (p_id) references p;";
    const ImportScene scene{tables + last +
                            "insert into p (email) values ('x@a'), ('y@a'); insert into t values "
                            "('x', 1), ('y', 2); insert into u values (1), (2)"};
    const TestDatabase other;
    other.psql(tables + last +
               "insert into p (email) values ('y@a'), ('x@a'); insert into t values ('y', 1); "
               "insert into u values (1)");
    SECTION("it is") {
        const auto report = import_into(scene, other, {"--key", "p=email"});
        CHECK(counts_of(report, "u") == "1/0/1/0/0/0");
    }
    SECTION("it is not: a circle") {
        other.psql("alter table p add first int references u");
        const ProgramResult result =
            scene.import_into(other, {"--mode", "add", "--key", "p=email"});
        INFO(result.err << result.out);
        CHECK(result.exit_code == 5);
        CHECK((result.out + result.err).find("whose numbers are not known before") !=
              std::string::npos);
    }
}

TEST_CASE("a reference whose parent has NULL there now is a conflict, and does not become NULL") {
    const std::string tables =
        "create table p (id serial primary key, email text not null unique, code text unique);"
        "create table c (name text primary key, p_code text references p (code));";
    const ImportScene scene{tables + "insert into p (email, code) values ('x@a', 'X'), ('y@a', "
                                     "'Y'); insert into c values ('x', 'X'), ('y', 'Y'), ('z', "
                                     "null)"};
    const TestDatabase other;
    other.psql(tables + "insert into p (email) values ('x@a')");
    const auto report = import_into(scene, other, {"--key", "p=email", "--skip-conflicts"});
    CHECK(counts_of(report, "c") == "2/0/0/0/0/1");
    CHECK(report.at("conflicts").at(0).at("reason") ==
          "c_p_code_fkey: the row of public.p has NULL in (code) in the database");
    CHECK(other.psql("select name from c order by 1") == "y\nz");
    // What is there and left alone is none.
    other.psql("insert into c values ('x', null)");
    CHECK(counts_of(import_into(scene, other, {"--key", "p=email"}), "c") == "0/0/3/0/0/0");
}
