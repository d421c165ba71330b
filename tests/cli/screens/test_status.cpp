// What `dbbackup status` considers healthy, and what not.

#include "support/catch.hpp"
#include "support/scene/status_home.hpp"

#include <dbbackup/store/remove_dump.hpp>

using namespace dbbackup;
using namespace dbbackup::test;
using namespace std::chrono_literals;
using Words = std::vector<std::string>;

namespace {

std::vector<std::string> kinds(const nlohmann::json& warnings) {
    std::vector<std::string> kinds;
    for (const auto& warning : warnings) {
        kinds.push_back(warning.at("kind"));
    }
    return kinds;
}

} // namespace

TEST_CASE("status: good dumps: one line per database, exit 0") {
    const StatusHome home;
    home.add(26h);
    home.add(2h, [](store::Manifest& manifest) {
        manifest.file.size = 1500;
        manifest.contents.tables.front().rows = 1500;
        record(manifest, "read", 1h);
    });
    const ProgramResult result = home.run();
    INFO(result.out);
    CHECK(result.exit_code == 0);
    CHECK(result.err.empty());
    CHECK(result.out.starts_with("DATABASE  SERVER          NEWEST "));
    CHECK(
        contains(result.out, "shop      localhost:5432  " + StatusHome::name(2h) +
                                 "  2 h  1.5 KiB "
                                 "(+50.0 %)  1,500 (-25.0 %)   1 h ago   never          0  yes\n"));
    CHECK(result.out.ends_with("\n\nhealthy\n"));
    CHECK(home.run({"-q"}).out.ends_with("\nhealthy\n"));
}

TEST_CASE("status: an old dump is reported with a hint, exit 1") {
    const StatusHome home;
    home.add(48h);
    const ProgramResult result = home.run();
    INFO(result.out);
    CHECK(result.exit_code == 1);
    CHECK(result.err.empty());
    CHECK(contains(
        result.out,
        "  2,000     never   never          0  no\n\nunhealthy: shop on localhost:5432: its newest "
        "dump is 2 d old, more than 1 d 2 h\n    hint: Take one: dbbackup dump."));
    CHECK(result.out.ends_with("\nnot healthy\n"));
    CHECK(home.run({"--max-age", "3d"}).exit_code == 0);
}

TEST_CASE("status: no dump, or no directory: exit 1") {
    const StatusHome home;
    const ProgramResult none = home.run();
    CHECK(none.exit_code == 1);
    CHECK(none.out == "unhealthy: there is no dump with a readable manifest in 'dumps'\n    hint: "
                      "If its dumps are elsewhere, name their directory with --dir. Otherwise take "
                      "one: dbbackup dump\nnot healthy\n");
    const ProgramResult nowhere = home.run({"--dir", "nowhere", "--prometheus"});
    CHECK(nowhere.exit_code == 1);
    CHECK(nowhere.out.empty());
    CHECK(contains(nowhere.err, "the directory 'nowhere' does not exist"));
}

TEST_CASE("status: flags and the configuration set each limit") {
    const StatusHome home;
    home.add(30h);
    home.add(3h, [](store::Manifest& manifest) {
        manifest.file.size = 900;
        manifest.contents.tables.front().rows = 1800;
        record(manifest, "restore", 2h);
    });
    CHECK(home.run({"--max-shrink", "10", "--max-row-loss", "10", "--max-proof-age", "3h",
                    "--max-verify-age", "3h", "--max-age", "4h"})
              .exit_code == 0);
    for (const auto& [words, kind] : std::vector<std::pair<Words, std::string>>{
             {{"--max-shrink", "9"}, "shrunk"},
             {{"--max-row-loss", "9"}, "rows_lost"},
             {{"--max-proof-age", "60m"}, "proof_too_old"},
             {{"--max-verify-age", "60m"}, "verification_too_old"},
             {{"--max-age", "90m"}, "too_old"}}) {
        const auto report = home.json(words, 1);
        CHECK(kinds(report.at("databases").at(0).at("warnings")) == Words{kind});
    }
    write_file(home.home() / "dbbackup.toml", "[status]\nmax-shrink = 9\nmax-age = \"1h\"\n");
    CHECK(kinds(home.json({}, 1).at("databases").at(0).at("warnings")) ==
          Words{"too_old", "shrunk"});
    CHECK(home.run({"--max-shrink", "10", "--max-age", "4h"}).exit_code == 0);
}

