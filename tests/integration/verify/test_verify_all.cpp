// Several dumps in one run, and which ones are meant.

#include "support/catch.hpp"
#include "support/dumps/sample_directory.hpp"
#include "support/dumps/sample_dump.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

using namespace dbbackup;
using namespace dbbackup::test;

namespace {

/// Sample dumps of three rows.
struct Shelf : SampleDirectory {
    std::string sql = sql_of_tables(sample_row(1) + sample_row(2), sample_row(3));

    std::filesystem::path add(const std::string& name) const {
        return write_sample_dump(path(), name, sql);
    }

    std::filesystem::path add_damaged(const std::string& name) const {
        auto path = add(name);
        const std::string content = read_file(path);
        write_file(path, content.substr(0, content.size() - 20));
        return path;
    }

    /// A good dump whose manifest is changed first.
    template <typename Change>
    std::filesystem::path add_with(const std::string& name, Change change) const {
        auto path = add(name);
        auto manifest = store::parse_manifest(read_file(manifest_path(path)), name);
        change(manifest);
        write_file(manifest_path(path), store::to_json(manifest));
        return path;
    }

    [[nodiscard]] ProgramResult verify(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), "verify");
        return run(arguments);
    }

    [[nodiscard]] nlohmann::json verify_json(std::vector<std::string> arguments) const {
        arguments.emplace_back("--json");
        return nlohmann::json::parse(verify(arguments).out);
    }
};

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

nlohmann::json verifications_of(const std::filesystem::path& path) {
    return nlohmann::json::parse(read_file(manifest_path(path))).at("verifications");
}

/// What --json says of each, by name.
std::map<std::string, std::string> results_of(const nlohmann::json& report) {
    std::map<std::string, std::string> results;
    for (const auto& dump : report.at("dumps")) {
        const std::filesystem::path path = dump.at("path").get<std::string>();
        results[path.filename()] = dump.at("result");
    }
    return results;
}

std::size_t lines_in(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

} // namespace

TEST_CASE("verify --all checks every dump that list shows, and the worst result counts") {
    const Shelf shelf;
    shelf.add("good_2026-11-20T03-15-00-123Z.sql.gz");
    shelf.add_damaged("damaged_2026-11-20T03-15-00-123Z.sql.zst");
    shelf.add_with("safety.sql", [](store::Manifest& manifest) { manifest.dump.safety = true; });
    write_file(shelf / "foreign.sql", shelf.sql);
    write_file(shelf / "foreign.sql.gz", "BZh91AY");
    shelf.add("lost_2026-11-20T03-15-00-123Z.sql.gz");
    std::filesystem::remove(shelf / "lost_2026-11-20T03-15-00-123Z.sql.gz");
    std::filesystem::create_symlink("safety.sql", shelf / "link.sql");
    write_file(shelf / "link.sql.json", "{}");
    // None of these is a dump.
    write_file(shelf / ".good_2026-11-20T03-16-00-123Z.sql.gz.partial", "half");
    write_file(shelf / ".good_2026-11-20T03-16-00-123Z.sql.gz.json.partial", "{}");
    write_file(shelf / ".good.lock", "");
    write_file(shelf / "notes.json", "{}");
    write_file(shelf / "notes.txt", "");
    std::filesystem::create_directory(shelf / "directory.sql");
    std::filesystem::create_directory(shelf / "directory.dump.json");
    std::filesystem::create_symlink("safety.sql", shelf / "bare link.sql");

    const ProgramResult result = shelf.verify({"--all"});
    CAPTURE(result.out, result.err);
    CHECK(result.exit_code == 3);
    CHECK(lines_in(result.out) == 8);
    CHECK(result.out.starts_with("NAME"));
    for (const std::string row : {"good_2026-11-20T03-15-00-123Z.sql.gz      good",
                                  "damaged_2026-11-20T03-15-00-123Z.sql.zst  DAMAGED",
                                  "lost_2026-11-20T03-15-00-123Z.sql.gz      DAMAGED",
                                  "link.sql                                  not verified",
                                  "safety.sql                                good",
                                  "foreign.sql                               readable, no manifest",
                                  "foreign.sql.gz                            not verified"}) {
        CHECK(contains(result.out, row));
    }
    CHECK(contains(result.err, "damaged_2026-11-20T03-15-00-123Z.sql.zst' is damaged: zstd frame"));
    CHECK(contains(result.err, "foreign.sql.gz' could not be verified: "));
    CHECK(contains(result.err, "lost_2026-11-20T03-15-00-123Z.sql.gz' is missing"));
    CHECK(contains(result.err, "hint: It is compressed by bzip2"));

    const auto report = shelf.verify_json({"--all"});
    CHECK(report.at("result") == "damaged");
    CHECK(report.at("/error/kind"_json_pointer) == "damaged");
    CHECK(results_of(report) == std::map<std::string, std::string>{
                                    {"good_2026-11-20T03-15-00-123Z.sql.gz", "good"},
                                    {"damaged_2026-11-20T03-15-00-123Z.sql.zst", "damaged"},
                                    {"lost_2026-11-20T03-15-00-123Z.sql.gz", "damaged"},
                                    {"link.sql", "unverified"},
                                    {"safety.sql", "good"},
                                    {"foreign.sql", "good"},
                                    {"foreign.sql.gz", "unverified"}});
}

