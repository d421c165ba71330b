// --all: one run for each section of the configuration.

#include "support/catch.hpp"
#include "support/dumps/sample_directory.hpp"
#include "support/program/fake_tools.hpp"
#include "support/program/processes.hpp"
#include "support/server/cluster.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

using namespace dbbackup::test;
using Words = std::vector<std::string>;

namespace {

/// Databases with a table of their own, each with a section db00, db01, …
class Databases {
public:
    explicit Databases(int count) {
        std::string configuration = "dir = \"backups\"\n[dump]\nkeep-last = 1\ncompress = 'none'\n";
        for (int i = 0; i < count; ++i) {
            databases_.push_back(std::make_unique<TestDatabase>());
            databases_.back()->psql(fmt::format(
                "create table t{} as select g from generate_series(1, {}) g", i, 10 + i));
            configuration += fmt::format("[database.{}]\nurl-env = \"URL_{}\"\n", section(i), i);
            urls_.push_back(databases_.back()->url());
        }
        write_file(home / "dbbackup.toml", configuration);
        write_urls();
    }

    void use_url(int i, const std::string& url) {
        urls_.at(static_cast<std::size_t>(i)) = url;
        write_urls();
    }

    [[nodiscard]] static std::string section(int i) { return fmt::format("db{:02}", i); }

    [[nodiscard]] const TestDatabase& at(int i) const {
        return *databases_.at(static_cast<std::size_t>(i));
    }

    void drop(int i) const { Cluster::shared().psql("postgres", "drop database " + at(i).name()); }

    [[nodiscard]] ProgramOptions options() const { return {.directory = home.path()}; }

    [[nodiscard]] ProgramResult run(const Words& words) const {
        return run_dbbackup(words, options());
    }

    [[nodiscard]] int dumps_of(int i) const {
        const auto names = names_in(home / "backups");
        return static_cast<int>(std::ranges::count_if(names, [&](const std::string& name) {
            return name.starts_with(at(i).name() + "_") && name.ends_with(".json");
        }));
    }

    TempDir home;

private:
    void write_urls() const {
        std::string env;
        for (std::size_t i = 0; i < urls_.size(); ++i) {
            env += fmt::format("URL_{}='{}'\n", i, urls_[i]);
        }
        write_file(home / ".env", env);
        std::filesystem::permissions(home / ".env", std::filesystem::perms{0600});
    }

    std::vector<std::unique_ptr<TestDatabase>> databases_;
    std::vector<std::string> urls_;
};

/// A role that may connect, and read nothing.
class PoorRole {
public:
    explicit PoorRole(const TestDatabase& database) : name_("poor_" + database.name()) {
        database.psql(fmt::format("create role {} login password 'pw'", name_));
    }

    ~PoorRole() { Cluster::shared().psql("postgres", "drop role " + name_); }

    PoorRole(const PoorRole&) = delete;
    PoorRole& operator=(const PoorRole&) = delete;

