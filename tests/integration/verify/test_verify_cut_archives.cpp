// Archives whose end is missing. Without a manifest, only the archive itself says so.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/program/fake_tools.hpp"
#include "support/server/cluster.hpp"
#include "support/temp_dir.hpp"

#include <dbbackup/base/bytes.hpp>
#include <dbbackup/pg/archive_ending.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <random>
#include <sstream>

using namespace dbbackup;
using namespace dbbackup::test;

namespace {

constexpr int k_damaged = 3;

/// A database with tables of several sizes, an empty one among them.
void fill(const TestDatabase& database) {
    database.psql(
        "create table big as select g as id, md5(g::text) as noise from "
        "generate_series(1, 20000) g; create table empty (id int); create table small (id "
        "serial primary key, text text); insert into small (text) select 'x' from "
        "generate_series(1, 3); create materialized view seen as select 1 as one");
}

std::string archive_of(const TestDatabase& database, const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"-Fc"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Cluster::shared().client("pg_dump", database.name(), arguments).out;
}

/// The same with its table of offsets: pg_dump's output must be a file for that.
std::string seekable_archive_of(const TestDatabase& database, std::vector<std::string> more) {
    const TempDir temp;
    more.insert(more.end(), {"-f", (temp / "a.dump").string()});
    (void)archive_of(database, more);
    return std::filesystem::exists(temp / "a.dump") ? read_file(temp / "a.dump") : "";
}

/// What is missing of `archive`, read in pieces of this size.
std::string missing(std::string_view archive, std::size_t piece) {
    pg::ArchiveEnding ending;
    while (!archive.empty()) {
        ending.observe(base::as_bytes(archive.substr(0, piece)));
        archive.remove_prefix(std::min(piece, archive.size()));
    }
    return ending.incompleteness();
}

void check_each_cut(const std::string& archive, bool is_seekable) {
    REQUIRE(archive.size() > 300);
    for (const std::size_t piece : {std::size_t{1} << 20U, std::size_t{4096}, std::size_t{7}}) {
        CHECK(missing(archive, piece) == "");
        CHECK(missing(archive + "and more", piece) == "");
    }
    std::mt19937 random{4711};
    for (std::size_t cut = 1; cut <= 400; ++cut) {
        const std::size_t left =
            cut <= 200 ? archive.size() - cut : 20 + random() % (archive.size() - 20);
        INFO(left << " of " << archive.size() << " bytes");
        const std::string found = missing(std::string_view{archive}.substr(0, left), 1U << 20U);
        // Before a second table of contents: all is there, as pg_dump writes it to a pipe.
        const bool lacks_only_copy =
            left == archive.size() - pg::read_archive_contents(archive)->second_table_size;
        if (!lacks_only_copy || is_seekable) {
            REQUIRE(found != "");
        }
    }
}

} // namespace

TEST_CASE("an archive of any kind that lacks even its last byte is known to be incomplete") {
    const TestDatabase database;
    fill(database);
    using Ways = std::vector<std::vector<std::string>>;
    int kinds = 0;
    const auto check_ways = [&](const Ways& ways) {
        for (const auto& more : ways) {
            for (const bool is_seekable : {false, true}) {
                const std::string archive =
                    is_seekable ? seekable_archive_of(database, more) : archive_of(database, more);
                if (!archive.empty()) { // this pg_dump does that
                    INFO("options " << (more.empty() ? "" : more.back()) << ", " << is_seekable);
                    check_each_cut(archive, is_seekable);
                    ++kinds;
                }
            }
        }
    };
    check_ways({{},
                {"-Z0"},
                {"-Zlz4"},
                {"-Zzstd"},
                {"-s"},
                {"-a"},
                {"--section=pre-data"},
                {"--exclude-table-data=big"},
                {"-t", "empty"},
                {"--inserts"},
                {"--statistics"}});
    database.psql("select lo_from_bytea(0, decode(repeat('ab', 9000), 'hex')) from "
                  "generate_series(1, 3); select lo_create(0)");
    check_ways({{}, {"-Z0"}, {"-s"}});
    CHECK(kinds >= 22);
}

TEST_CASE(
    "dbbackup's archives have the offsets that --jobs needs, as pg_dump writes them to a file") {
    const TestDatabase database;
    fill(database);
    const TempDir temp;
    const TakenDump taken = take_dump(database.url(), temp / "dumps", {"-F", "custom"});
    CHECK(read_file(taken.path).size() == seekable_archive_of(database, {}).size());
    // pg_dump 17 and later only appends to its stdout.
    FakeTools tools{temp.path()};
    tools.use_real("pg_restore");
    tools.make("pg_dump", fmt::format("exec {} \"$@\" > /dev/null\n", FakeTools::real("pg_dump")));
    const TakenDump fake =
        take_dump(database.url(), temp / "dumps", {"-F", "custom", "--bin-dir", tools.directory()});
    CHECK(read_file(fake.path).size() == read_file(taken.path).size());
}

TEST_CASE("no cut archive passes verify or is restored, whatever pg_restore thinks of it") {
    const TestDatabase database;
    fill(database);
    const TempDir temp;
    const std::string archive = seekable_archive_of(database, {});
    write_file(temp / "whole.dump", archive);
    const std::string pg_restore = (Cluster::shared().bin_dir() / "pg_restore").string();
    FakeTools tools{temp.path()};
    tools.use_real("pg_dump");
    // One that does not mind, as if it had read everything.
    tools.make("pg_restore", fmt::format("exec '{}' --file=- '{}'\n", pg_restore,
                                         (temp / "whole.dump").string()));
    const auto check = [&](const std::string& path, const std::vector<std::string>& more) {
        for (std::vector<std::string> words : {std::vector<std::string>{"verify", path},
                                               {"restore", path, "--clean", "--confirm",
                                                database.name(), "--url", database.url()}}) {
            words.insert(words.end(), more.begin(), more.end());
            const ProgramResult result = run_dbbackup(words);
            INFO(result.err);
            CHECK(result.exit_code == k_damaged);
            CHECK(result.err.find("is damaged: ") != std::string::npos);
        }
    };
    CHECK(run_dbbackup({"verify", (temp / "whole.dump").string(), "--bin-dir", tools.directory()})
              .exit_code == 0);
    for (const std::size_t cut : {std::size_t{1}, std::size_t{5}, archive.size() / 2}) {
        const std::string path = temp / "cut.dump";
        write_file(path, archive.substr(0, archive.size() - cut));
        check(path, {});
        check(path, {"--bin-dir", tools.directory()});
    }
}
