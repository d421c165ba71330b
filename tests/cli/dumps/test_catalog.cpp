#include "support/catch.hpp"
#include "support/scene/catalog.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

using namespace dbbackup::test;
namespace fs = std::filesystem;

TEST_CASE("dumps are listed newest first, whatever their names") {
    const Catalog catalog;
    const std::string b = catalog.add("b", "2026-01-02T00:00:00.000");
    const std::string a = catalog.add("a", "2026-01-03T00:00:00.001");
    const std::string z = catalog.add("z", "2026-01-03T00:00:00.000");
    const std::string c = catalog.add("c", "1999-12-31T23:59:59.999");
    CHECK(catalog.names() == std::vector{a, z, b, c});
    const ProgramResult text = catalog.run({"list"});
    CHECK(text.out.starts_with("NAME"));
    CHECK(text.out.find("\n" + a) < text.out.find("\n" + z));
    CHECK(text.out.find("\n" + z) < text.out.find("\n" + b));
}

TEST_CASE("the start time comes from the manifest, not from the name") {
    const Catalog catalog;
    const std::string older = catalog.add("a", "2026-01-01T00:00:00.000");
    const std::string newer = catalog.add("a", "2026-01-02T00:00:00.000");
    const std::string renamed = "before the migration.sql";
    fs::rename(catalog.path() / newer, catalog.path() / renamed);
    fs::rename(catalog.path() / (newer + ".json"), catalog.path() / (renamed + ".json"));
    CHECK(catalog.names() == std::vector{renamed, older});
    CHECK(catalog.shown("latest") == newer);
}

TEST_CASE("list and show print what is known about a dump") {
    const Catalog catalog;
    const std::string name = catalog.add("shop", "2026-01-02", [](auto& manifest) {
        manifest.dump.label = "be\x1b[31mfore\nit";
        manifest.pinned = true;
    });
    catalog.edit_manifest(name, [](nlohmann::json& manifest) {
        manifest["verifications"] = {{{"level", "restore"},
                                      {"at", "2026-01-03T00:00:00.000Z"},
                                      {"result", "ok"},
                                      {"seconds", 2.5}}};
    });
    const nlohmann::json entry = catalog.entry(name);
    CHECK(entry.at("database") == "shop");
    CHECK(entry.at("rows") == 2);
    CHECK(entry.at("tables") == 1);
    CHECK(entry.at("size") == 3);
    CHECK(entry.at("problem").is_null());
    CHECK(entry.at("pinned") == true);
    CHECK(entry.at("proven_at") == "2026-01-03T00:00:00.000Z");
    CHECK(entry.at("label") == "be\x1b[31mfore\nit");
    for (const char* command : {"list", "show"}) {
        const std::string out = catalog.run({command}).out;
        for (const char* word : {"shop", "3 B", "be\\x1B[31mfore\\nit", "pinned"}) {
            INFO(command << ' ' << word);
            CHECK(out.find(word) != std::string::npos);
        }
        CHECK(out.find('\x1b') == std::string::npos);
    }
}

TEST_CASE("a damaged dump is reported as damaged until a later check finds it good") {
    const Catalog catalog;
    const auto checked = [](const char* level, const char* at, const char* result) {
        return nlohmann::json{{"level", level}, {"at", at}, {"result", result}, {"seconds", 61.26}};
    };
    nlohmann::json verifications = nlohmann::json::array();
    const auto add_verified = [&](const char* time) {
        std::string name = catalog.add("shop", time);
        catalog.edit_manifest(name, [&](auto& json) { json["verifications"] = verifications; });
        return name;
    };
    verifications.push_back(checked("read", "2026-01-03T00:00:00.000Z", "ok"));
    verifications.push_back(checked("restore", "2026-01-04T00:00:00.000Z", "2 rows \x1b not 3"));
    const std::string damaged = add_verified("2026-01-02");
    verifications.push_back(checked("restore", "2026-01-05T00:00:00.000Z", "ok"));
    const std::string good = add_verified("2026-01-01");

    const nlohmann::json entry = catalog.entry(damaged);
    CHECK(entry.at("problem") == "found damaged at 2026-01-04T00:00:00.000Z: 2 rows \x1b not 3");
    CHECK(entry.at("damaged_at") == "2026-01-04T00:00:00.000Z");
    CHECK(entry.at("verified_at") == "2026-01-03T00:00:00.000Z");
    CHECK(catalog.entry(good).at("problem").is_null());
    CHECK(catalog.entry(good).at("damaged_at").is_null());
    const std::string list = catalog.run({"list"}).out;
    CHECK(list.find("! damaged") != std::string::npos);
    CHECK(catalog.shown("latest") == damaged);

    const std::string shown = catalog.run({"show"}).out;
    CHECK(shown.find("PROBLEM        found damaged at 2026-01-04") != std::string::npos);
    CHECK(shown.ends_with("\n\n"
                          "CHECKED                   LEVEL    SECONDS  RESULT\n"
                          "2026-01-04T00:00:00.000Z  restore     61.3  2 rows \\x1B not 3\n"
                          "2026-01-03T00:00:00.000Z  read        61.3  ok\n"));
    const auto report = nlohmann::json::parse(catalog.run({"show", "--json"}).out);
    CHECK(report.at("problem") == entry.at("problem"));
    CHECK(report.at("manifest").at("verifications").size() == 2);
    CHECK(catalog.run({"show", good}).out.find("PROBLEM") == std::string::npos);
}

