#include "support/scene/drill_scene.hpp"

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/program/processes.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <set>
#include <sstream>
#include <sys/stat.h>

namespace dbbackup::test {

namespace {

/// Scratch servers run as another user if we are root, and must be able to get there.
void open_for_all(const std::filesystem::path& directory) {
    REQUIRE(::chmod(directory.c_str(), 0711) == 0);
}

} // namespace

std::string text_of(const nlohmann::json& json) {
    return json.is_string() ? json.get<std::string>() : std::string{};
}

std::string Drilled::compared(const std::string& schema, const std::string& table) const {
    for (const nlohmann::json& one : drill().at("tables")) {
        if (one.at("schema") == schema && one.at("name") == table) {
            return one.at("compared");
        }
    }
    return {};
}

std::string Drilled::compared() const {
    std::set<std::string> words;
    for (const nlohmann::json& one : drill().at("tables")) {
        words.insert(one.at("compared").get<std::string>());
    }
    if (words.size() > 1) {
        words.erase("contents");
    }
    std::string all;
    for (const std::string& word : words) {
        all += all.empty() ? word : ", " + word;
    }
    return all;
}

std::string Drilled::differences() const {
    std::string lines;
    if (dump.is_object() && drill().is_object()) {
        for (const nlohmann::json& one : drill().at("differences")) {
            lines += one.get<std::string>() + "\n";
        }
    }
    return lines;
}

std::vector<std::string> Drilled::left_out() const {
    auto left_out = drill().at("left_out").get<std::vector<std::string>>();
    if (Cluster::shared().major() < 17) {
        std::erase(left_out, "setting transaction_timeout, which the server does not know");
    }
    return left_out;
}

bool Drilled::on_major_of_server() const {
    return drill()
        .at("server_version")
        .get<std::string>()
        .starts_with(std::to_string(Cluster::shared().major()));
}

const std::string k_slow_to_restore =
    "create function slow(integer) returns boolean language plpgsql as 'begin if "
    "current_setting(''application_name'') = ''dbbackup'' then perform pg_catalog.pg_sleep(30); "
    "end if; return true; end';"
    "create table slowly (id integer check (slow(id))); insert into slowly values (1);";

DrillScene::DrillScene(const std::string& sql) : place_(temp_ / "place") {
    open_for_all(temp());
    std::filesystem::create_directory(place());
    open_for_all(place());
    if (!sql.empty()) {
        database_.psql("set client_min_messages = error;\n" + sql);
    }
}

std::filesystem::path DrillScene::dump(std::vector<std::string> arguments) const {
    return take_dump(database_.url(), dumps(), std::move(arguments)).path;
}

std::filesystem::path DrillScene::write_dump(std::string_view content) const {
    static int count = 0;
    auto path = temp() / fmt::format("foreign_{}.{}", count++,
                                     content.starts_with("PGDMP") ? "dump" : "sql");
    write_file(path, content);
    return path;
}

std::filesystem::path
DrillScene::foreign_dump(const std::vector<std::string>& words,
                         const std::map<std::string, std::string>& environment) const {
    std::vector<std::string> command{(Cluster::shared().bin_dir() / "pg_dump").string(),
                                     "--dbname=" + database_.url()};
    command.insert(command.end(), words.begin(), words.end());
    ProgramOptions options;
    options.environment = environment;
    const ProgramResult result = run_program(command, options);
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    return write_dump(result.out);
}

std::vector<std::string> DrillScene::words(const std::filesystem::path& dump,
                                           std::vector<std::string> arguments) const {
    std::vector<std::string> words{dbbackup_path(), "verify", "--restore",
                                   dump.string(),   "--dir",  dumps()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return words;
}

ProgramOptions DrillScene::options() const {
    ProgramOptions options;
    options.environment = {{"TMPDIR", place().string()}, {"DBBACKUP_TEST_MARK", temp().string()}};
    options.directory = temp();
    return options;
}

Drilled DrillScene::drill(const std::filesystem::path& dump,
                          std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--json", "--no-progress"}); // a slow machine displays it
    Drilled drilled{.result = run_program(words(dump, std::move(arguments)), options()),
                    .dump = nullptr};
    check_nothing_left();
    const auto report = nlohmann::json::parse(drilled.result.out);
    if (report.contains("dumps") && report.at("dumps").size() == 1) {
        drilled.dump = report.at("dumps").at(0);
    }
    return drilled;
}

void DrillScene::check_proven(const Drilled& drilled) const {
    INFO(drilled.result.err << drilled.result.out);
    CHECK(drilled.result.exit_code == 0);
    CHECK(drilled.result.err.empty());
    REQUIRE(drilled.dump.is_object());
    REQUIRE(drilled.drill().is_object());
    CHECK(drilled.dump.at("result") == "good");
    CHECK(drilled.differences() == "");
    CHECK(drilled.left_out().empty());
}

void DrillScene::check_failed(const Drilled& drilled, int exit_code,
                              const std::string& what) const {
    INFO(drilled.result.err << drilled.result.out);
    CHECK(drilled.result.exit_code == exit_code);
    REQUIRE(drilled.dump.is_object());
    CHECK(drilled.dump.at("result") == (exit_code == 3 ? "damaged" : "unverified"));
    CHECK_FALSE(text_of(drilled.dump.at("hint")).empty());
    const std::string said = text_of(drilled.dump.at("message")) + "\n" + drilled.differences();
    CHECK(said.find(what) != std::string::npos);
}

void DrillScene::check_nothing_left() const {
    (void)eventually(
        [this] { return processes_with(temp().string()).empty() && processes_in(temp()).empty(); });
    CHECK(processes_with(temp().string()) == std::vector<std::string>{});
    CHECK(processes_in(temp()) == std::vector<std::string>{});
    if (std::filesystem::is_directory(place())) {
        CHECK(names_in(place()) == std::vector<std::string>{});
    }
}

std::string ScratchRole::url() const {
    return Cluster::shared().url("postgres", name(), "unused");
}

std::vector<std::string> ScratchRole::with(std::vector<std::string> words) const {
    words.insert(words.end(), {"--scratch-url", url()});
    return words;
}

std::vector<std::string> ScratchRole::databases() const {
    std::istringstream lines{Cluster::shared().psql(
        "postgres", fmt::format("select datname from pg_database where datdba = '{}'::regrole "
                                "order by 1",
                                name()))};
    std::vector<std::string> names;
    for (std::string line; std::getline(lines, line);) {
        names.push_back(line);
    }
    return names;
}

void ScratchRole::check_nothing_left() const {
    const auto sessions = [this] {
        return Cluster::shared().psql(
            "postgres",
            fmt::format("select count(*) from pg_stat_activity where usename = '{}'", name()));
    };
    CHECK(eventually([&] { return sessions() == "0"; }));
    CHECK(databases() == std::vector<std::string>{});
}

std::vector<std::string> processes_in(const std::filesystem::path& directory) {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator{"/proc"}) {
        std::error_code gone;
        const std::string home = std::filesystem::read_symlink(entry.path() / "cwd", gone);
        if (!gone && home.starts_with(directory.string() + "/")) {
            found.push_back(entry.path().filename().string() + " in " + home);
        }
    }
    return found;
}

bool loads_rows_in(const std::filesystem::path& place) {
    return std::ranges::any_of(processes_in(place), [](const std::string& process) {
        std::ifstream file{fmt::format("/proc/{}/cmdline", std::stoi(process))};
        std::string title;
        std::getline(file, title);
        return title.find("dbbackup_scratch_") != std::string::npos &&
               title.find("COPY") != std::string::npos;
    });
}

} // namespace dbbackup::test