TEST_CASE("verify --all of good dumps, of none, and if none could be verified") {
    const Shelf shelf;
    ProgramResult result = shelf.verify({"--all"});
    CHECK(result.exit_code == 1);
    CHECK(contains(result.err, "there is no dump in"));
    CHECK(run_dbbackup({"verify", "--all", "--dir", "/nonexistent"}).exit_code == 1);

    shelf.add("a.sql");
    shelf.add("b.sql.gz");
    result = shelf.verify({"--all"});
    CHECK(result.exit_code == 0);
    CHECK(result.err.empty());
    CHECK_FALSE(shelf.verify_json({"--all"}).contains("error"));

    write_file(shelf / "c.sql", "PK\x03\x04");
    result = shelf.verify({"--all"});
    CHECK(result.exit_code == 1);
    CHECK(shelf.verify_json({"--all"}).at("/error/kind"_json_pointer) == "failed");

    CHECK(shelf.verify({"--all", "a.sql"}).exit_code == 2);
}

TEST_CASE("a manifest without a dump is a lost dump") {
    const Shelf shelf;
    std::filesystem::remove(shelf.add("shop_2026-11-20T03-15-00-123Z.sql.gz"));
    const ProgramResult result = shelf.verify({"--all"});
    CHECK(result.exit_code == 3);
    CHECK(result.out == "shop_2026-11-20T03-15-00-123Z.sql.gz: DAMAGED\n");
    CHECK(contains(result.err, "is missing: only its manifest exists"));
    CHECK(contains(result.err, "hint: "));
    CHECK(shelf.verify_json({"--all"}).at("/dumps/0/database"_json_pointer) == "shop");
    // If it is named, it is reported as missing, which is no verdict on it.
    CHECK(shelf.verify({"shop_2026-11-20T03-15-00-123Z.sql.gz"}).exit_code == 1);
}

TEST_CASE("anything but a regular file beside a manifest could not be verified") {
    const Shelf shelf;
    const auto dump = shelf.add("shop.sql.gz");
    std::filesystem::rename(dump, shelf / "elsewhere");
    std::filesystem::create_symlink("elsewhere", dump);
    const ProgramResult result = shelf.verify({"--all"});
    CHECK(result.exit_code == 1);
    CHECK(contains(result.err, "shop.sql.gz' is not a regular file"));
    CHECK(shelf.verify({"shop.sql.gz"}).exit_code == 1);
    std::filesystem::remove(dump);
    CHECK(shelf.verify({"--all"}).exit_code == 3);
}