TEST_CASE("a dump is found by its name, by any path to it, and as latest") {
    const Catalog catalog;
    const std::string old = catalog.add("shop", "2026-01-01T00:00:00.000");
    const std::string recent = catalog.add("shop", "2026-01-02T00:00:00.000");
    fs::create_symlink(catalog.path(), catalog.home() / "link");
    CHECK(catalog.shown("latest") == recent);
    for (const std::string& path : {old, (catalog.path() / old).string(), "dumps/" + old,
                                    "./dumps/../dumps//" + old, "link/" + old}) {
        CHECK(catalog.shown(path) == old);
    }
    // The current directory comes after the dump directory, for users inside the latter.
    fs::copy(catalog.path() / old, catalog.home() / "here.sql");
    fs::copy(catalog.path() / (old + ".json"), catalog.home() / "here.sql.json");
    CHECK(catalog.shown("here.sql") == old);
}

TEST_CASE("a file that is not a dump is not found") {
    const Catalog catalog;
    const std::string name = catalog.add("shop", "2026-01-01T00:00:00.000");
    fs::create_directory(catalog.path() / "directory.sql");
    for (const std::string& what :
         {std::string{"hop"}, std::string{"no/such/dir/x.sql"}, std::string{"nothing.sql"},
          std::string{"directory.sql"}, std::string{"."}, std::string{".."}, std::string{"/"},
          std::string{"dumps/"}, std::string{}, name + "x", name.substr(1)}) {
        INFO(what);
        CHECK(catalog.shown(what).starts_with("1: "));
    }
}

TEST_CASE("latest among several databases is the one of the URL, or must be named") {
    const Catalog catalog;
    const std::string shop = catalog.add("shop", "2026-01-01T00:00:00.000");
    const std::string blog = catalog.add("blog", "2026-01-02T00:00:00.000");
    const std::string refusal = catalog.shown("latest");
    CHECK(refusal.starts_with("2: "));
    CHECK(refusal.find("blog, shop") != std::string::npos);
    CHECK(catalog.shown("latest", "postgresql://nobody@nowhere.invalid/shop") == shop);
    CHECK(catalog.shown("latest", "postgresql://nobody@nowhere.invalid/blog") == blog);
    CHECK(catalog.shown("latest", "postgresql://nobody@nowhere.invalid/other").starts_with("2: "));
    CHECK(catalog.run({"show"}).exit_code == 2);
}

TEST_CASE("latest if there is no dump, or no directory") {
    const Catalog catalog;
    CHECK(catalog.shown("latest").starts_with("1: there is no dump in"));
    CHECK(catalog.run({"list"}).out.starts_with("No dumps yet in"));
    CHECK(catalog.list().empty());
    fs::remove(catalog.path());
    CHECK(catalog.run({"list"}).exit_code == 1);
    const ProgramResult result = catalog.run({"show"});
    CHECK(result.exit_code == 1);
    CHECK(result.out.empty());
    CHECK(result.err.find(catalog.path().string()) != std::string::npos);
    CHECK_FALSE(fs::exists(catalog.path()));
}

TEST_CASE("dumps without a manifest are listed as such") {
    const Catalog catalog;
    const std::string own = "shop_2026-01-02T00-00-00-000Z.sql.gz";
    write_file(catalog.path() / own, "x");
    for (const char* name : {"backup.sql.gz", "old.dump", "a.sql", "weekly.sql.zst"}) {
        write_file(catalog.path() / name, "1234");
    }
    CHECK(catalog.names() ==
          std::vector<std::string>{own, "weekly.sql.zst", "old.dump", "backup.sql.gz", "a.sql"});
    CHECK(catalog.entry(own).at("database") == "shop");
    CHECK(catalog.entry(own).at("started_at") == "2026-01-02T00:00:00.000Z");
    CHECK(catalog.entry("old.dump").at("database").is_null());
    CHECK(catalog.entry("old.dump").at("size") == 4);
    CHECK(catalog.entry("old.dump").at("problem") == "it has no manifest");
    CHECK(catalog.run({"show", "old.dump"}).exit_code != 0); // it is read, and contains no SQL
    CHECK(catalog.run({"list"}).out.find("! no manifest") != std::string::npos);
}

