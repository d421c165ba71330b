#include "support/scene/export_scene.hpp"

#include "support/catch.hpp"

namespace dbbackup::test {

ExportScene::ExportScene(const std::string& sql) {
    database_.psql(sql);
}

std::vector<std::string> ExportScene::words(std::vector<std::string> arguments) const {
    return words_of({"export"}, arguments);
}

ProgramResult ExportScene::run(std::vector<std::string> arguments) const {
    return run_program(words(std::move(arguments)), options());
}

nlohmann::json ExportScene::document(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"-o", "-"});
    const ProgramResult result = run(std::move(arguments));
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    return nlohmann::json::parse(result.out);
}

nlohmann::json ExportScene::write(const std::string& name,
                                  std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"-o", name, "--json"});
    const ProgramResult result = run(std::move(arguments));
    INFO(result.err << result.out);
    REQUIRE(result.exit_code == 0);
    return nlohmann::json::parse(result.out);
}

std::vector<std::string> ExportScene::files() const {
    std::vector<std::string> names = names_in(temp());
    std::erase(names, "dumps");
    return names;
}

void ExportScene::check_untouched() const {
    CHECK(files() == std::vector<std::string>{});
    check_nothing_runs_in(database_);
}

} // namespace dbbackup::test
