// What is easily taken for an export or a dump: the message names the command that was meant, and
// that command works as it is printed.

#include "support/catch.hpp"
#include "support/scene/export_scene.hpp"
#include "support/scene/small_disk.hpp"

#include <fmt/format.h>

using namespace dbbackup::test;

namespace {

constexpr const char* k_tables = "create table customers (id int primary key, name text);"
                                 "create table orders (id int primary key);"
                                 "insert into customers select g, 'c' || g from generate_series(1, "
                                 "7) g; insert into orders values (1)";

/// The command in `text` that begins with `words`, run by a shell in the scene's home.
ProgramResult run_hinted(const ExportScene& scene, const std::string& text,
                         const std::string& words) {
    const std::size_t at = text.find(words);
    INFO(text);
    REQUIRE(at != std::string::npos);
    std::string command = text.substr(at, text.find('\n', at) - at);
    command = command.substr(0, command.find(". "));
    return run_program(
        {"/bin/sh", "-c", dbbackup_path() + command.substr(std::string{"dbbackup"}.size())},
        scene.options());
}

ProgramResult run(const ExportScene& scene, std::vector<std::string> words) {
    words.insert(words.begin(), dbbackup_path());
    words.insert(words.end(), {"--dir", scene.dumps()});
    return run_program(words, scene.options());
}

/// Checks that the command failed with `message`, and does not suggest psql.
void check_guess(const ProgramResult& result, int exit_code, const std::string& message) {
    INFO(result.err);
    CHECK(result.exit_code == exit_code);
    CHECK(result.out.empty());
    CHECK(result.err.find(message) != std::string::npos);
    CHECK(result.err.find("psql") == std::string::npos);
}

} // namespace

TEST_CASE("a file of a CSV export leads to its directory") {
    const ExportScene scene{k_tables};
    scene.write("o.csv");
    const auto result = run(scene, {"import", "o.csv/public.orders.csv", "--mode", "add"});
    check_guess(result, 1, "is one file of the export 'o.csv'");
    CHECK(result.err.find("add: -t public.orders\n") != std::string::npos);
    scene.change("truncate customers");
    CHECK(run_hinted(scene, result.err, "dbbackup import").exit_code == 0);
    CHECK(scene.database().psql("select count(*) from customers") == "7");
}

TEST_CASE("CSV and JSON of other programs are not taken for SQL") {
    const ExportScene scene{k_tables};
    write_file(scene.temp() / "rows.csv", "id,name\n1,x\n");
    std::filesystem::create_directory(scene.temp() / "rows");
    write_file(scene.temp() / "rows" / "a.CSV", "id,name\n1,x\n");
    write_file(scene.temp() / "rows.json", "[{\"id\": 1}]\n");
    const auto csv = run(scene, {"import", "rows.csv", "--mode", "add"});
    check_guess(csv, 1, "is a single CSV file");
    CHECK(run_hinted(scene, csv.err, "dbbackup export").exit_code == 0);
    check_guess(run(scene, {"import", "rows", "--mode", "add"}), 1, "it has no export.json");
    check_guess(run(scene, {"import", "rows.json", "--mode", "add"}), 1,
                "is JSON, but not an export of dbbackup");
    // SQL is still SQL, whatever its name.
    REQUIRE(run(scene, {"dump", "-Z", "none"}).exit_code == 0);
    for (const std::string& name : names_in(scene.dumps())) {
        if (name.ends_with(".sql")) {
            std::filesystem::copy_file(scene.dumps() / name, scene.temp() / "dump.csv");
        }
    }
    CHECK(run(scene, {"import", "dump.csv", "--mode", "add"}).exit_code == 0);
}

TEST_CASE("an export given to a command for dumps leads to import") {
    const ExportScene scene{k_tables};
    const std::string name = GENERATE("x.json.gz", "x.jsonl", "x.csv");
    scene.write(name);
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"restore", name}, {"show", name}, {"compare", name}}) {
        const auto result = run(scene, words);
        check_guess(result, 1, fmt::format("'{}' is an export, not a dump", name));
        CHECK(run_hinted(scene, result.err, "dbbackup import").exit_code == 0);
        CHECK(run_hinted(scene, result.err, "dbbackup verify").exit_code == 0);
    }
    const auto drill = run(scene, {"verify", "--restore", name});
    check_guess(drill, 2, "is an export, which cannot be restored");
    CHECK(run_hinted(scene, drill.err, "dbbackup import").exit_code == 0);
    // Also one that somebody put among the dumps.
    std::filesystem::create_directory(scene.dumps());
    std::filesystem::rename(scene.temp() / name, scene.dumps() / name);
    check_guess(run(scene, {"restore", name}), 1, "is an export, not a dump");
}

