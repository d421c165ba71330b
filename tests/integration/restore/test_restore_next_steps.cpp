#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/scene/shop_restore.hpp"
#include "support/server/server_side.hpp"

// Commands in restore's hints work as printed.

using namespace dbbackup::test;

namespace {

constexpr int k_usage = 2;
constexpr int k_refused = 5;

/// The command line in `text` after `before`, up to the end of its sentence or line.
std::string command_after(const std::string& text, const std::string& before) {
    const std::size_t begin = text.find(before);
    if (begin == std::string::npos) {
        return {};
    }
    const std::size_t start = begin + before.size();
    return text.substr(start, std::min(text.find('\n', start), text.find(". ", start)) - start);
}

ProgramResult type(const std::string& line, ProgramOptions options) {
    options.environment["PATH"] =
        std::filesystem::path{dbbackup_path()}.parent_path().string() + ":/usr/bin:/bin";
    return run_program({"/bin/sh", "-c", line}, options);
}

} // namespace

TEST_CASE("restore --create into an existing database prints the command without --create") {
    ShopRestore scene;
    const auto dump = scene.dump();
    scene.renew_target();
    const ProgramResult result = scene.restore(dump, {"--create"});
    scene.check_failed(result, k_refused, "already exists");
    const std::string line = command_after(result.err, "restore into that one: ");
    INFO(line);
    CHECK(line.find(dump.string()) != std::string::npos);
    CHECK(line.find("--create") == std::string::npos);
    scene.check_restored(type(line, scene.options()));
}

TEST_CASE("restore into a missing database prints the command that creates it") {
    ShopRestore scene;
    const auto dump = scene.dump();
    const std::string made = scene.target().name() + "_made";
    ProgramOptions options = scene.options();
    options.environment["DATABASE_URL"] = Cluster::shared().url(made);
    for (const std::vector<std::string>& flags :
         std::vector<std::vector<std::string>>{{}, {"--clean"}, {"--clean", "--exact"}}) {
        std::vector<std::string> words{dbbackup_path(), "restore", dump.string()};
        words.insert(words.end(), flags.begin(), flags.end());
        const ProgramResult result = run_program(words, options);
        CHECK(result.exit_code != 0);
        const std::string line = command_after(result.err, "restore into it: ");
        INFO(result.err);
        const ProgramResult typed = type(line, options);
        INFO(typed.err);
        CHECK(typed.exit_code == 0);
        Cluster::shared().psql("postgres", "drop database " + made);
    }
}

TEST_CASE("restore --exact with a choice of tables prints the command without --exact") {
    ShopRestore scene;
    const auto dump = scene.dump();
    scene.remember();
    const ProgramResult result =
        scene.restore(dump, {"--clean", "--exact", "-t", "shop.customers"});
    scene.check_failed(result, k_usage, "--exact would drop");
    const std::string line = command_after(result.err, "To drop only the chosen objects first: ");
    INFO(result.err);
    CHECK(line.find("--exact") == std::string::npos);
    CHECK(line.find("--table shop.customers") != std::string::npos);
    const ProgramResult typed = type(line + " --dry-run", scene.options());
    CHECK(typed.exit_code != k_usage);
}

TEST_CASE("restore --jobs of a plain dump prints the command without --jobs") {
    ShopRestore scene;
    const auto dump = scene.dump();
    scene.remember();
    const ProgramResult result = scene.restore(dump, {"--clean", "--jobs", "2"});
    scene.check_failed(result, k_usage, "--jobs needs an archive");
    const std::string line = command_after(result.err, "without --jobs: ");
    INFO(result.err);
    CHECK(line.find("--jobs") == std::string::npos);
    CHECK(line.find(" 2") == std::string::npos);
    scene.check_new(type(line, scene.options()));
}

