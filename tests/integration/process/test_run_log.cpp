// The log file: what each run did, only in our own words.

#include "support/catch.hpp"
#include "support/program/program.hpp"
#include "support/scene/dump_scene.hpp"
#include "support/scene/restore_scene.hpp"

#include <dbbackup/pg/session.hpp>

#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>
#include <thread>

using namespace dbbackup;
using namespace dbbackup::test;

namespace {

constexpr int k_failed = 1;

std::vector<std::string> lines_of(const std::filesystem::path& path) {
    std::vector<std::string> lines;
    std::istringstream text{read_file(path)};
    for (std::string line; std::getline(text, line);) {
        lines.push_back(line);
    }
    return lines;
}

std::vector<nlohmann::json> events_of(const std::filesystem::path& path) {
    std::vector<nlohmann::json> events;
    for (const std::string& line : lines_of(path)) {
        events.push_back(nlohmann::json::parse(line));
    }
    return events;
}

/// A dump that the server refuses with a message that quotes a row.
std::filesystem::path dump_with_duplicates(const RestoreScene& scene) {
    scene.source().psql("create table people (email text); insert into people values "
                        "('ada@example.com'), ('ada@example.com')");
    const std::filesystem::path path = scene.foreign_dump({});
    std::string sql = read_file(path);
    const std::string end = "--\n-- PostgreSQL database dump complete";
    const std::size_t at = sql.find(end);
    REQUIRE(at != std::string::npos);
    write_file(path, sql.insert(at, "ALTER TABLE ONLY public.people ADD CONSTRAINT late UNIQUE "
                                    "(email);\n\n\n"));
    return path;
}

} // namespace

TEST_CASE("the log has a line each for start, result and end of a run") {
    const DumpScene scene;
    const auto log = scene.temp() / "log";
    scene.check_dumped(scene.dump({"--log-file", log.string()}));
    const auto lines = lines_of(log);
    REQUIRE(lines.size() >= 3);
    const std::regex start{
        R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info \[\d+\] dump: start: dbbackup .* started)"};
    const std::regex result{R"(.*Z info \[\d+\] dump: result: dumped .* rows? in \d+ tables?.*)"};
    const std::regex end{R"(.*Z info \[\d+\] dump: end: exit 0 after \d+\.\d{3} s)"};
    CHECK(std::regex_match(lines.front(), start));
    CHECK(std::regex_match(lines.at(lines.size() - 2), result));
    CHECK(std::regex_match(lines.back(), end));
}

TEST_CASE("a JSON log has one object per line, and can be set in the configuration") {
    const DumpScene scene;
    const auto log = scene.temp() / "log";
    write_file(scene.temp() / "backup.toml",
               "log-file = \"" + log.string() + "\"\nlog-format = \"json\"\n");
    const ProgramResult result =
        scene.dump({"--config", (scene.temp() / "backup.toml").string(), "-t", "nosuch"});
    CHECK(result.exit_code == k_failed);
    const auto events = events_of(log);
    REQUIRE(events.size() >= 3);
    CHECK(events.front().at("event") == "start");
    CHECK(events.front().at("command") == "dump");
    CHECK(events.front().at("version").is_string());
    const auto& error = events.at(events.size() - 2);
    CHECK(error.at("event") == "error");
    CHECK(error.at("level") == "error");
    CHECK(error.at("kind") == "failed");
    CHECK(error.at("message").get<std::string>().find("pg_dump failed") != std::string::npos);
    CHECK(events.back().at("event") == "end");
    CHECK(events.back().at("exit_code") == k_failed);
    CHECK(events.back().at("duration_ms").is_number_unsigned());
}

TEST_CASE("the log repeats neither rows nor the server's messages, only the SQLSTATE") {
    RestoreScene scene;
    const auto dump = dump_with_duplicates(scene);
    scene.remember();
    const auto log = scene.temp() / "log";
    for (const std::string level : {"info", "debug"}) {
        const ProgramResult result = scene.restore(
            dump, {"--log-file", log.string(), "--log-level", level, "--log-format", "json"});
        scene.check_failed(result, k_failed, "ada@example.com");
        const std::string text = read_file(log);
        CHECK(text.find("ada@example") == std::string::npos);
        CHECK(text.find("Key (") == std::string::npos);
        CHECK(text.find("SQLSTATE 23505") != std::string::npos);
        for (const auto& event : events_of(log)) {
            CHECK(event.dump().find("\\u000e") == std::string::npos);
        }
    }
}

