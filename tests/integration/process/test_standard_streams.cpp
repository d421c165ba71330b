// Nobody reads dbbackup's output: the dump must not suffer.

#include "support/catch.hpp"
#include "support/program/fake_tools.hpp"
#include "support/scene/dump_scene.hpp"

#include <fmt/format.h>

using namespace dbbackup::test;

namespace {

/// Runs dbbackup with `redirections` of a shell.
ProgramResult dump_with(const DumpScene& scene, const std::string& redirections,
                        std::vector<std::string> arguments = {}) {
    std::vector<std::string> words{"/bin/sh", "-c", "exec \"$@\" " + redirections, "sh"};
    for (std::string& word : scene.words(std::move(arguments))) {
        words.push_back(std::move(word));
    }
    return run_program(words, scene.options());
}

} // namespace

TEST_CASE("stdout cannot be written") {
    for (const char* json : {"--no-progress", "--json"}) {
        const DumpScene scene;
        const auto result = dump_with(scene, "> /dev/full", {json});
        scene.check_dumped(result);
        CHECK(result.err.find("warning: cannot write the result to stdout") != std::string::npos);
    }
}

TEST_CASE("nobody reads stdout and stderr any more") {
    const DumpScene scene;
    const auto result =
        run_program({"/bin/bash", "-c", "\"$@\" 2>&1 >/dev/null | : ; exit ${PIPESTATUS[0]}",
                     "bash", dbbackup_path(), "dump", "-v", "--dir", scene.dumps().string()},
                    scene.options());
    scene.check_dumped(result);
}

TEST_CASE("stdin, stdout and stderr are closed") {
    // Files opened then must not get their numbers, or messages would end up in the dump.
    const auto redirections = {"<&-", ">&-", "2>&-", "<&- >&-", ">&- 2>&-", "<&- >&- 2>&-"};
    for (const char* redirection : redirections) {
        for (const char* format : {"plain", "custom"}) {
            CAPTURE(redirection, format);
            const DumpScene scene;
            scene.fill(20);
            scene.check_dumped(dump_with(scene, redirection, {"-v", "-F", format}));
        }
    }
}

TEST_CASE("warnings of pg_dump do not end up in the dump if stderr is closed") {
    const DumpScene scene;
    FakeTools tools{scene.temp()};
    tools.make("pg_dump", fmt::format("cat '{}'\necho 'pg_dump: warning: so so' >&2\n",
                                      tools.file("sql", sample::whole())));
    scene.check_dumped(
        dump_with(scene, "<&- >&- 2>&-", {"--bin-dir", tools.directory(), "-v", "-Z", "none"}));
}