TEST_CASE("a redirected export says where the rows are") {
    const ExportScene scene{k_tables};
    const auto result = scene.run({"-t", "customers"});
    REQUIRE(result.exit_code == 0);
    REQUIRE(scene.files().size() == 1);
    CHECK(result.err.find("the rows are in '") != std::string::npos);
    CHECK(result.err.find(scene.files().front()) != std::string::npos);
    const auto rows = run_hinted(scene, result.err, "dbbackup export");
    CHECK(nlohmann::json::parse(rows.out).at("data").at("public.customers").size() == 7);
    CHECK(scene.run({"-o", "x.json"}).err.empty());
    CHECK(scene.run({"-q"}).err.empty());
    CHECK(scene.run({"--dry-run"}).err.empty());
    CHECK(scene.run({"-o", "-"}).err.find("the rows are in") == std::string::npos);
}

TEST_CASE("what export printed is not taken for the export") {
    const ExportScene scene{k_tables};
    const bool json = GENERATE(false, true);
    const auto printed =
        scene.run(json ? std::vector<std::string>{"--json"} : std::vector<std::string>{});
    write_file(scene.temp() / "f.json", printed.out);
    scene.change("truncate customers");
    const auto result = run(scene, {"import", "f.json", "--mode", "add"});
    check_guess(result, 1, "'f.json' has what export printed, not the rows");
    CHECK(run_hinted(scene, result.err, "dbbackup import").exit_code == 0);
    CHECK(scene.database().psql("select count(*) from customers") == "7");
}

TEST_CASE("a table given as the source leads to -t") {
    const ExportScene scene{k_tables};
    REQUIRE(run(scene, {"dump"}).exit_code == 0);
    scene.change("truncate customers, orders");
    const auto result = run(scene, {"import", "customers", "--mode", "add"});
    check_guess(result, 1, "there is no dump 'customers'");
    CHECK(result.err.find("hint: If 'customers' is a table: ") != std::string::npos);
    CHECK(run_hinted(scene, result.err, "dbbackup import").exit_code == 0);
    CHECK(scene.database().psql("select count(*) from customers, orders") == "0");
    CHECK(scene.database().psql("select count(*) from customers") == "7");
    for (const char* name : {"x.json", "x.sql.gz", "2026-01-01", "a-b"}) {
        const auto other = run(scene, {"import", name, "--mode", "add"});
        CHECK(other.exit_code == 1);
        CHECK(other.err.find("is a table") == std::string::npos);
    }
    const auto list = run(scene, {"import", "latest", "--mode", "add", "-t", "customers,orders"});
    check_guess(list, 2, "Repeat -t for each: -t customers -t orders. ");
}

TEST_CASE("a wrong root is answered with a right one") {
    const ExportScene scene{k_tables};
    for (const auto& [typed, meant] :
         std::map<std::string, std::string>{{"customers=3", "customers:id=3"},
                                            {"customers:3", "customers:id=3"},
                                            {"customers.id=3", "customers:id=3"},
                                            {"public.customers.id=3", "public.customers:id=3"},
                                            {"customers:=3", "customers:id=3"},
                                            {"customers", "customers:id=1"},
                                            {":id=3", "customers:id=3"}}) {
        const auto result = scene.run({"--root", typed});
        check_guess(result, 2, "--root takes TABLE:COLUMN=VALUE");
        CHECK(result.err.find("--root " + meant + " ") != std::string::npos);
        CHECK(run_hinted(scene, result.err, "dbbackup export").exit_code == 0);
    }
}

TEST_CASE("a place without room is named as the user chose it") {
    const ExportScene scene{k_tables};
    const auto out =
        run_program({"/bin/sh", "-c", fmt::format("'{}' export -o - > /dev/full", dbbackup_path())},
                    scene.options());
    check_guess(out, 1, "No space left on device");
    CHECK(out.err.find("--dir") == std::string::npos);
    CHECK(out.err.find("send stdout to another place") != std::string::npos);
    const SmallDisk disk{"1m"};
    if (!disk.there()) {
        return;
    }
    scene.change("create table big as select md5(g::text) from generate_series(1, 60000) g");
    for (const char* name : {"x.json", "x.csv"}) {
        const auto result = scene.run({"-o", (disk / name).string()});
        check_guess(result, 1, "No space left on device");
        CHECK(result.err.find("name another place with --output") != std::string::npos);
    }
}