TEST_CASE("the log never contains a password") {
    const DumpScene scene;
    const auto log = scene.temp() / "log";
    const std::string url = "postgres://someone:s3cr3t@127.0.0.1:1/db?password=s3cr3t";
    for (const std::vector<std::string>& words : {std::vector<std::string>{"dump", "--url", url},
                                                  {"verify", url},
                                                  {"dump", "--label", url},
                                                  {"restore", "s3cr3t@x", "--url", url}}) {
        std::vector<std::string> all = words;
        all.insert(all.end(), {"--log-file", log.string(), "--log-level", "debug"});
        CHECK(run_dbbackup(all).exit_code != 0);
    }
    CHECK(lines_of(log).size() >= 8);
    CHECK(read_file(log).find("s3cr3t") == std::string::npos);
}

TEST_CASE("the level decides which lines are logged") {
    const DumpScene scene;
    const auto log = scene.temp() / "log";
    scene.check_dumped(scene.dump({"--log-file", log.string(), "--log-level", "warning"}));
    CHECK_FALSE(std::filesystem::exists(log));
    scene.remove_new();
    scene.check_dumped(scene.dump({"--log-file", log.string(), "--log-level", "debug"}));
    CHECK(read_file(log).find("dump: detail: ") != std::string::npos);
}

TEST_CASE("the log includes warnings from reading the settings") {
    const TempDir home;
    const auto log = home / "log";
    write_file(home / ".env", "DATABASE_URL=postgres://u:s3cr3t@127.0.0.1:1/shop\n");
    std::filesystem::permissions(home / ".env", std::filesystem::perms{0644});
    CHECK(
        run_dbbackup({"dump", "--log-file", log.string()}, {.directory = home.path()}).exit_code ==
        k_failed);
    const std::string text = read_file(log);
    CHECK(text.find("warning") < text.find("error"));
    CHECK(text.find("holds a password, and its mode 0644") != std::string::npos);
    CHECK(text.find("s3cr3t") == std::string::npos);
}

TEST_CASE("the log is never written to another kind of file") {
    const DumpScene scene;
    REQUIRE(scene.dump({"-Z", "none"}).exit_code == 0);
    for (const std::string& name : names_in(scene.dumps())) {
        const auto path = scene.dumps() / name;
        const std::string before = read_file(path);
        CAPTURE(name);
        CHECK(run_dbbackup({"list", "--dir", scene.dumps(), "--log-file", path}).exit_code == 2);
        CHECK(read_file(path) == before);
    }
    const auto precious = scene.temp() / "precious";
    write_file(precious, std::string(11'000'000, 'x'));
    const ProgramResult result =
        run_dbbackup({"list", "--dir", scene.dumps(), "--log-file", precious});
    CHECK(result.exit_code == 0);
    CHECK(result.err.find("another kind of file") != std::string::npos);
    CHECK(read_file(precious).size() == 11'000'000);
    CHECK_FALSE(std::filesystem::exists(scene.temp() / "precious.1"));
    CHECK(run_dbbackup({"list", "--log-file", "postgres://u:s3cr3t@h/d"}).exit_code == 2);
}

TEST_CASE("a log that cannot be written causes a warning, and the run continues") {
    const DumpScene scene;
    write_file(scene.temp() / "precious", "as it was");
    std::filesystem::create_symlink(scene.temp() / "precious", scene.temp() / "link");
    for (const std::string name : {"nowhere/log", "link", "."}) {
        CAPTURE(name);
        const ProgramResult result = scene.dump({"--log-file", (scene.temp() / name).string()});
        scene.check_dumped(result);
        const std::string warning = "warning: the log cannot be written: ";
        const std::size_t at = result.err.find(warning);
        REQUIRE(at != std::string::npos);
        CHECK(result.err.find(warning, at + 1) == std::string::npos); // reported once
        scene.remove_new();
    }
    CHECK(read_file(scene.temp() / "precious") == "as it was");
}

TEST_CASE("the log records a run that a signal ended") {
    const DumpScene scene;
    scene.fill(1);
    const auto log = scene.temp() / "log";
    pg::Session other{pg::parse_connection_url(scene.database().url())};
    (void)other.query("begin");
    (void)other.query("lock table filler");
    Program program{scene.words({"--log-file", log.string(), "--log-format", "json"}),
                    scene.options()};
    const std::string waiting = "select count(*) from pg_locks join pg_database d on d.oid = "
                                "database where not granted and datname = current_database()";
    while (program.running() && scene.database().psql(waiting) == "0") {
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    program.send(SIGTERM);
    CHECK(program.wait().exit_code == 128 + SIGTERM);
    const auto events = events_of(log);
    REQUIRE(events.size() >= 3);
    CHECK(events.at(events.size() - 2).at("event") == "interrupted");
    CHECK(events.back().at("exit_code") == 128 + SIGTERM);
}