TEST_CASE("a broken or mismatched manifest is reported, and the other dumps are still listed") {
    const Catalog catalog;
    const std::string good = catalog.add("shop", "2026-01-01T00:00:00.000");
    const std::string broken = catalog.add("shop", "2026-01-02T00:00:00.000");
    write_file(catalog.path() / (broken + ".json"), "{\"format_version\": \"1.0\", \x1b]");
    const std::string later_major = catalog.add("shop", "2026-01-03T00:00:00.000");
    write_file(catalog.path() / (later_major + ".json"), "{\"format_version\": \"3.0\"}");
    const std::string longer = catalog.add("shop", "2026-01-04T00:00:00.000");
    write_file(catalog.path() / longer, "more than before");
    const std::string directory = catalog.add("shop", "2026-01-05T00:00:00.000");
    fs::remove(catalog.path() / (directory + ".json"));
    fs::create_directory(catalog.path() / (directory + ".json"));
    CHECK(catalog.names() == std::vector{directory, longer, later_major, broken, good});
    for (const std::string& bad : {directory, longer, later_major, broken}) {
        INFO(bad);
        CHECK(catalog.entry(bad).at("problem").is_string());
        CHECK(catalog.entry(bad).at("database") == "shop");
    }
    CHECK(catalog.entry(good).at("problem").is_null());
    CHECK(catalog.entry(longer).at("problem") == "its size is 16 bytes, its manifest says 3");
    CHECK(catalog.shown(longer) == longer);
    CHECK(catalog.run({"show", longer}).out.find("PROBLEM") != std::string::npos);
    CHECK(catalog.shown(broken).starts_with("1: "));
    CHECK(catalog.run({"list"}).out.find('\x1b') == std::string::npos);
}

TEST_CASE("a manifest with a later minor version is read") {
    const Catalog catalog;
    const std::string name = catalog.add("shop", "2026-01-01");
    catalog.edit_manifest(name, [](nlohmann::json& manifest) {
        manifest["format_version"] = "1.9";
        manifest["colour"] = {{"of", "later"}};
        manifest["file"]["blake3"] = "00";
        manifest["contents"]["tables"][0]["kind"] = "heap";
    });
    CHECK(catalog.entry(name).at("problem").is_null());
    CHECK(catalog.entry(name).at("rows") == 2);
    CHECK(catalog.shown(name) == name);
}

TEST_CASE("other than regular files are skipped, and a pipe blocks nothing") {
    const Catalog catalog;
    const std::string good = catalog.add("shop", "2026-01-01T00:00:00.000");
    REQUIRE(::mkfifo((catalog.path() / "x.sql").c_str(), 0600) == 0);
    REQUIRE(::mkfifo((catalog.path() / "manifest is a pipe.sql.json").c_str(), 0600) == 0);
    write_file(catalog.path() / "manifest is a pipe.sql", "x");
    fs::create_directory(catalog.path() / "directory.sql.gz");
    fs::create_symlink(good, catalog.path() / "link.sql");
    fs::create_symlink("nowhere", catalog.path() / "dangling.sql");
    write_file(catalog.path() / ("." + good + ".partial"), "x");
    write_file(catalog.path() / ".hidden.sql", "x");
    write_file(catalog.path() / "notes.txt", "x");
    write_file(catalog.path() / "orphan.sql.json", "{}");
    CHECK(catalog.names() == std::vector<std::string>{good, "manifest is a pipe.sql"});
    CHECK(catalog.shown("x.sql").starts_with("1: "));
    CHECK(catalog.shown("manifest is a pipe.sql").starts_with("1: "));
    CHECK(catalog.shown("latest") == good);
}

TEST_CASE("a list of ten thousand dumps is complete and sorted", "[large]") {
    const Catalog catalog;
    const auto add_tables = [](auto& manifest) {
        manifest.contents.tables.resize(11, manifest.contents.tables.front());
    };
    std::vector<std::string> expected;
    for (int i = 9999; i >= 0; --i) {
        const std::string time = fmt::format("2026-01-{:02}T{:02}:{:02}:00.{:03}", 1 + i / 1000,
                                             i / 100 % 10, i / 10 % 10, i % 10);
        expected.push_back(catalog.add(i % 2 == 0 ? "shop" : "blog", time, add_tables));
    }
    CHECK(catalog.names() == expected);
    CHECK(catalog.shown("latest", "postgresql://x/shop") == expected[1]);
    const std::string text = catalog.run({"list"}).out;
    CHECK(std::count(text.begin(), text.end(), '\n') == 10'001);
}
