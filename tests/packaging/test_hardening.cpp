#include "packaging/completions.hpp"
#include "support/catch.hpp"
#include "support/program/program.hpp"

#include <cstdlib>
#include <regex>

using namespace dbbackup::test;

namespace {

bool has(const std::string& text, const std::string& pattern) {
    return std::regex_search(text, std::regex{pattern});
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) {
        ++found;
    }
    return found;
}

/// The output of `words` for the program under test.
std::string look(std::vector<std::string> words) {
    words.push_back(dbbackup_path());
    const ProgramResult result = run_program(words);
    REQUIRE(result.exit_code == 0);
    return result.out;
}

} // namespace

TEST_CASE("the program is built to be hard to use against its user") {
    const char* hardened = std::getenv("DBBACKUP_TEST_HARDENED");
    REQUIRE(hardened != nullptr);
    if (std::string{hardened} != "ON" || std::getenv("DBBACKUP_TEST_OTHER_BINARY") != nullptr) {
        WARN("skipped: debug builds and those with sanitizers are not hardened");
        return;
    }
    if (!is_installed("readelf") || !is_installed("objdump")) {
        WARN("skipped: there are no binutils");
        return;
    }
    const std::string segments = look({"/usr/bin/readelf", "-hldW"});
    CHECK(has(segments, "Type: +DYN"));       // a different address in each run …
    CHECK(has(segments, "Flags:.* PIE"));     // … and not a library
    CHECK(has(segments, "GNU_RELRO"));        // relocated data is read-only …
    CHECK(has(segments, "Flags:.* NOW"));     // … from the start
    CHECK(has(segments, "GNU_STACK .* RW ")); // data is not executable
    CHECK_FALSE(has(segments, " RWE "));
    const std::string symbols = look({"/usr/bin/readelf", "-W", "--dyn-syms"});
    CHECK(has(symbols, "__stack_chk_fail@"));
    CHECK(has(symbols, "__memcpy_chk@")); // _FORTIFY_SOURCE
    // Not among the dynamic symbols of a program with libstdc++ linked in.
    CHECK(has(look({"/usr/bin/readelf", "-W", "--syms"}), "__glibcxx_assert_fail"));
#if defined(__x86_64__)
    const std::string code = look({"/usr/bin/objdump", "-d", "--no-show-raw-insn"});
    CHECK(count(code, "endbr64") > 1000); // every target of an indirect branch
#if !defined(__clang__)
    CHECK(has(code, "orq? +\\$0x0,(0x[0-9a-f]+)?\\(%rsp\\)")); // large frames touch each page
#endif
#endif
}
