// `restore --jobs` into a target that holds nothing: its old database is dropped, unless it holds
// something by then.

#include "support/catch.hpp"
#include "support/program/fake_tools.hpp"
#include "support/scene/jobs_scene.hpp"
#include "support/server/server_side.hpp"

#include <fmt/format.h>

using namespace dbbackup::test;

namespace {

constexpr int k_refused = 5;

} // namespace

TEST_CASE("restore --jobs into an empty target leaves no empty database behind") {
    JobsScene scene;
    scene.renew_target();
    const auto result = run_program(scene.words(scene.archive, {"--jobs", "2"}), scene.options());
    scene.check_restored(result);
    CHECK(scene.others().empty());
    CHECK(result.out.find("the old database") == std::string::npos);
}

TEST_CASE("restore --jobs keeps objects added to an empty target meanwhile, and says where") {
    for (const std::string sql :
         {"create table late as select 42 as i", "comment on schema public is 'late'"}) {
        INFO(sql);
        JobsScene scene;
        scene.renew_target();
        FakeTools tools{scene.temp()};
        tools.use_real("pg_dump");
        tools.make("pg_restore", while_it_restores(fmt::format(
                                     "{} -Xq '{}' -c \"{}\"\nexec {} \"$@\"\n",
                                     (Cluster::shared().bin_dir() / "psql").string(),
                                     scene.target().url(), sql, FakeTools::real("pg_restore"))));
        const auto result =
            run_program(scene.words(scene.archive, {"--jobs", "2", "--bin-dir", tools.directory()}),
                        scene.options());
        scene.check_restored(result);
        const std::string kept = scene.others();
        REQUIRE(kept.find("_before_") != std::string::npos);
        CHECK(result.err.find("held no objects when this restore began") != std::string::npos);
        CHECK(result.out.find("kept as " + kept) != std::string::npos);
        // The command works as printed, so the database accepts connections again.
        const std::string mark = "To look at it: ";
        const std::size_t begin = result.err.find(mark);
        REQUIRE(begin != std::string::npos);
        const std::string line = result.err.substr(
            begin + mark.size(), result.err.find('\n', begin) - begin - mark.size());
        CHECK(line.ends_with(" -d " + kept));
        ProgramOptions shell;
        shell.environment["PATH"] = Cluster::shared().bin_dir().string() + ":/usr/bin:/bin";
        const auto looked =
            run_program({"/bin/sh", "-c",
                         line + " -XAtc \"select to_regclass('late') is not null or "
                                "obj_description('public'::regnamespace) = 'late'\""},
                        shell);
        INFO(line << looked.err);
        CHECK(looked.out == "t\n");
    }
}

TEST_CASE("restore --jobs keeps an empty target that has settings of its own") {
    const TestRole clerk;
    for (const std::string& sql :
         {"grant usage on language plpgsql to " + clerk.name(),
          "grant select on pg_catalog.pg_authid to " + clerk.name(),
          std::string{"create table information_schema.keep as select 42 as i"},
          std::string{"comment on extension plpgsql is 'mine'"}}) {
        INFO(sql);
        JobsScene scene;
        scene.renew_target();
        scene.target().psql(sql);
        const auto result =
            run_program(scene.words(scene.archive, {"--jobs", "2"}), scene.options());
        scene.check_restored(result);
        const std::string kept = scene.others();
        REQUIRE(kept.find("_before_") != std::string::npos);
        CHECK(result.out.find("kept as " + kept) != std::string::npos);
        CHECK(result.err.find("-d " + kept) != std::string::npos);
    }
}

TEST_CASE("restore --jobs asks before it replaces an empty target that has settings") {
    JobsScene scene;
    scene.renew_target();
    scene.target().psql("comment on schema public is 'mine'");
    scene.remember();
    const auto refused = run_program({dbbackup_path(), "restore", scene.archive.string(), "--dir",
                                      scene.dumps().string(), "--jobs", "2"},
                                     scene.options());
    scene.check_jobs_failed(refused, k_refused, "would lose comment of schema public");
    const auto result = run_program(scene.words(scene.archive, {"--jobs", "2"}), scene.options());
    CHECK(result.exit_code == 0);
    CHECK(Cluster::shared().psql(scene.others(),
                                 "select obj_description('public'::regnamespace)") == "mine");
}
