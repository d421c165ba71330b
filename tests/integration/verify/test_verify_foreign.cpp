// Dumps without a manifest, dumps of other programs, and files that cannot be read: what is damaged
// (3), and what could not be verified (1).

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/dumps/sample_dump.hpp"
#include "support/scene/shop_restore.hpp"
#include "support/server/cluster.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace dbbackup;
using namespace dbbackup::test;

namespace {

constexpr int k_good = 0;
constexpr int k_unverified = 1;
constexpr int k_damaged = 3;

/// A directory for dumps without a manifest, or with a useless one.
struct Shelf {
    TempDir temp;
    std::string sql = sql_of_tables(sample_row(1) + sample_row(2), sample_row(3));

    [[nodiscard]] ProgramResult verify(const std::filesystem::path& path,
                                       std::vector<std::string> arguments = {}) const {
        arguments.insert(arguments.begin(), {"verify", path.string()});
        return run_dbbackup(arguments, {.directory = temp.path()});
    }

    /// Verifies `content` as a dump without a manifest, with this name.
    void check(const std::string& name, std::string_view content, int exit_code,
               const std::string& words) const {
        write_file(temp / name, content);
        check(name, exit_code, words);
    }

    void check(const std::string& name, int exit_code, const std::string& words) const {
        INFO(name << " should say: " << words);
        const ProgramResult result = verify(temp / name);
        CAPTURE(result.out, result.err);
        CHECK(result.exit_code == exit_code);
        const std::string& told = exit_code == k_good ? result.out : result.err;
        CHECK(told.find(words) != std::string::npos);
        CHECK(told.find(name) != std::string::npos);
    }
};

std::string output_of(const std::vector<std::string>& words, const std::string& input) {
    const ProgramResult result = run_program(words, {.input = input});
    REQUIRE(result.exit_code == 0);
    return result.out;
}

/// An archive of a table `item` with three rows.
std::string archive(const std::vector<std::string>& more = {}) {
    const TestDatabase database;
    database.psql("create table item (id int); insert into item select generate_series(1, 3)");
    std::vector<std::string> arguments{"-Fc"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto made = Cluster::shared().client("pg_dump", database.name(), arguments);
    REQUIRE(made.exit_code == 0);
    return made.out;
}

} // namespace

TEST_CASE("a dump without a manifest is read, and the report says what could not be compared") {
    const Shelf shelf;
    for (const auto& [name, tool] : std::vector<std::pair<std::string, std::string>>{
             {"a.sql", "/bin/cat"}, {"a.sql.gz", "/bin/gzip"}, {"a.sql.zst", "/usr/bin/zstd"}}) {
        write_file(shelf.temp / name, output_of({tool}, shelf.sql));
        const ProgramResult result = shelf.verify(shelf.temp / name);
        INFO(name << result.err);
        CHECK(result.exit_code == k_good);
        CHECK(result.err.empty());
        CHECK(result.out.starts_with(name + ": readable, no manifest\n"));
        CHECK(result.out.find("3 rows in 3 tables\n") != std::string::npos);
        CHECK(result.out.find("not checked: it has no manifest") != std::string::npos);
    }
    shelf.check("a.dump", archive(), k_good, "3 rows in 1 table");
    CHECK(names_in(shelf.temp.path()).size() == 4); // nothing was written
}

TEST_CASE("damage that can be found without a manifest") {
    const Shelf shelf;
    const std::string& sql = shelf.sql;
    const std::string zipped = output_of({"/bin/gzip"}, sql);
    const std::string packed = output_of({"/usr/bin/zstd"}, sql);
    shelf.check("cut.sql", sql.substr(0, sql.size() / 2), k_damaged, "is damaged");
    shelf.check("rows.sql", sql.substr(0, sql.find(sample_row(2)) + 5), k_damaged,
                "it ends inside the rows of public.first, at about row 2 of public.first");
    shelf.check("end.sql", sql.substr(0, sql.find("--\n-- PostgreSQL database dump complete")),
                k_damaged, "incomplete");
    shelf.check("cut.sql.gz", zipped.substr(0, zipped.size() - 1), k_damaged,
                "gzip member 1 at offset 0 is damaged: the file ends within it");
    shelf.check("zeros.sql.gz", zipped + std::string(512, '\0'), k_damaged,
                fmt::format("gzip member 2 at offset {} is damaged", zipped.size()));
    shelf.check("tail.sql.gz", zipped + "tail", k_damaged, "gzip member 2");
    shelf.check("twice.sql.gz", zipped + zipped, k_damaged, "psql command '\\restrict'");
    shelf.check("cut.sql.zst", packed.substr(0, packed.size() - 1), k_damaged, "zstd frame 1");
    shelf.check("tail.sql.zst", packed + "tail", k_damaged, "zstd frame 2");
    shelf.check("nul.sql", replaced(sql, "customer", std::string(1, '\0')), k_damaged, "NUL byte");
    const std::string whole = archive();
    shelf.check("cut.dump", std::string_view{whole}.substr(0, whole.size() / 2), k_damaged,
                "pg_restore");
    shelf.check("head.dump", std::string_view{whole}.substr(0, 5), k_damaged, "pg_restore");
}

TEST_CASE("a file without any mark of pg_dump is not a dump, and is never called damaged") {
    const Shelf shelf;
    const auto check = [&shelf](const std::string& name, std::string_view content,
                                const std::string& words) {
        shelf.check(name, content, k_unverified, "is not a dump");
        shelf.check(name, content, k_unverified, words);
        INFO(name);
        CHECK(shelf.verify(shelf.temp / name).err.find("damaged") == std::string::npos);
    };
    const std::string by_hand = "CREATE TABLE t (a int);\nINSERT INTO t VALUES (1);\n";
    const std::string options = "psql -X -v ON_ERROR_STOP=1 --single-transaction -f ";
    const std::string target = " \"${DATABASE_URL:?}\"";
    const std::string path = (shelf.temp / "it.sql").string();
    check("it.sql", by_hand, options + path + target);
    check("it.sql", by_hand, "which can also run shell commands");
    check("my own.sql", by_hand, options + "'" + (shelf.temp / "my own.sql").string() + "'");
    check("it.sql", output_of({"/bin/gzip"}, by_hand),
          "gunzip -c " + path + " | " + options + "-" + target);
    check("it.sql", output_of({"/usr/bin/zstd"}, by_hand),
          "zstd -dc " + path + " | " + options + "-" + target);
    check("letter.sql", "Dear Sir or Madam\n", "nothing in it was written by pg_dump");
    check("command.sql", "\\! true\n", "nothing in it was written by pg_dump");
    check("cut.sql", shelf.sql.substr(0, 20), "nothing in it was written by pg_dump");
    check("empty.sql", "", "it is empty");
    check("empty.dump", "", "it is empty");
    check("nothing.sql.gz", output_of({"/bin/gzip"}, ""), "it is empty");
    check("noise.sql",
          std::string_view{"\x7f"
                           "ELF\0\0 and so on",
                           16},
          "neither SQL nor an archive");
    check("mysql.sql", "-- MySQL dump 10.13  Distrib 8.0.36\n--\nCREATE TABLE `t` (`a` int);\n",
          "MySQL or MariaDB");
    check("maria.sql", "/*M!999999\\- enable the sandbox mode */\n-- MariaDB dump 10.19\n",
          "MySQL or MariaDB");
    write_file(shelf.temp / "whole", archive());
    check("list.txt",
          run_program({(Cluster::shared().bin_dir() / "pg_restore").string(), "--list",
                       (shelf.temp / "whole").string()})
              .out,
          "list of what an archive holds");
}

TEST_CASE("other content with a manifest, our file name or a mark of pg_dump is a damaged dump") {
    const Shelf shelf;
    const std::string text = "Dear Sir or Madam\n";
    shelf.check("shop_2026-11-20T11-55-02-118Z.sql", text, k_damaged, "is damaged");
    for (const std::string mark :
         {"-- PostgreSQL database dump", "-- Dumped by pg_dump version 15.4", "\\restrict abc",
          "SET statement_timeout = 0;", "SELECT pg_catalog.set_config('search_path', '', false);",
          "-- Data for Name: t; Type: TABLE DATA; Schema: public; Owner: -"}) {
        INFO(mark);
        // Far from the beginning too, and across two blocks read at once.
        for (const std::size_t size : {0U, 1'000'000U, (1U << 20U) - 10U}) {
            shelf.check("it.sql", std::string(size, ' ') + mark + "\n", k_damaged, "it.sql");
        }
    }
    const auto path = write_sample_dump(shelf.temp.path(), "known.sql", shelf.sql);
    write_file(path, text);
    shelf.check("known.sql", k_damaged, "is damaged");
    write_file(manifest_path(path), "no manifest");
    shelf.check("known.sql", k_damaged, "is damaged");
}

TEST_CASE("dumps that no restore may run are damaged, and the file is named") {
    const Shelf shelf;
    const TestDatabase database;
    const Cluster& cluster = Cluster::shared();
    const auto created = cluster.client("pg_dump", database.name(), {"-C"});
    shelf.check("created.sql", created.out, k_damaged, "changes roles, databases");
    const auto all = cluster.client("pg_dumpall", "postgres", {"--globals-only"});
    if (all.exit_code != 0 && cluster.server_bin_dir() != cluster.bin_dir()) {
        WARN("left out, as this pg_dumpall does not run here: " << all.err);
    } else {
        shelf.check("globals.sql", all.out, k_unverified,
                    "is not a dump of one database: it is one of a whole server");
        shelf.check("globals.sql", k_unverified,
                    "psql -X -f " + (shelf.temp / "globals.sql").string());
    }
    shelf.check("command.sql", replaced(shelf.sql, "CREATE TABLE", "\\! true\nCREATE TABLE"),
                k_damaged, "psql command");
    const auto path = write_sample_dump(shelf.temp.path(), "known.sql", shelf.sql);
    write_file(path, replaced(shelf.sql, "CREATE TABLE", "\\! true\nCREATE TABLE"));
    shelf.check("known.sql", k_damaged, "bytes, its manifest says"); // which says more
}

TEST_CASE("files in other programs' formats could not be verified, and a hint says why") {
    const Shelf shelf;
    write_file(shelf.temp / "x", shelf.sql);
    const std::string tar =
        output_of({"/bin/tar", "-C", shelf.temp.path().string(), "-cf", "-", "x"}, "");
    shelf.check("a.sql", tar, k_unverified, "tar");
    shelf.check("xz.sql",
                std::string{"\xFD"
                            "7zXZ\0 and so on",
                            16},
                k_unverified, "with xz -dk");
    shelf.check("bz.sql", "BZh91AY and so on", k_unverified, "with bzip2 -dk");
    shelf.check("lz.sql", "\x04\x22\x4D\x18 and so on", k_unverified, "with lz4 -dk");
    shelf.check("zip.sql", "PK\x03\x04 and so on", k_unverified, "zip file");
    const TestDatabase database;
    const std::string directory = (shelf.temp / "directory").string();
    REQUIRE(
        Cluster::shared().client("pg_dump", database.name(), {"-Fd", "-f", directory}).exit_code ==
        0);
    shelf.check("directory", k_unverified, "pg_restore restores such a directory");
    shelf.check("directory/toc.dat", k_unverified, "Restore that directory with pg_restore");
    shelf.check("a.dump.gz", output_of({"/bin/gzip"}, archive()), k_unverified,
                "decompress it first");
    shelf.check("archive.zst", output_of({"/usr/bin/zstd"}, archive()), k_unverified,
                "decompress it first");
    // According to its manifest it was another file.
    const auto path = write_sample_dump(shelf.temp.path(), "known.sql.gz", shelf.sql);
    for (const std::string& content : {tar, output_of({"/bin/gzip"}, archive())}) {
        write_file(path, content);
        shelf.check("known.sql.gz", k_damaged, "bytes, its manifest says");
    }
}

TEST_CASE("anything but a readable file could not be verified") {
    const Shelf shelf;
    std::filesystem::create_directory(shelf.temp / "directory.sql");
    shelf.check("directory.sql", k_unverified, "there is no dump");
    REQUIRE(::mkfifo((shelf.temp / "fifo.sql").c_str(), 0600) == 0);
    shelf.check("fifo.sql", k_unverified, "there is no dump");
    shelf.check("gone.sql", k_unverified, "there is no dump");
    std::filesystem::create_symlink("nowhere.sql", shelf.temp / "dangling.sql");
    shelf.check("dangling.sql", k_unverified, "there is no dump");
    CHECK(shelf.verify("/nonexistent/a.sql").exit_code == k_unverified);
    CHECK(shelf.verify("/dev/null").exit_code == k_unverified);
    CHECK(shelf.verify("a.sql", {"--dir", "/nonexistent"}).exit_code == k_unverified);
}

TEST_CASE("a file that this user cannot read could not be verified") {
    const Shelf shelf;
    const auto path = write_sample_dump(shelf.temp.path(), "a.sql", shelf.sql);
    const auto run = [&] {
        return run_program(as_owner_of(Cluster::shared().socket_directory(),
                                       {dbbackup_path(), "verify", path.string()}));
    };
    ::chmod(shelf.temp.path().c_str(), 0755);
    ::chmod(path.c_str(), 0);
    ::chmod(manifest_path(path).c_str(), 0644);
    ProgramResult result = run();
    INFO(result.err);
    CHECK(result.exit_code == k_unverified);
    CHECK(result.err.find("Permission denied") != std::string::npos);

    ::chmod(path.c_str(), 0644);
    ::chmod(manifest_path(path).c_str(), 0);
    result = run();
    INFO(result.err);
    CHECK(result.exit_code == k_unverified);
    CHECK(result.err.find("a.sql.json") != std::string::npos);

    write_file(path, shelf.sql.substr(0, 500)); // which is worse
    CHECK(run().exit_code == k_damaged);
}

TEST_CASE("manifests that cannot be read") {
    const Shelf shelf;
    const auto path = write_sample_dump(shelf.temp.path(), "a.sql.gz", shelf.sql);
    const std::string manifest = read_file(manifest_path(path));
    for (const std::string& garbage :
         {std::string{}, std::string{"{}"}, std::string{"[]"}, manifest.substr(0, 400),
          std::string(100, '\0'), replaced(manifest, "sha256", "sha255")}) {
        write_file(manifest_path(path), garbage);
        shelf.check("a.sql.gz", k_damaged, "the manifest 'a.sql.gz.json' cannot be read");
    }
    const std::string later = replaced(manifest, "\"1.4\"", "\"3.0\"");
    write_file(manifest_path(path), later);
    shelf.check("a.sql.gz", k_unverified, "its format version is 3.0");
    CHECK(read_file(manifest_path(path)) == later);
    write_file(manifest_path(path), replaced(manifest, "\"1.4\"", "\"1.9\""));
    shelf.check("a.sql.gz", k_good, "all as its manifest says");

    // A damaged dump is damaged under any manifest.
    write_file(path, read_file(path).substr(0, 200));
    write_file(manifest_path(path), later);
    shelf.check("a.sql.gz", k_damaged, "gzip member 1");
    const auto result = shelf.verify(path);
    CHECK(result.out.find("not checked: its manifest could not be read") != std::string::npos);
}

TEST_CASE("running out of memory is not damage, unless the file differs from its manifest") {
    if (dbbackup_is_sanitized()) {
        return;
    }
    const Shelf shelf;
    const auto path = write_sample_dump(shelf.temp.path(), "a.sql.zst", shelf.sql);
    const auto verify_in_little_memory = [&path] {
        return run_program({"/bin/bash", "-c", "ulimit -s 512 -v 120000; exec \"$0\" verify \"$1\"",
                            dbbackup_path(), path.string()});
    };
    // Its window needs 128 MiB.
    const std::string wide = output_of({"/usr/bin/zstd", "--ultra", "-22", "--long=27"}, shelf.sql);
    write_file(path, wide);
    const ProgramResult known = verify_in_little_memory();
    INFO(known.err);
    CHECK(known.exit_code == k_damaged);
    std::filesystem::remove(manifest_path(path));
    const ProgramResult unknown = verify_in_little_memory();
    INFO(unknown.err);
    CHECK(unknown.exit_code == k_unverified);
    CHECK(unknown.err.find("memory") != std::string::npos);
}