    [[nodiscard]] std::string url(const TestDatabase& database) const {
        return Cluster::shared().url(database.name(), name_, "pw");
    }

private:
    std::string name_;
};

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

void wait_for(const std::filesystem::path& path) {
    for (int i = 0; i < 1000 && !std::filesystem::exists(path); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    REQUIRE(std::filesystem::exists(path));
}

} // namespace

TEST_CASE("of twenty databases three fail, and the others are dumped and pruned") {
    constexpr int k_count = 20;
    constexpr int k_no_rights = 3;
    constexpr int k_gone = 8;
    constexpr int k_locked = 15;
    Databases databases{k_count};
    REQUIRE(databases.run({"dump", "--all", "--parallel", "2"}).exit_code == 0);
    databases.drop(k_gone);
    const PoorRole role{databases.at(k_no_rights)};
    databases.use_url(k_no_rights, role.url(databases.at(k_no_rights)));
    const HeldFile held{databases.home / "backups" / lock_name_of(databases.at(k_locked).name()),
                        HeldFile::How::exclusive};

    const ProgramResult result = databases.run({"dump", "--all", "--parallel", "4"});
    INFO(result.out + result.err);
    CHECK(result.exit_code == 1);
    for (int i = 0; i < k_count; ++i) {
        CAPTURE(i);
        CHECK(databases.dumps_of(i) == 1);
        const bool failed = i == k_gone || i == k_locked || i == k_no_rights;
        const std::string heading = "[" + Databases::section(i) + "]\n";
        CHECK(has(failed ? result.err : result.out, heading));
        if (!failed) {
            // Whole and unmixed: its own dump follows the heading.
            const std::size_t at = result.out.find(heading) + heading.size();
            CHECK(result.out.substr(at).starts_with("backups/" + databases.at(i).name()));
            CHECK(has(result.out.substr(at, 400), fmt::format(" {} rows in 1 table", 10 + i)));
        }
    }
    CHECK(has(result.err, "error: 17 of 20 databases done, 3 failed\n"));
    CHECK(has(result.err, "db03: "));
    CHECK(has(result.err, "permission denied for table t3"));
    CHECK(has(result.err, "db08: cannot connect to database"));
    CHECK(has(result.err, "  again: dbbackup --database db08 dump\n"));
    CHECK(has(result.err, "db15: another run holds the lock for database"));
    CHECK(has(result.err, "(exit code 4)\n  again: dbbackup --database db15 dump\n"));

    const ProgramResult json = databases.run({"dump", "--all", "--parallel", "4", "--json"});
    CHECK(json.exit_code == 1);
    const auto report = nlohmann::json::parse(json.out);
    CHECK_FALSE(has(json.out + json.err + result.out + result.err, "pw@"));
    CHECK(report.at("exit_code") == 1);
    REQUIRE(report.at("databases").size() == k_count);
    CHECK(report.at("databases").at(k_locked).at("exit_code") == 4);
    CHECK(report.at("databases").at(k_locked).at("result").at("error").at("kind") == "locked");
    CHECK(report.at("databases").at(0).at("result").at("manifest").at("database").at("name") ==
          databases.at(0).name());
}

TEST_CASE("a signal reaches every run of --all, which end as they do alone") {
    for (const int signal_number : {SIGTERM, SIGINT}) {
        CAPTURE(signal_number);
        const Databases databases{4};
        FakeTools tools{databases.home.path()};
        const auto mark = databases.home / "started";
        tools.make("pg_dump", fmt::format(": > '{}'\n{}", mark.string(), k_hang));
        Program run{
            {dbbackup_path(), "dump", "--all", "--parallel", "2", "--bin-dir", tools.directory()},
            databases.options()};
        wait_for(mark);
        run.send(signal_number);
        const ProgramResult result = run.wait();
        INFO(result.out + result.err);
        CHECK(result.exit_code == 128 + signal_number);
        CHECK(has(result.err, "0 of 4 databases done, 2 failed, 2 not begun"));
        const auto left = names_in(databases.home / "backups");
        CAPTURE(left);
        CHECK(std::ranges::none_of(left, [](const std::string& name) {
            return has(name, "partial") || has(name, ".sql");
        }));
    }
}

TEST_CASE("printed commands keep the section, and restore it", "[matrix]") {
    const Databases databases{2};
    REQUIRE(databases.run({"dump", "--all"}).exit_code == 0);
    databases.at(0).psql("drop table t0");
    // The newest dump of all is of the other database.
    const ProgramResult plan =
        databases.run({"restore", "--database", "db00", "--dry-run", "--json"});
    INFO(plan.out + plan.err);
    CHECK(plan.exit_code == 0);
    CHECK(has(plan.out, databases.at(0).name() + "_"));
    CHECK_FALSE(has(plan.out, databases.at(1).name()));
    CHECK(databases.run({"restore", "--database", "db00"}).exit_code == 0);
    CHECK(databases.at(0).psql("select count(*) from t0") == "10");
    const ProgramResult clean = databases.run(
        {"restore", "--database", "db00", "--clean", "--confirm", databases.at(0).name()});
    INFO(clean.out + clean.err);
    CHECK(clean.exit_code == 0);
    CHECK(has(clean.out, "--database db00"));
    CHECK_FALSE(has(clean.out, "--url"));
}

TEST_CASE("no URL stands in the arguments of a run of --all") {
    const Databases databases{1};
    FakeTools tools{databases.home.path()};
    const auto mark = databases.home / "started";
    tools.make("pg_dump", fmt::format(": > '{}'\n{}", mark.string(), k_hang));
    Program run{{dbbackup_path(), "dump", "--all", "--bin-dir", tools.directory()},
                databases.options()};
    wait_for(mark);
    const ProgramResult processes = run_program({"/bin/ps", "-eo", "args"});
    std::istringstream lines{processes.out};
    bool is_seen = false;
    for (std::string line; std::getline(lines, line);) {
        if (has(line, tools.directory())) { // others test on this machine too
            is_seen = is_seen || has(line, "--database db00 --no-notify dump --bin-dir");
            CHECK_FALSE(has(line, "postgresql://"));
        }
    }
    CHECK(is_seen);
    run.send(SIGTERM);
    CHECK(run.wait().exit_code == 128 + SIGTERM);
}
