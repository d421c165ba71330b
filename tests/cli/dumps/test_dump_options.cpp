#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/server/cluster.hpp"
#include "support/temp_dir.hpp"

using namespace dbbackup::test;

namespace {

using Words = std::vector<std::string>;

} // namespace

TEST_CASE("options work before and after the command, joined and separate, short and long") {
    const TestDatabase database;
    database.psql("create table a (i integer); create table b (i integer)");
    const TempDir home;
    const std::string dir = home / "dumps";
    const std::string url = database.url();
    for (const Words& words :
         {Words{"dump", "--url", url, "--dir", dir, "-q", "-Fc", "-t", "a", "-tb"},
          Words{"--url=" + url, "--dir=" + dir, "-q", "backup", "--format=custom", "-ta", "-t",
                "b"},
          Words{"--quiet", "--dir", dir, "dump", "--table", "a", "--url", url, "--table=b", "-F",
                "c"}}) {
        const ProgramResult result = run_dbbackup(words);
        INFO(result.err);
        REQUIRE(result.exit_code == 0);
        CHECK(result.err.empty());
        CHECK(result.out.ends_with(".dump\n"));
        const auto manifest =
            nlohmann::json::parse(read_file(result.out.substr(0, result.out.size() - 1) + ".json"));
        CHECK(manifest.at("dump").at("options") ==
              nlohmann::json{"--format=custom", "--table=a", "--table=b"});
    }
}

TEST_CASE("an option takes one value and swallows nothing after it") {
    const TempDir home;
    const ProgramResult result =
        run_dbbackup({"dump", "-t", "a", "b", "--url", "postgresql://nobody@nowhere.invalid/x"},
                     {.directory = home.path()});
    CHECK(result.exit_code == 2);
    CHECK(result.err.find("takes no argument 'b'") != std::string::npos);
}

TEST_CASE("option -Z sets compression and suffix", "[slow]") {
    const TestDatabase database;
    const TempDir home;
    for (const auto& [words, suffix, compression] :
         std::vector<std::tuple<Words, std::string, std::string>>{
             {{}, ".sql.gz", "gzip:2"},
             {{"-Zgzip"}, ".sql.gz", "gzip:2"},
             {{"-Z", "gzip:9"}, ".sql.gz", "gzip:9"},
             {{"--compress=zstd"}, ".sql.zst", "zstd:3"},
             {{"-Zzstd:22"}, ".sql.zst", "zstd:22"},
             {{"-Znone"}, ".sql", "none"},
             {{"-Fp"}, ".sql.gz", "gzip:2"},
             {{"-Fc"}, ".dump", "gzip"},
             {{"-Fc", "-Zgzip:1"}, ".dump", "gzip:1"},
             {{"-Fc", "-Znone"}, ".dump", "none"}}) {
        INFO(suffix << ' ' << compression);
        const TakenDump taken = take_dump(database.url(), home.path(), words);
        CHECK(taken.path.string().ends_with("Z" + suffix));
        CHECK(taken.manifest.at("dump").at("compression") == compression);
    }
}

TEST_CASE("output of dump") {
    const TestDatabase database;
    database.psql("create table a (i integer); insert into a select generate_series(1, 1234)");
    const TempDir home;
    ProgramOptions options{
        .environment = {{"DATABASE_URL", database.url() + "&connection_limit=5&ssl=require"}},
        .directory = home.path()};
    const ProgramResult usual = run_dbbackup({"dump"}, options);
    CHECK(usual.out.starts_with("dumps/" + database.name() + "_"));
    CHECK(usual.out.find(":1), 1,234 rows in 1 table, ") != std::string::npos);
    CHECK(usual.err == "dbbackup: ignored in the URL, because libpq does not know it: ssl\n");
    const ProgramResult quiet = run_dbbackup({"-q", "dump"}, options);
    CHECK(quiet.err.empty());
    CHECK(std::count(quiet.out.begin(), quiet.out.end(), '\n') == 1);
    CHECK(std::filesystem::exists(home / quiet.out.substr(0, quiet.out.size() - 1)));
    const ProgramResult verbose = run_dbbackup({"dump", "--verbose"}, options);
    CHECK(verbose.err.find("pg_dump") != std::string::npos);
    CHECK(verbose.err.find("ignored in the URL, because only ORMs use it: connection_limit\n") !=
          std::string::npos);
    CHECK(verbose.err.find(Cluster::shared().bin_dir().string()) != std::string::npos);
    for (const std::string& text : {usual.err, verbose.err, verbose.out}) {
        CHECK(text.find_first_of("\x1b\r") == std::string::npos);
    }
}