TEST_CASE("restore of a pg_dump --create dump says to take the dump without that flag") {
    ShopRestore scene;
    const std::string source = scene.source().name();
    const auto dump = scene.foreign_dump({"--create"});
    const ProgramResult result = scene.restore(dump, {"--clean"});
    scene.check_failed(result, 3, "not safe to run");
    CHECK(result.err.find("it creates its own database, " + source + ",") != std::string::npos);
    CHECK(result.err.find("dump it again without that flag") != std::string::npos);
    const ProgramResult dropping =
        scene.restore(scene.foreign_dump({"--create", "--clean"}), {"--clean"});
    scene.check_failed(dropping, 3, "psql can run the file, but would first drop");
    CHECK(dropping.err.find("psql -X") == std::string::npos);

    // The database is missing, and the printed command creates it.
    const std::string made = source + "_made";
    const auto moved = scene.temp() / "moved.sql";
    const std::string connect = "\\connect " + source + "\n";
    std::string sql =
        replaced(read_file(dump), "CREATE DATABASE " + source, "CREATE DATABASE " + made);
    sql = replaced(sql, "ALTER DATABASE " + source, "ALTER DATABASE " + made);
    if (Cluster::shared().major() < 15) { // which knows no other provider, nor the word
        sql = replaced(sql, " LOCALE_PROVIDER = libc", "");
    }
    write_file(moved, replaced(sql, connect, "\\connect " + made + "\n"));
    const std::string line =
        command_after(scene.restore(moved, {"--clean"}).err, "Otherwise create it with psql: ");
    INFO(line);
    const ProgramResult typed = type(line, scene.options());
    INFO(typed.err);
    CHECK(typed.exit_code == 0);
    CHECK(Cluster::shared().psql(made, "select count(*) > 0 from shop.customers") == "t");
    Cluster::shared().psql("postgres", "drop database " + made);
}

TEST_CASE(
    "if a choice of tables is refused, the hinted restore of the whole dump elsewhere works") {
    ShopRestore scene;
    const auto dump = scene.dump();
    scene.target().psql("create schema extra; create view extra.v as select * from shop.customers");
    scene.remember();
    const ProgramResult result = scene.restore(dump, {"--clean", "-t", "shop.customers"});
    const std::string advice = "restore the whole dump, without -t and -n, into a new database";
    scene.check_failed(result, k_refused, advice);
    scene.check_failed(scene.restore(dump, {"-t", "shop.customers"}), k_refused, advice);
    scene.check_failed(scene.restore(dump, {"-n", "shop"}), k_refused, advice);
    const auto rows = scene.dump({"-a"});
    scene.remember();
    const ProgramResult refused = scene.restore(rows);
    scene.check_failed(refused, k_refused, "already contains");
    CHECK(refused.err.find("--create") == std::string::npos);
    const std::string made = scene.target().name() + "_made";
    const ProgramResult elsewhere =
        run_dbbackup({"restore", dump.string(), "--create", "--url", Cluster::shared().url(made)},
                     {.directory = scene.temp()});
    INFO(elsewhere.err);
    CHECK(elsewhere.exit_code == 0);
    Cluster::shared().psql("postgres", "drop database " + made);
}

TEST_CASE("rows that row-level security rejects are reported with a role that can restore them") {
    const RestoreScene scene;
    const TestRole role;
    scene.source().psql("create table t (i int); insert into t values (1)");
    scene.target().psql("create table t (i int); alter table t enable row level security;"
                        "grant all on t to " +
                        role.name());
    ProgramOptions options = scene.options();
    options.environment["DATABASE_URL"] =
        replaced(options.environment["DATABASE_URL"], "postgres@", role.name() + "@");
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
             {"--data-only"}, {"--data-only", "--enable-row-security"}}) {
        const ProgramResult result = run_program(
            scene.words(scene.foreign_dump(words), {"--clean", "--no-safety-dump"}), options);
        INFO(result.err);
        CHECK(result.exit_code == 1);
        CHECK(result.err.find("hint: Nothing was changed. Row-level security hides rows") !=
              std::string::npos);
        CHECK(result.err.find("ALTER ROLE name BYPASSRLS") != std::string::npos);
    }
    CHECK(scene.target().psql("select count(*) from t") == "0");
}
