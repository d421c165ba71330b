#include "support/catch.hpp"
#include "support/program/fake_tools.hpp"
#include "support/scene/drill_scene.hpp"
#include "support/scene/restore_scene.hpp"
#include "support/server/client_major.hpp"

#include <fmt/format.h>

// C functions whose file is outside the server's library directory, by its own path: the dump of
// such a database is a good dump, but its restore asks first.

using namespace dbbackup::test;

namespace {

using Words = std::vector<std::string>;

constexpr int k_refused = 5;

/// A library that every server has.
std::string library_path(const TestDatabase& database) {
    return database.psql("select setting from pg_config where name = 'PKGLIBDIR'") + "/plpgsql";
}

std::string tables_and_function(const std::string& file) {
    return fmt::format("create table public.t (a int primary key); insert into public.t values (1);"
                       "create function public.outside() returns language_handler as '{}', "
                       "'plpgsql_call_handler' language c",
                       file);
}

class OutsideScene : public RestoreScene {
public:
    OutsideScene() {
        source().psql(tables_and_function(path()));
        remember();
    }

    [[nodiscard]] std::string path() const { return library_path(source()); }

    void check_refused(const ProgramResult& result) const {
        check_failed(
            result, k_refused,
            fmt::format("the dump's C function public.outside makes the server load the file '{}'",
                        path()));
        CHECK(result.err.find("--allow-c-path") != std::string::npos);
    }
};

} // namespace

TEST_CASE("a C function's own path is refused before any change, unless it is allowed") {
    OutsideScene scene;
    const auto plain = scene.dump();
    const auto archive = scene.dump({"-F", "custom"});
    scene.remember();
    for (const auto& dump : {plain, archive}) {
        scene.check_refused(scene.restore(dump));
        scene.check_refused(scene.restore(dump, {"--dry-run"}));
        scene.check_refused(scene.restore(dump, {"--clean"}));
        scene.check_refused(scene.restore(dump, {"--clean", "--exact"}));
    }
    scene.check_refused(scene.restore(archive, {"--jobs", "2"}));
    scene.check_restored(scene.restore(plain, {"--allow-c-path"}));
    const ProgramResult again =
        run_program(scene.words(archive, {"--allow-c-path", "--clean"}), scene.options());
    scene.check_restored(again);
    // The state that was replaced has such a function as well.
    CHECK(again.out.find("--allow-c-path") != std::string::npos);
}

TEST_CASE("restore --jobs loads a C function's own path if it is allowed") {
    OutsideScene scene;
    const auto archive = scene.dump({"-F", "custom"});
    scene.check_restored(scene.restore(archive, {"--allow-c-path", "--jobs", "2"}));
}

TEST_CASE("a restore of tables has no function to ask about") {
    const OutsideScene scene;
    const auto result = scene.restore(scene.dump(), {"--table", "t"});
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK(scene.target().psql("select a from t") == "1");
}

TEST_CASE("a dump that changes after the check restores no C function") {
    const OutsideScene scene;
    const auto harmless = scene.temp() / "harmless.dump";
    const auto archive = scene.foreign_dump({"-Fc"});
    const TestDatabase other;
    other.psql("create table public.t (a int primary key); insert into public.t values (1)");
    const auto dumped =
        Cluster::shared().client("pg_dump", other.name(), {"-Fc", "-f", harmless.string()});
    REQUIRE(dumped.exit_code == 0);
    // pg_restore reads the archive twice: once to check it, once to restore it.
    FakeTools tools{scene.temp()};
    tools.use_real("pg_dump");
    const auto seen = scene.temp() / "seen";
    tools.make("pg_restore",
               fmt::format("for last; do :; done\nif [ -e '{0}' ]; then exec {1} -f - '{2}'; fi\n"
                           "touch '{0}'\nexec {1} -f - '{3}'\n",
                           seen.string(), FakeTools::real("pg_restore"), archive.string(),
                           harmless.string()));
    const auto result = scene.restore(harmless, {"--bin-dir", tools.directory()});
    scene.check_failed(result, 3, "a C function loads '" + scene.path() + "'");
}

TEST_CASE("a dump with a C function's own path verifies as good, and a drill accepts it") {
    const DrillScene scene;
    scene.database().psql(tables_and_function(library_path(scene.database())));
    for (const Words& format : {Words{}, Words{"-F", "custom"}}) {
        const auto dump = scene.dump(format);
        // A server loads no library of another version, so its path cannot be tried there.
        if (client_major() == Cluster::shared().major()) {
            scene.check_proven(scene.drill(dump));
        } else {
            const Drilled drilled = scene.drill(dump);
            CHECK(drilled.result.exit_code == 1);
            CHECK(drilled.dump.at("result") == "unverified");
        }
    }
}
