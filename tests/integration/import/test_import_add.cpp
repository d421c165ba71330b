// Rows that are missing come back, and nothing else changes.

#include "support/catch.hpp"
#include "support/scene/import_scene.hpp"

#include <fstream>

using namespace dbbackup::test;

namespace {

/// The only file of inserted keys.
std::string undo_file(const ImportScene& scene) {
    std::string found;
    for (const std::string& name : scene.new_names()) {
        if (name.ends_with(".import-undo")) {
            CHECK(found.empty());
            found = scene.dumps() / name;
        }
    }
    return found;
}

} // namespace

TEST_CASE("deleted rows come back, while new and changed ones stay", "[matrix]") {
    const std::string format = GENERATE("plain", "custom");
    ImportScene scene{k_accounts, {"--format", format}};
    const std::string before = scene.ask("select md5(string_agg(o::text, ',' order by id)) from "
                                         "orders o where id <= 200 and id <> 7");
    scene.change("delete from orders where id % 3 = 0;"
                 "update orders set note = 'mine' where id = 7;"
                 "insert into orders (customer_id, total) values (1, 5), (2, 6)");
    const auto report = scene.report({"--mode", "add"});
    CHECK(report.at("committed") == true);
    CHECK(counts_of(report, "orders") == "66/0/133/1/0/0");
    CHECK(counts_of(report, "customers") == "0/0/20/0/0/0");
    CHECK(scene.ask("select count(*), max(id) from orders") == "202|202");
    CHECK(scene.ask("select note from orders where id = 7") == "mine");
    CHECK(scene.ask("select md5(string_agg(o::text, ',' order by id)) from orders o where id <= "
                    "200 and id <> 7") == before);
}

TEST_CASE("adding twice is adding once") {
    ImportScene scene{k_accounts};
    scene.change("delete from orders where id > 100");
    CHECK(counts_of(scene.report({"--mode", "add"}), "orders") == "100/0/100/0/0/0");
    const std::string once = scene.content();
    CHECK(counts_of(scene.report({"--mode", "add"}), "orders") == "0/0/200/0/0/0");
    CHECK(scene.content() == once);
}

TEST_CASE("a dry run counts what the import then does, and changes nothing") {
    ImportScene scene{k_accounts};
    scene.change("delete from orders where id > 150; delete from customers where id = 77");
    const auto dry = scene.report({"--mode", "add", "--dry-run"});
    CHECK(dry.at("committed") == false);
    CHECK(dry.at("dry_run") == true);
    CHECK(counts_of(dry, "orders") == "50/0/150/0/0/0");
    CHECK(scene.new_names().empty());
    scene.check_untouched();
    CHECK(scene.report({"--mode", "add"}).at("tables") == dry.at("tables"));
}

TEST_CASE("add asks nothing and takes no safety dump") {
    ImportScene scene{k_accounts};
    scene.change("delete from orders where id = 5");
    const auto result = scene.import({"--mode", "add"});
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK(scene.new_names().size() == 1);
    CHECK(std::filesystem::status(undo_file(scene)).permissions() ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST_CASE("the command that is printed undoes an add") {
    ImportScene scene{k_accounts};
    scene.change("delete from orders where id > 150");
    const auto result = scene.import({"--mode", "add"});
    INFO(result.err << result.out);
    const auto undone = scene.run_printed(result, "dbbackup import --undo");
    INFO(undone.err << undone.out);
    CHECK(undone.exit_code == 0);
    CHECK(scene.ask("select count(*), max(id) from orders") == "150|150");
}

TEST_CASE("undo leaves rows that were changed since, or that others refer to") {
    ImportScene scene{k_accounts};
    scene.change("delete from orders where id > 150; delete from orders where customer_id = 3; "
                 "delete from customers where id = 3");
    CHECK(counts_of(scene.report({"--mode", "add"}), "customers") == "1/0/19/0/0/0");
    scene.change("update orders set note = 'x' where id = 160; delete from orders where id = 170;"
                 "insert into orders (customer_id, total) values (3, 1)");
    const auto words = [&](std::vector<std::string> more) {
        std::vector<std::string> all{dbbackup_path(), "import", "--undo", undo_file(scene),
                                     "--json"};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    };
    const auto dry = run_program(words({"--dry-run"}), scene.options());
    CHECK(dry.exit_code == 0);
    scene.check_untouched();
    const auto result = run_program(words({}), scene.options());
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    const auto tables = nlohmann::json::parse(result.out).at("tables");
    CHECK(tables[0].at("in_use") == 1);
    CHECK(tables[0].at("deleted") == 0);
    CHECK(tables[1].at("inserted") == 58);
    CHECK(tables[1].at("changed") == 1);
    CHECK(tables[1].at("gone") == 1);
    CHECK(tables[1].at("deleted") == 56);
    CHECK(scene.ask("select count(*) from orders where id > 150 and id <= 200") == "1");
}

TEST_CASE("undo refuses a file that is cut, of another database, or no such file") {
    ImportScene scene{k_accounts};
    scene.change("delete from orders where id > 150");
    REQUIRE(scene.import({"--mode", "add"}).exit_code == 0);
    scene.change("select 1");
    const std::string file = undo_file(scene);
    const std::string other = scene.temp() / "other";
    const auto undo = [&](const std::string& path, const TestDatabase& database) {
        return run_program({dbbackup_path(), "import", "--undo", path},
                           {.environment = {{"DATABASE_URL", database.url()}}});
    };
    std::filesystem::copy_file(file, other);
    std::filesystem::resize_file(other, std::filesystem::file_size(other) - 40);
    scene.check_failed(undo(other, scene.database()), 3, "rows are missing");
    const TestDatabase elsewhere;
    scene.check_failed(undo(file, elsewhere), 5, "of an import into another database");
    std::ofstream{other} << "{}\n";
    scene.check_failed(undo(other, scene.database()), 1, "is not a list of imported rows");
    scene.check_failed(undo(scene.temp() / "none", scene.database()), 1, "cannot open");
}

TEST_CASE("sequences rise with the rows that come back") {
    ImportScene scene{k_accounts};
    scene.change("delete from orders; delete from customers; "
                 "alter sequence orders_id_seq restart; alter sequence customers_id_seq restart");
    scene.check_failed(scene.import({"--mode", "add"}), 5, "created again");
    CHECK(counts_of(scene.report({"--mode", "add", "--trust-ids"}), "orders") == "200/0/0/0/0/0");
    CHECK(scene.ask("insert into orders (customer_id, total) values (1, 1) returning id") == "201");
    CHECK(scene.ask("insert into customers (email) values ('x') returning id") == "21");
}

TEST_CASE("a command runs after the import, with the report") {
    ImportScene scene{k_accounts};
    scene.change("delete from orders where id = 5");
    const std::string out = scene.temp() / "seen";
    const auto result =
        scene.import({"--mode", "add", "--", "sh", "-c", "cat > " + out + "; exit 3"});
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK(result.err.find("the rows are imported, but the command ended with exit status 3") !=
          std::string::npos);
    std::ifstream file{out};
    CHECK(nlohmann::json::parse(file).at("total").at("inserted") == 1);
    scene.change("delete from orders where id = 5");
    scene.check_failed(scene.import({"--mode", "add", "--", "no-such-program"}), 2, "no program");
}
