#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/scene/restore_scene.hpp"

#include <algorithm>
#include <fmt/format.h>

// Dumps that dbbackup did not write: tests/data/foreign/README.md describes them.

using namespace dbbackup::test;

namespace {

constexpr int k_failed = 1;
constexpr int k_refused = 5;

using Words = std::vector<std::string>;

std::string joined(const Words& words) {
    std::string text;
    for (const std::string& word : words) {
        text += word + " ";
    }
    return text;
}

/// Arguments for pg_dump, and those with which source and target must give the same output.
struct Variation {
    Words words;
    Words same = {};
};

const std::vector<Variation> k_variations{
    {{}},
    {{"--clean"}},
    {{"--clean", "--if-exists"}},
    {{"--inserts"}},
    {{"--column-inserts"}},
    {{"--rows-per-insert=2"}},
    {{"--inserts", "--on-conflict-do-nothing"}},
    {{"--no-owner"}},
    {{"--use-set-session-authorization"}},
    {{"--load-via-partition-root"}},
    {{"--quote-all-identifiers"}},
    {{"--disable-dollar-quoting"}},
    {{"--serializable-deferrable"}},
    {{"--encoding=LATIN1"}},
    {{"--verbose"}},
    {{"--verbose", "--clean", "--if-exists"}},
    {{"--no-privileges"}, {"--no-privileges"}},
    {{"--no-comments"}, {"--no-comments"}},
    {{"--no-blobs"}, {"--no-blobs"}},
    {{"--schema-only"}, {"--schema-only"}},
    {{"--section=pre-data"}, {"--section=pre-data"}},
    {{"--table=customers"}, {"--table=customers"}},
    {{"--schema=public"}, {"--schema=public"}},
    {{"--exclude-table-data=orders", "--exclude-table-data=order_lines"},
     {"--exclude-table-data=orders", "--exclude-table-data=order_lines"}},
    {{"--compress=6"}},
    {{"--format=custom"}},
    {{"--format=custom", "--compress=0"}},
    {{"--format=custom", "--create", "--clean"}},
};

const std::vector<Words> k_data_variations{
    {"--data-only"},
    {"--data-only", "--disable-triggers"},
    {"--data-only", "--inserts"},
    {"--data-only", "--format=custom"},
};

/// A dump by another version of pg_dump.
struct Imitation {
    std::string file;
    int major; ///< of the server that it names; 0 if it names none
};

/// They leave `public` to postgres, or give it privileges of its own.
const std::vector<Imitation> k_with_old_public{{"pg_dump-9.0.sql", 0},
                                               {"pg_dump-9.2.sql", 0},
                                               {"pg_dump-9.6-clean.sql", 9},
                                               {"pg_dump-14.sql", 14}};

const std::vector<Imitation> k_imitations{{"pg_dump-9.6.sql", 9}, {"pg_dump-10.1.sql", 10},
                                          {"pg_dump-10.sql", 10}, {"pg_dump-11.sql", 11},
                                          {"pg_dump-12.sql", 12}, {"pg_dump-13.sql", 13},
                                          {"pg_dump-15.sql", 15}, {"pg_dump-16.sql", 16},
                                          {"pg_dump-17.sql", 17}, {"pg_dump-18.sql", 18}};

/// A real archive, of a server before 15 or of the version named.
struct Archive {
    std::string file;
    int server; ///< major version
    int client; ///< of the pg_dump that made it
};

const std::vector<Archive> k_archives{{"pg_dump-13.dump", 13, 13},
                                      {"pg_dump-15.dump", 15, 15},
                                      {"pg_dump-16.dump", 16, 17},
                                      {"pg_dump-17.dump", 17, 17},
                                      {"pg_dump-18.dump", 18, 18}};

/// pg_restore reads the archives of its own version and of earlier ones; 17's and 18's are alike.
bool can_read(const Archive& archive) {
    constexpr int k_latest_format = 17;
    return Cluster::shared().client_major() >= std::min(archive.client, k_latest_format);
}

int server_major() {
    return std::stoi(Cluster::shared().psql("postgres", "show server_version_num")) / 10000;
}

} // namespace

TEST_CASE("restore: pg_dump's own output is restored, whatever its options") {
    ForeignScene scene;
    for (const Variation& variation : k_variations) {
        INFO("pg_dump " << joined(variation.words));
        scene.renew_target();
        scene.check_restored(scene.restore(scene.foreign_dump(variation.words)), variation.same);
    }
}

TEST_CASE("restore: --clean replaces the old state by pg_dump's own output") {
    for (const Words& words : {Words{}, Words{"--clean"}, Words{"--clean", "--if-exists"},
                               Words{"--inserts"}, Words{"--format=custom"}}) {
        INFO("pg_dump " << joined(words));
        ForeignScene scene;
        load_foreign_source(scene.target());
        scene.target().psql("delete from order_lines; alter table products rename to goods;"
                            "select lo_unlink(60002)");
        const auto dump = scene.foreign_dump(words);
        scene.remember();
        scene.check_failed(scene.restore(dump), k_refused);
        scene.check_restored(scene.restore(dump, {"--clean"}));
    }
}