TEST_CASE("status: parts count only if requested") {
    const StatusHome home;
    home.add(1h, [](store::Manifest& manifest) { manifest.dump.options = {"--table=orders"}; });
    const auto report = home.json({}, 1);
    CHECK(report.at("databases").at(0).at("newest").is_null());
    CHECK(kinds(report.at("databases").at(0).at("warnings")) == Words{"no_good_dump"});
    CHECK(home.run({"--accept-partial"}).exit_code == 0);
}

TEST_CASE("status: --database checks only that database") {
    const StatusHome home;
    home.add(1h);
    home.add(48h, [](store::Manifest& manifest) { manifest.database.name = "gone"; });
    home.leave("." + StatusHome::name(72h) + ".partial");
    CHECK(home.json({}, 1).at("databases").size() == 2);
    CHECK(home.json({"--database", "gone"}, 1).at("warnings").empty());
    CHECK(home.run({"--database", "gone", "--max-age", "3d"}).exit_code == 0);
    CHECK(kinds(home.json({"--database", "shop"}, 1).at("warnings")) == Words{"leftovers"});
    CHECK(kinds(home.json({"--database", "x"}, 1).at("warnings")) == Words{"no_dumps"});
}

TEST_CASE("status: a named database without a dump is reported") {
    const StatusHome home;
    home.add(1h);
    home.add(48h, [](store::Manifest& manifest) { manifest.database.name = "old"; });
    const Words two{"--database", "shop", "--database=gone"};
    const auto report = home.json(two, 1);
    CHECK(report.at("databases").size() == 1);
    CHECK(report.at("databases").at(0).at("healthy") == true);
    CHECK(kinds(report.at("warnings")) == Words{"no_dumps"});
    CHECK(contains(home.run(two).out, "\nunhealthy: there is no dump of a database 'gone' with a "
                                      "readable manifest in 'dumps'\n"));
    CHECK(home.run({"--database", "shop", "gone"}).exit_code == 2);
    write_file(home.home() / "dbbackup.toml", "[status]\ndatabase = [\"shop\", \"gone\"]\n");
    CHECK(kinds(home.json({}, 1).at("warnings")) == Words{"no_dumps"});
    CHECK(home.run({"--database", "shop"}).exit_code == 0);
}

TEST_CASE("status: unhealthy if the newest dump is a link") {
    const StatusHome home;
    home.add(3h);
    home.add(1h);
    std::filesystem::remove(home.file(StatusHome::name(1h)));
    std::filesystem::create_symlink("nowhere", home.file(StatusHome::name(1h)));
    const ProgramResult result = home.run();
    CHECK(result.exit_code == 1);
    CHECK(contains(
        result.out,
        "\nunhealthy: the dump is missing or not a regular file, but its manifest exists: " +
            StatusHome::name(1h) + "\n"));
}

TEST_CASE("status: leftovers of killed runs are reported once each, and lost and damaged dumps") {
    const StatusHome home;
    home.add(1h);
    CHECK(home.run().exit_code == 0);
    write_file(home.file("." + StatusHome::name(1min) + ".partial"), ""); // of a running dump
    write_file(home.file(".shop.lock"), "1");
    CHECK(home.run().exit_code == 0);
    home.leave("." + StatusHome::name(70h) + ".partial");
    home.add(80h);
    std::filesystem::rename(home.file(StatusHome::name(80h)),
                            home.file(store::removed_name_of(StatusHome::name(80h))));
    auto report = home.json({}, 1);
    CHECK(kinds(report.at("warnings")) == Words{"leftovers"});
    CHECK(report.at("databases").at(0).at("leftovers").size() == 2);
    CHECK(report.at("databases").at(0).at("healthy") == true);
    home.add(90h);
    std::filesystem::remove(home.file(StatusHome::name(90h)));
    write_file(home.file("by-hand.sql"), "");
    write_file(home.file(StatusHome::name(30min)), "");
    home.add(40min);
    write_file(home.file(StatusHome::name(40min)), "cut");
    report = home.json({}, 1);
    CHECK(kinds(report.at("warnings")) == Words{"unreadable", "leftovers", "lost"});
    CHECK(report.at("warnings").at(0).at("unhealthy") == false);
    CHECK(kinds(report.at("databases").at(0).at("warnings")) == Words{"damaged", "unreadable"});
    const ProgramResult result = home.run();
    CHECK(contains(result.out, "\nnote: 'by-hand.sql' cannot be judged: it has no manifest\n"));
    CHECK(contains(result.out, "its size is 3 bytes, its manifest says 1000"));
}
