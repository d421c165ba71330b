#include "packaging/completions.hpp"
#include "support/catch.hpp"
#include "support/program/program.hpp"

#include <cstdlib>
#include <regex>

using namespace dbbackup::test;

namespace {

/// The first group of each match.
std::vector<std::string> find_all(const std::string& text, const std::string& pattern) {
    std::vector<std::string> found;
    const std::regex regex{pattern};
    for (auto match = std::sregex_iterator{text.begin(), text.end(), regex};
         match != std::sregex_iterator{}; ++match) {
        found.push_back(match->str(1));
    }
    return found;
}

} // namespace

// The only source is project() in CMakeLists.txt. The program, the manual page and the packages get
// it from there; in these places it is written by hand.
TEST_CASE("the version is the same everywhere") {
    const std::string version =
        find_all(read_file(project_file("CMakeLists.txt")), "project\\(dbbackup VERSION (\\S+)")
            .at(0);
    CHECK(run_dbbackup({"--version"}).out == "dbbackup " + version + "\n");
    CHECK(find_all(read_file(project_file("CHANGELOG.md")),
                   "\n## (\\d\\S*) \\(\\d{4}-\\d\\d-\\d\\d\\)\n")
              .at(0) == version);
    const std::filesystem::path page =
        std::filesystem::path{std::getenv("DBBACKUP_TEST_REFERENCE")} / "dbbackup.1";
    CHECK(find_all(read_file(page), "\n\\.TH .*\"dbbackup (\\S+)\"").at(0) == version);

    int named = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{project_file("docs")}) {
        // Measurements name the version that was measured.
        if (!entry.is_regular_file() || entry.path().filename() == "benchmarks.md") {
            continue;
        }
        for (const std::string& found :
             find_all(read_file(entry.path()),
                      R"re((?:dbbackup[ _-]|"(?:tool_)?version": ")(\d+\.\d+\.\d+))re")) {
            INFO(entry.path().string());
            CHECK(found == version);
            ++named;
        }
    }
    CHECK(named >= 4);
}
