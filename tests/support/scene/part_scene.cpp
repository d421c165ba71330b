#include "support/scene/part_scene.hpp"

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/program/program.hpp"

#include <utility>

namespace dbbackup::test {

std::string PartScene::line_after(const ProgramResult& result, std::string_view mark) {
    const std::size_t begin = result.out.find(mark);
    if (begin == std::string::npos) {
        return "";
    }
    const std::size_t text = begin + mark.size();
    return result.out.substr(text, result.out.find('\n', text) - text);
}

std::string PartScene::leaves(const ProgramResult& result) {
    return line_after(result, "this does not undo: ");
}

ProgramResult PartScene::run(const std::filesystem::path& dump,
                             std::vector<std::string> arguments) const {
    ProgramResult result = run_program(words(dump, std::move(arguments)), options());
    INFO(result.err << result.out);
    REQUIRE(result.exit_code == 0);
    return result;
}

std::string PartScene::state() const {
    return Cluster::shared().dump_of(target().name());
}

ProgramResult PartScene::type(const std::string& line) const {
    ProgramOptions all = options();
    all.environment["PATH"] =
        std::filesystem::path{dbbackup_path()}.parent_path().string() + ":/usr/bin:/bin";
    return run_program({"/bin/sh", "-c", line}, all);
}

std::string PartScene::check_way_back(const std::filesystem::path& dump,
                                      const std::vector<std::string>& arguments) const {
    const std::string old_state = state();
    const ProgramResult result = run(dump, arguments);
    CHECK(state() != old_state);
    std::string line = line_after(result, "to undo: ");
    INFO(line);
    CHECK((line.find("--exact") != std::string::npos) ==
          (result.err.find("undoing this restore brings back the whole database") !=
               std::string::npos ||
           result.err.find("PARTIAL") == std::string::npos));
    const auto undone = type(line + " --no-safety-dump");
    INFO(undone.err);
    CHECK(undone.exit_code == 0);
    CHECK(first_difference(state(), old_state) == "");
    return line;
}

} // namespace dbbackup::test
