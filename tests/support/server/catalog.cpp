#include "support/server/catalog.hpp"

#include "support/dumps/dumps.hpp"
#include "support/server/cluster.hpp"

#include <fmt/format.h>
#include <stdexcept>

namespace dbbackup::test {

Catalog::Catalog() {
    const TestDatabase database;
    database.psql("create table items (i integer); insert into items values (1), (2)");
    sample_ = take_dump(database.url(), home_ / "sample").manifest;
    std::filesystem::create_directory(directory());
}

std::string Catalog::add(const std::string& database, std::string time) {
    std::string name = fmt::format("{}_{}.sql", database, time);
    nlohmann::json manifest = sample_;
    time[13] = time[16] = ':';
    time[19] = '.';
    manifest["database"]["name"] = database;
    manifest["dump"]["started_at"] = time;
    manifest["file"]["name"] = name;
    manifest["file"]["size"] = 3;
    write_file(directory() / name, "sql");
    write_file(directory() / (name + ".json"), manifest.dump());
    return name;
}

ProgramResult Catalog::run(std::vector<std::string> words, const std::string& url) const {
    words.insert(words.end(), {"--dir", directory().string()});
    ProgramOptions options{.directory = home()};
    if (!url.empty()) {
        options.environment["DATABASE_URL"] = url;
    }
    return run_dbbackup(words, options);
}

nlohmann::json Catalog::list() const {
    const ProgramResult result = run({"list", "--json"});
    if (result.exit_code != 0 || !result.err.empty()) {
        throw std::runtime_error("dbbackup list: " + result.out + result.err);
    }
    return nlohmann::json::parse(result.out).at("dumps");
}

std::vector<std::string> Catalog::names() const {
    std::vector<std::string> names;
    for (const nlohmann::json& dump : list()) {
        names.push_back(dump.at("name"));
    }
    return names;
}

nlohmann::json Catalog::entry(const std::string& name) const {
    for (const nlohmann::json& dump : list()) {
        if (dump.at("name") == name) {
            return dump;
        }
    }
    return {};
}

std::string Catalog::shown(const std::string& what, const std::string& url) const {
    const ProgramResult result = run({"show", what, "--json"}, url);
    const auto report = nlohmann::json::parse(result.out);
    return result.exit_code == 0 ? report.at("manifest").at("file").at("name").get<std::string>()
                                 : fmt::format("{}: {}", result.exit_code,
                                               report.at("error").at("message").get<std::string>());
}

} // namespace dbbackup::test
