#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/server/cluster.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

using namespace dbbackup::test;

namespace {

const std::vector<std::vector<std::string>> k_plain_kinds{
    {}, {"-Z", "gzip:1"}, {"-Z", "gzip:9"}, {"-Z", "zstd"}, {"-Z", "zstd:19"}, {"-Z", "none"}};
const std::vector<std::vector<std::string>> k_custom_kinds{
    {"-Fcustom"}, {"-F", "custom", "-Zgzip:1"}, {"--format=c", "--compress=none"}};

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) {
        text += word + " ";
    }
    return text;
}

unsigned mode_of(const std::filesystem::path& path) {
    struct stat status {};

    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777U;
}

/// The standard programs that must accept the file as complete.
void check_by_other_programs(const std::filesystem::path& path) {
    std::vector<std::vector<std::string>> programs;
    if (path.extension() == ".gz") {
        programs = {{"/usr/bin/env", "gzip", "-t"}, {"/usr/bin/env", "pigz", "-t"}};
    } else if (path.extension() == ".zst") {
        programs = {{"/usr/bin/env", "zstd", "-tq"}};
    } else if (path.extension() == ".dump") {
        programs = {{(Cluster::shared().bin_dir() / "pg_restore").string(), "-l"}};
    }
    for (std::vector<std::string>& words : programs) {
        words.push_back(path.string());
        INFO(joined(words));
        const ProgramResult result = run_program(words);
        const bool is_missing = result.exit_code == 127;
        CHECK((is_missing || result.exit_code == 0));
        CHECK((is_missing || result.err.empty()));
    }
}

/// Checks that file and manifest agree, and that nobody else can read them.
void check_file(const TakenDump& taken) {
    const auto& file = taken.manifest.at("file");
    CHECK(file.at("name") == taken.path.filename().string());
    CHECK(file.at("size") == std::filesystem::file_size(taken.path));
    CHECK(file.at("uncompressed_size") == sql_of(taken.path).size());
    const ProgramResult sum = run_program({"/usr/bin/sha256sum", taken.path.string()});
    CHECK(file.at("sha256") == sum.out.substr(0, 64));
    CHECK(mode_of(taken.path) == 0600);
    CHECK(mode_of(taken.path.string() + ".json") == 0600);
    CHECK(mode_of(taken.path.parent_path()) == 0700);
    check_by_other_programs(taken.path);
}

/// Dumps `source` in each of `kinds`: every file is sound, restores to the same database, and its
/// manifest has the same contents.
void check_round_trips(const TestDatabase& source,
                       const std::vector<std::vector<std::string>>& kinds) {
    ::umask(0);
    const TempDir home;
    const std::string expected = Cluster::shared().dump_of(source.name());
    const nlohmann::json rows = rows_by_server(source.name());
    const nlohmann::json contents =
        take_dump(source.url(), home / "reference", {"-Z", "none"}).manifest.at("contents");
    for (const auto& kind : kinds) {
        INFO("dump " << joined(kind));
        const TakenDump taken = take_dump(source.url(), home / "a/new/dir", kind);
        CHECK(taken.err.empty());
        check_file(taken);
        CHECK(rows_by_manifest(taken.manifest) == rows);
        CHECK(taken.manifest.at("contents") == contents);
        const TestDatabase copy;
        restore_by_hand(taken.path, copy.name());
        CHECK(first_difference(Cluster::shared().dump_of(copy.name()), expected).empty());
    }
}

} // namespace

TEST_CASE("the zoo is restored from plain dumps of every compression") {
    const TestDatabase zoo;
    Cluster::shared().load(zoo.name(), data_file("zoo.sql"));
    check_round_trips(zoo, k_plain_kinds);
}

TEST_CASE("the zoo is restored from archives", "[matrix]") {
    const TestDatabase zoo;
    Cluster::shared().load(zoo.name(), data_file("zoo.sql"));
    check_round_trips(zoo, k_custom_kinds);
}

TEST_CASE("a small shop is restored from each format", "[matrix]") {
    const TestDatabase shop;
    Cluster::shared().load(shop.name(), shop_file());
    check_round_trips(shop, {{}, {"-Z", "zstd"}, {"-F", "custom"}});
}

TEST_CASE("an empty database is restored, with no tables in its manifest") {
    const TestDatabase empty;
    check_round_trips(empty, {{}, {"-Z", "none"}, {"-Z", "zstd"}, {"-F", "custom"}});
    const TempDir home;
    const TakenDump taken = take_dump(empty.url(), home.path());
    CHECK(taken.manifest.at("contents").at("tables").empty());
}

