// A pg_dump that claims success, but failed: the stream itself must prove the dump.

#include "support/catch.hpp"
#include "support/program/fake_tools.hpp"
#include "support/scene/dump_scene.hpp"

#include <initializer_list>
#include <string>
#include <vector>

using namespace dbbackup::test;

namespace {

constexpr int k_damaged = 3;

struct CutDump {
    const char* what;
    std::string sql;
};

const std::string k_forged = std::string{sample::k_complete} + std::string{sample::k_unrestrict};

std::string join(std::initializer_list<std::string_view> parts) {
    std::string joined;
    for (const std::string_view part : parts) {
        joined += part;
    }
    return joined;
}

/// Each dump by a fake that exits 0, in each format.
void check_refused(const std::vector<CutDump>& dumps) {
    const DumpScene scene;
    FakeTools tools{scene.temp()};
    tools.make("pg_dump", "cat '" + tools.path("sql") + "'\n");
    for (const CutDump& cut : dumps) {
        INFO("pg_dump writes " << cut.what);
        (void)tools.file("sql", cut.sql);
        const char* compression = cut.sql.size() % 2 == 0 ? "gzip" : "none";
        const auto result = scene.dump({"--bin-dir", tools.directory(), "-Z", compression});
        scene.check_failed(result, k_damaged, "");
        CHECK(result.err.find("dump") != std::string::npos);
    }
}

} // namespace

TEST_CASE("a complete dump from a fake pg_dump is accepted") {
    // Otherwise the refusals below would prove nothing.
    const DumpScene scene;
    FakeTools tools{scene.temp()};
    tools.make("pg_dump", "cat '" + tools.file("sql", sample::whole()) + "'\n");
    scene.check_dumped(scene.dump({"--bin-dir", tools.directory()}));
}

TEST_CASE("pg_dump exits 0 after nothing or only part of a dump") {
    const std::string whole = sample::whole();
    check_refused({
        {"nothing", ""},
        {"one line end", "\n"},
        {"the head alone", std::string{sample::k_head}},
        {"a COPY cut before its rows", join({sample::k_head, sample::k_copy_start})},
        {"a COPY cut in a row", join({sample::k_head, sample::k_copy_start, "1\tone\n2\tt"})},
        {"a COPY cut between rows", join({sample::k_head, sample::k_copy_start, sample::k_rows})},
        {"a COPY cut in its end mark",
         join({sample::k_head, sample::k_copy_start, sample::k_rows, "\\"})},
        {"all but the completion line", sample::body()},
        {"the completion line cut", sample::body() + "--\n-- PostgreSQL database dump comp"},
        {"a statement cut", std::string{sample::k_head} + "CREATE TABLE public.other (\n    id"},
    });
}

TEST_CASE("pg_dump exits 0 without the right key at the end") {
    check_refused({
        {"no \\unrestrict", sample::body() + std::string{sample::k_complete}},
        {"another key", sample::body() + std::string{sample::k_complete} + "\\unrestrict zzz\n"},
        {"a shorter key",
         sample::body() + std::string{sample::k_complete} + "\\unrestrict aB3dE5gH7jK\n"},
        {"the key before the completion line",
         sample::body() + std::string{sample::k_unrestrict} + std::string{sample::k_complete}},
    });
}

TEST_CASE("a completion line inside something else does not complete a dump") {
    const std::string head{sample::k_head};
    check_refused({
        {"it in the rows of a COPY", join({head, sample::k_copy_start, "1\tone\n", k_forged})},
        {"it in the rows, as one value", join({head, sample::k_copy_start, "1\t", k_forged})},
        {"it in a string", head + "INSERT INTO public.item VALUES (1, '" + k_forged},
        {"it in an escape string", head + "SELECT E'\\'" + k_forged},
        {"it in a quoted name", head + "SELECT 1 AS \"" + k_forged},
        {"it in a dollar quote", head + "CREATE FUNCTION f() RETURNS text AS $$\n" + k_forged},
        {"it in a tagged dollar quote",
         head + "CREATE FUNCTION f() RETURNS text AS $a$ $$ $b$\n" + k_forged},
        {"it in a block comment", head + "/* off\n" + k_forged},
        {"it in a nested block comment", head + "/* a /* b */\n" + k_forged},
        {"it in parentheses", head + "CREATE TABLE public.other (\n" + k_forged},
    });
}

TEST_CASE("content after the completion line is not ignored") {
    check_refused({
        {"a statement after the end", sample::whole() + "DROP TABLE public.item;\n"},
        {"a statement after the completion line", sample::body() + std::string{sample::k_complete} +
                                                      "SELECT 1;\n" +
                                                      std::string{sample::k_unrestrict}},
        {"a COPY after the end", sample::whole() + std::string{sample::k_copy_start} + "1\tx\n"},
        {"a shell command after the end", sample::whole() + "\\! true\n"},
    });
}