TEST_CASE("several dumps by name") {
    const Shelf shelf;
    const auto good = shelf.add("good.sql");
    const auto damaged = shelf.add_damaged("damaged.sql.gz");

    ProgramResult result = shelf.verify({"good.sql", good.string(), "good.sql"});
    CHECK(result.exit_code == 0);
    CHECK(lines_in(result.out) == 4);
    CHECK(verifications_of(good).size() == 3);

    result = shelf.verify({"missing.sql", "good.sql"});
    CHECK(result.exit_code == 1);
    CHECK(contains(result.err, "'missing.sql' could not be verified: there is no dump"));
    CHECK(verifications_of(good).size() == 4);

    result = shelf.verify({"missing.sql", damaged.string(), "good.sql"});
    CHECK(result.exit_code == 3);
    CHECK(contains(result.err, "'missing.sql' could not be verified"));
    CHECK(contains(result.err, "damaged.sql.gz' is damaged"));

    const auto report = shelf.verify_json({"missing.sql", damaged.string(), "good.sql"});
    REQUIRE(report.at("dumps").size() == 3);
    CHECK(report.at("/dumps/0/path"_json_pointer) == "missing.sql");
    CHECK(report.at("/dumps/0/result"_json_pointer) == "unverified");
    CHECK(report.at("/dumps/0/has_manifest"_json_pointer) == false);
    CHECK(report.at("/dumps/1/path"_json_pointer) == damaged.string());
    CHECK(report.at("/dumps/1/message"_json_pointer) == report.at("/error/message"_json_pointer));
    CHECK(report.at("/dumps/2/message"_json_pointer).is_null());
    CHECK(report.at("/dumps/2/recorded"_json_pointer) == true);
}

TEST_CASE("verify takes the latest dump of the URL's database, or of the only one") {
    const Shelf shelf;
    const auto of = [&shelf](const std::string& database, const std::string& time) {
        return shelf.add_with(database + time.substr(8, 2) + ".sql",
                              [&](store::Manifest& manifest) {
                                  manifest.database.name = database;
                                  manifest.dump.started_at = base::parse_utc(time).value();
                              });
    };
    const auto older = of("shop", "2026-11-18T00:00:00.000Z");
    const auto newer = of("shop", "2026-11-19T00:00:00.000Z");
    shelf.add_with("safety.sql", [](store::Manifest& manifest) { manifest.dump.safety = true; });
    CHECK(shelf.verify({}).out.starts_with("shop19.sql: good"));
    CHECK(shelf.run({"check", "latest"}).out.starts_with("shop19.sql: good"));

    const auto blog = of("blog", "2026-11-17T00:00:00.000Z");
    const ProgramResult ambiguous = shelf.verify({older.string(), "latest"});
    CHECK(ambiguous.exit_code == 2);
    CHECK(contains(ambiguous.err,
                   "'latest' is ambiguous: there are dumps of several databases: blog, shop"));
    CHECK(verifications_of(older).empty()); // nothing was started
    CHECK(shelf.verify({"--url", "postgres://localhost/blog"}).out.starts_with("blog17.sql: good"));
    CHECK(shelf.verify({"--url", "postgres://localhost/other"}).exit_code == 2);
    CHECK(verifications_of(newer).size() == 2);
}

TEST_CASE("usage errors are reported before verify begins") {
    const Shelf shelf;
    const auto path = shelf.add("a.sql");
    CHECK(shelf.verify({"a.sql", "--bin-dir", "/nonexistent"}).exit_code == 2);
    CHECK(shelf.verify({"a.sql", "postgres://app:secret@localhost/shop"}).exit_code == 2);
    CHECK(shelf.verify({"a.sql", "--scratch-url", "postgres://localhost/x"}).exit_code == 2);
    CHECK(shelf.verify({"a.sql", "--no-owner"}).exit_code == 2);
    CHECK(shelf.verify({"a.sql", "--restore", "--scratch-url", "no URL"}).exit_code == 2);
    CHECK(verifications_of(path).empty());
}