TEST_CASE("rows in encodings other than UTF-8 are restored") {
    for (const std::string encoding : {"LATIN1", "SQL_ASCII", "EUC_JP"}) {
        INFO(encoding);
        const auto make = [&encoding](const std::string& name) {
            Cluster::shared().psql("postgres",
                                   fmt::format("drop database {0}; create database {0} template "
                                               "template0 encoding '{1}' locale 'C'",
                                               name, encoding));
        };
        const TestDatabase source;
        make(source.name());
        const std::string bytes = encoding == "EUC_JP" ? "convert_from('\\xc6fccbdc', 'EUC_JP')"
                                                       : "convert_from('\\xe9fc', 'SQL_ASCII')";
        source.psql("create table words (word text); insert into words select " +
                    (encoding == "LATIN1" ? "chr(233) || chr(252)" : bytes));
        const TempDir home;
        const TakenDump taken = take_dump(source.url(), home.path());
        const TestDatabase copy;
        make(copy.name());
        restore_by_hand(taken.path, copy.name());
        CHECK(first_difference(Cluster::shared().dump_of(copy.name()),
                               Cluster::shared().dump_of(source.name()))
                  .empty());
        CHECK(copy.psql("select length(word) from words") == "2");
    }
}

TEST_CASE("the manifest records the locale of the database") {
    const TestDatabase source;
    const std::string name = source.name();
    if (std::stoi(source.psql("show server_version_num")) < 150000) {
        WARN("left out, as only PostgreSQL 15 knows ICU databases");
        return;
    }
    Cluster::shared().psql("postgres",
                           "drop database " + name + "; create database " + name +
                               " template template0 encoding 'UTF8' lc_collate 'C' lc_ctype "
                               "'C.UTF-8' locale_provider icu icu_locale 'de-AT'");
    const TempDir home;
    const auto database = take_dump(source.url(), home.path()).manifest.at("database");
    CHECK(database.at("encoding") == "UTF8");
    CHECK(database.at("locale_provider") == "icu");
    CHECK(database.at("collate") == "C");
    CHECK(database.at("ctype") == "C.UTF-8");
    CHECK(database.at("icu_locale") == "de-AT");
    CHECK_FALSE(database.contains("icu_rules"));
    CHECK_FALSE(database.contains("builtin_locale"));
}

TEST_CASE("the manifest counts large objects, and records what was dumped and with what") {
    const TestDatabase zoo;
    Cluster::shared().load(zoo.name(), data_file("zoo.sql"));
    const TempDir home;
    const TakenDump taken =
        take_dump(zoo.url(), home.path(), {"--label", "Größe \x1b[1m", "--pin", "-Z", "gzip:3"});
    const auto& manifest = taken.manifest;
    CHECK(manifest.at("contents").at("large_objects") == 3);
    CHECK(manifest.at("database").at("name") == zoo.name());
    CHECK(manifest.at("database").at("user") == "postgres");
    CHECK(manifest.at("database").at("host") == Cluster::shared().socket_directory());
    CHECK(manifest.at("database").at("server_version") ==
          Cluster::shared().psql("postgres", "show server_version"));
    CHECK(manifest.at("database").at("size_bytes") > 4'000'000);
    CHECK(manifest.at("format_version") == "1.4");
    CHECK(manifest.at("database").at("encoding") == "UTF8");
    CHECK(manifest.at("database").at("locale_provider") == "libc");
    for (const std::string field : {"collate", "ctype"}) {
        CHECK(manifest.at("database").at(field) ==
              zoo.psql("select dat" + field + " from pg_database where datname = '" + zoo.name() +
                       "'"));
    }
    CHECK_FALSE(manifest.at("database").contains("icu_locale"));
    CHECK(manifest.at("dump").at("format") == "plain");
    CHECK(manifest.at("dump").at("compression") == "gzip:3");
    CHECK(manifest.at("dump").at("label") == "Größe \x1b[1m");
    CHECK(manifest.at("dump").at("started_at") <= manifest.at("dump").at("finished_at"));
    CHECK(manifest.at("pinned") == true);
    CHECK(manifest.at("verifications").empty());
    for (const char* schema : {"public", "zoo", "Zoo \"2\"", "Ünïcödé 名前", "new\nline\x1b[31m"}) {
        const auto& schemas = manifest.at("contents").at("schemas");
        CHECK(std::count(schemas.begin(), schemas.end(), schema) == 1);
    }
}