TEST_CASE("restore: rows alone are restored into existing tables") {
    ForeignScene scene;
    for (const Words& words : k_data_variations) {
        INFO("pg_dump " << joined(words));
        scene.renew_target();
        restore_by_hand(scene.foreign_dump({"--schema-only"}), scene.target().name());
        scene.check_restored(scene.restore(scene.foreign_dump(words)));
    }
}

TEST_CASE("restore: circular views are restored from dumps made with --clean") {
    for (const Words& words : {Words{"--clean"}, Words{"--clean", "--if-exists"}, Words{}}) {
        INFO("pg_dump " << joined(words));
        const ForeignScene scene;
        scene.source().psql(
            "create schema circle; create view circle.a as select 1 as n, 'x'::text as t;"
            "create view circle.b as select * from circle.a;"
            "create or replace view circle.a as select n, t from circle.b;"
            "create view circle.by_key as select c.*, count(*) from customers c group by c.id");
        const auto dump = scene.foreign_dump(words);
        scene.check_restored(scene.restore(dump));
        scene.check_restored(scene.restore(dump, {"--clean"}));
    }
}

TEST_CASE("restore: the zoo is restored from dumps of other shapes") {
    RestoreScene scene;
    Cluster::shared().load(scene.source().name(), data_file("zoo.sql"));
    for (const Words& words :
         {Words{"--clean", "--if-exists"}, Words{"--load-via-partition-root"},
          Words{"--quote-all-identifiers"}, Words{"--disable-dollar-quoting", "--verbose"}}) {
        INFO("pg_dump " << joined(words));
        scene.check_restored(scene.restore(scene.foreign_dump(words), {"--clean"}));
    }
}

TEST_CASE("restore: a dump of a LATIN1 database is restored into a UTF-8 one") {
    const RestoreScene scene;
    Cluster::shared().psql("postgres",
                           fmt::format("drop database {0}; create database {0} template template0 "
                                       "encoding 'LATIN1' locale 'C'",
                                       scene.source().name()));
    load_foreign_source(scene.source());
    scene.check_restored(scene.restore(scene.foreign_dump({})), {"--encoding=UTF8"});
    CHECK(scene.target().psql("select name from customers where id = 2") == "Größe");
}

TEST_CASE("restore: dumps of other versions of pg_dump are restored") {
    ForeignScene scene;
    for (const Imitation& imitation : k_imitations) {
        INFO(imitation.file);
        scene.renew_target();
        const auto dump = data_file("foreign/" + imitation.file);
        if (imitation.major > server_major()) {
            scene.check_failed(scene.restore(dump), k_refused, "--allow-downgrade");
            scene.check_restored(scene.restore(dump, {"--allow-downgrade"}));
        } else {
            scene.check_restored(scene.restore(dump));
        }
    }
}

TEST_CASE("restore: archives of other versions of pg_dump are restored, or change nothing") {
    ForeignScene scene;
    for (const Archive& archive : k_archives) {
        INFO(archive.file);
        scene.renew_target();
        const auto dump = data_file("foreign/" + archive.file);
        if (archive.server > server_major() && can_read(archive)) {
            scene.check_failed(scene.restore(dump), k_refused, "--allow-downgrade");
        }
        const ProgramResult result = scene.restore(dump, {"--allow-downgrade"});
        if (can_read(archive)) {
            scene.check_restored(result);
        } else {
            INFO(result.err);
            CHECK(result.exit_code != 0);
            CHECK(result.err.find("version") != std::string::npos);
            scene.check_untouched();
        }
    }
}

TEST_CASE("restore gives public the privileges that an old dump sets") {
    ForeignScene scene;
    for (const Imitation& imitation : k_with_old_public) {
        if (imitation.major > server_major()) {
            continue;
        }
        INFO(imitation.file);
        scene.renew_target();
        const ProgramResult result = scene.restore(data_file("foreign/" + imitation.file));
        INFO(result.err);
        CHECK(result.exit_code == 0);
        if (server_major() >= 15) { // else this is how initdb makes it
            scene.target().psql("alter schema public owner to pg_database_owner;"
                                "revoke all on schema public from public, postgres;"
                                "grant usage on schema public to public");
        }
        scene.check_restored(result);
    }
}

TEST_CASE("restore changes nothing if the server does not support what an old dump contains") {
    const ForeignScene scene;
    scene.check_failed(scene.restore(data_file("foreign/pg_dump-9.4-oids.sql")), k_failed, "OIDS");
}

TEST_CASE("restore changes nothing if a dump needs objects that it does not contain") {
    const ForeignScene scene;
    scene.check_failed(scene.restore(scene.foreign_dump({"--schema=reports"})), k_failed,
                       "public.customers");
    scene.check_failed(scene.restore(scene.foreign_dump({"--section=post-data"})), k_failed);
    scene.check_failed(scene.restore(scene.foreign_dump({"--data-only"})), k_failed);
}
