#include "support/scene/compare_scene.hpp"

#include "support/catch.hpp"

#include <algorithm>
#include <sstream>

namespace dbbackup::test {

CompareScene::CompareScene(const std::string& sql) {
    database_.psql(sql);
}

std::string CompareScene::dump(std::vector<std::string> arguments) const {
    const ProgramResult result =
        run_program(words_of({"dump", "--json"}, arguments), options_for(database_));
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    return std::filesystem::path{nlohmann::json::parse(result.out).at("path").get<std::string>()}
        .filename();
}

ProgramResult CompareScene::compare(std::vector<std::string> arguments,
                                    const std::map<std::string, std::string>& environment) const {
    ProgramOptions options = options_for(database_);
    options.environment.insert(environment.begin(), environment.end());
    return run_program(words_of({"compare"}, arguments), options);
}

nlohmann::json CompareScene::report(std::vector<std::string> arguments) const {
    arguments.emplace_back("--json");
    const ProgramResult result = compare(arguments);
    INFO(result.err << result.out);
    const auto json = nlohmann::json::parse(result.out);
    CHECK(result.exit_code == (json.at("result") == "same" ? 0 : 7));
    return json;
}

std::vector<std::string> CompareScene::differences(std::vector<std::string> arguments) const {
    const ProgramResult result = compare(std::move(arguments));
    INFO(result.err);
    std::vector<std::string> lines;
    std::istringstream text{result.out};
    for (std::string line; std::getline(text, line);) {
        const bool is_frame =
            line.empty() || line.starts_with("then  ") || line.starts_with("now   ") ||
            line.starts_with("TABLE") || line.starts_with("the same: ") ||
            line.starts_with("all the same: ") || line.starts_with("the same, as far") ||
            line.starts_with("rows were only counted") || line.starts_with("not compared");
        if (!is_frame) {
            lines.push_back(line);
        }
    }
    CHECK(result.exit_code == (lines.empty() ? 0 : 7));
    return lines;
}

nlohmann::json table_in(const nlohmann::json& report, const std::string& name) {
    const auto& tables = report.at("tables");
    const auto found =
        std::ranges::find_if(tables, [&name](const auto& one) { return one.at("name") == name; });
    return found == tables.end() ? nlohmann::json{} : *found;
}

} // namespace dbbackup::test
