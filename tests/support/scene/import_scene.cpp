#include "support/scene/import_scene.hpp"

#include "support/catch.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>

namespace dbbackup::test {

ImportScene::ImportScene(const std::string& sql, const std::vector<std::string>& dump_arguments) {
    database_.psql(sql);
    const ProgramResult result =
        run_program(words_of({"dump"}, dump_arguments), options_for(database_));
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    remember_names();
    remembered_ = content();
}

void ImportScene::change(const std::string& sql) {
    database_.psql(sql);
    remembered_ = content();
}

std::vector<std::string> ImportScene::import_words(std::vector<std::string> arguments) const {
    return words_of({"import", "latest"}, arguments);
}

ProgramResult ImportScene::import(std::vector<std::string> arguments) const {
    return run_program(import_words(std::move(arguments)), options());
}

ProgramResult ImportScene::import_into(const TestDatabase& other,
                                       std::vector<std::string> arguments) const {
    return run_program(import_words(std::move(arguments)), options_for(other));
}

nlohmann::json ImportScene::report(std::vector<std::string> arguments, int exit_code) const {
    arguments.emplace_back("--json");
    const ProgramResult result = import(std::move(arguments));
    INFO(result.err << result.out);
    REQUIRE(result.exit_code == exit_code);
    return nlohmann::json::parse(result.out);
}

ProgramResult ImportScene::run_printed(const ProgramResult& result,
                                       const std::string& words) const {
    const auto at = result.out.find(words);
    REQUIRE(at != std::string::npos);
    const std::string command = result.out.substr(at, result.out.find('\n', at) - at);
    return run_program(
        {"/bin/sh", "-c", dbbackup_path() + command.substr(std::string{"dbbackup"}.size())},
        options());
}

std::string ImportScene::map(const std::string& toml) const {
    const std::filesystem::path path = temp() / "map.toml";
    std::ofstream{path} << toml;
    return path;
}

std::string ImportScene::content_of(const TestDatabase& database) {
    return Cluster::shared().dump_of(database.name());
}

void ImportScene::check_untouched() const {
    CHECK(content() == remembered_);
    check_nothing_runs_in(database_);
}

std::string counts_of(const nlohmann::json& report, const std::string& name) {
    for (const auto& table : report.at("tables")) {
        if (table.at("name") == name) {
            return fmt::format("{}/{}/{}/{}/{}/{}", table.at("inserted").get<int>(),
                               table.at("updated").get<int>(), table.at("unchanged").get<int>(),
                               table.at("kept").get<int>(), table.at("deleted").get<int>(),
                               table.at("conflicts").get<int>());
        }
    }
    return "no such table";
}

} // namespace dbbackup::test
