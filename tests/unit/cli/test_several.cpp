#include "cli/several/section_runs.hpp"
#include "support/catch.hpp"

using namespace dbbackup;

TEST_CASE("the exit code of several runs is the worst") {
    const auto worst = [](const std::vector<int>& codes) {
        std::vector<cli::SectionRun> runs{{.section = "never_began", .own_name = ""}};
        for (const int code : codes) {
            runs.push_back({.section = "s", .own_name = "", .exit_code = code});
        }
        return cli::worst_exit_code(runs);
    };
    CHECK(worst({}) == 0);
    const std::vector<int> from_the_best{0, 6, 4, 5, 2, 1, 3, 143};
    for (std::size_t i = 1; i < from_the_best.size(); ++i) {
        CHECK(worst({from_the_best[i - 1], from_the_best[i]}) == from_the_best[i]);
        CHECK(worst({from_the_best[i], from_the_best[i - 1]}) == from_the_best[i]);
    }
    CHECK(worst({6, 77, 4}) == 77); // of nobody knows what
}

TEST_CASE("the command line for one section lacks --all and --parallel, and nothing else") {
    CHECK(cli::words_for_section({"dump", "--all", "--label", "x", "--parallel", "4"}, "shop") ==
          std::vector<std::string>{"--database", "shop", "dump", "--label", "x"});
    CHECK(cli::words_for_section({"--parallel=2", "dump", "--all=true", "--label=--all", "--",
                                  "--all", "--parallel", "9"},
                                 "shop") == std::vector<std::string>{"--database", "shop", "dump",
                                                                     "--label=--all", "--", "--all",
                                                                     "--parallel", "9"});
}
