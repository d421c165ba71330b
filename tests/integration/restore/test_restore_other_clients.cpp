// Which of several installed clients reads and restores an archive, and clients later than the
// server.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/program/fake_tools.hpp"
#include "support/scene/jobs_scene.hpp"
#include "support/server/server_side.hpp"

#include <chrono>
#include <cstdlib>
#include <fmt/format.h>

using namespace dbbackup::test;

namespace {

constexpr int k_failed = 1;
/// Where the header of an archive says its format, 1.N.
constexpr std::size_t k_format_at = 6;
constexpr char k_later_format = 17;

/// With an archive of a later pg_dump, or other clients.
struct ArchiveScene : JobsScene {
    [[nodiscard]] ProgramResult by_jobs(const std::vector<std::string>& more,
                                        const ProgramOptions& options) const {
        return run_program(jobs_words(more), options);
    }

    /// The archive in the format of a later pg_dump, as far as its header goes.
    void make_later() const {
        std::string content = read_file(archive);
        content[k_format_at] = k_later_format;
        write_file(archive, content);
    }

    /// Runs with a PATH in which these programs stand first.
    [[nodiscard]] ProgramOptions with_path(const std::string& path) const {
        ProgramOptions found = options();
        found.environment["PATH"] = path + ":/usr/bin:/bin";
        return found;
    }
};

/// An installation of PostgreSQL's clients that runs the real ones, and writes down when.
struct LaterClients {
    FakeTools tools;
    std::filesystem::path log;

    /// `read` is the SQL that it reads from each archive; if empty, it reads the archive itself.
    LaterClients(const std::filesystem::path& parent, const std::string& version,
                 const std::string& read = {})
        : tools(parent), log(parent / "log") {
        std::string body = fmt::format("case \"$*\" in *--jobs=*) echo restores >> '{0}';; "
                                       "*) echo reads >> '{0}';; esac\n",
                                       log.string());
        if (!read.empty()) {
            body += fmt::format("case \"$*\" in *--jobs=*) ;; *) exec cat '{}';; esac\n",
                                tools.file("sql", read));
        }
        body += fmt::format("exec {} \"$@\"\n", FakeTools::real("pg_restore"));
        tools.make("pg_restore", body, version);
        tools.make("pg_dump", "exec " + FakeTools::real("pg_dump") + " \"$@\"\n", version);
    }

    [[nodiscard]] std::string uses() const {
        return std::filesystem::exists(log) ? read_file(log) : "";
    }
};

/// A pg_restore of version 17 that is told by `says` what it says when it restores with --jobs,
/// after the real one has restored.
struct Seventeen {
    FakeTools tools;

    Seventeen(const std::filesystem::path& parent, const std::string& then) : tools(parent) {
        tools.make("pg_dump", "exec " + FakeTools::real("pg_dump") + " \"$@\"\n", "17.5");
        tools.make("pg_restore",
                   fmt::format("case \"$*\" in *--jobs=*) ;; *) exec {0} \"$@\" ;; esac\n"
                               "case \"$*\" in *--exit-on-error*) exit 1;; esac\n"
                               "{0} \"$@\" 2> /dev/null\n"
                               "refuse() {{ echo 'pg_restore: error: could not execute query: "
                               "FEHLER:  unbekannt: \"transaction_timeout\"' >&2\n"
                               "echo 'Command was: SET transaction_timeout = 0;' >&2; }}\n"
                               "ignored() {{ echo \"pg_restore: warning: errors ignored on "
                               "restore: $1\" >&2; }}\n"
                               "refuse; refuse\n{1}\n",
                               FakeTools::real("pg_restore"), then),
                   "17.5");
    }
};

bool refuses_timeout() {
    return Cluster::shared().major() < 17;
}

} // namespace

TEST_CASE("the lowest client that can read an archive reads and restores it") {
    const ArchiveScene scene;
    const LaterClients later{scene.temp(), "98.1"};
    const ProgramResult result = scene.by_jobs({}, scene.with_path(later.tools.directory()));
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK(scene.is_new());
    CHECK(later.uses() == "");
}

TEST_CASE("an archive that only a later client can read is restored by that one, at each step") {
    const ArchiveScene scene;
    const std::string sql = run_program({Cluster::shared().bin_dir() / "pg_restore", "--file=-",
                                         scene.archive.string()})
                                .out;
    scene.make_later();
    std::filesystem::remove(scene.archive.string() + ".json");
    std::filesystem::create_directory(scene.temp() / "99");
    std::filesystem::create_directory(scene.temp() / "98");
    const LaterClients latest{scene.temp() / "99", "99.1", sql};
    const LaterClients later{scene.temp() / "98", "98.1", sql};
    const ProgramOptions options =
        scene.with_path(latest.tools.directory() + ":" + later.tools.directory());

    const auto verified = run_program({dbbackup_path(), "verify", scene.archive.string()}, options);
    INFO(verified.err);
    CHECK(verified.exit_code == 0);
    CHECK(later.uses() == "reads\n");
    // The real one refuses that format, but this one was asked.
    const ProgramResult result = scene.by_jobs({}, options);
    CHECK(result.exit_code == k_failed);
    CHECK(later.uses() == "reads\nreads\nrestores\n");
    CHECK(latest.uses() == "");
    scene.check_untouched();
}

TEST_CASE("an archive that no installed client can read is refused before anything is done") {
    const ArchiveScene scene;
    scene.make_later();
    std::filesystem::remove(scene.archive.string() + ".json");
    for (const std::vector<std::string>& way : {std::vector<std::string>{"--clean"},
                                                {"--clean", "--jobs", "2"},
                                                {"--clean", "--dry-run"}}) {
        const auto result = scene.restore(scene.archive, way);
        CHECK(result.exit_code == k_failed);
        INFO(result.err);
        CHECK(result.out.empty());
        CHECK(result.err.find("the archive needs pg_restore 19 or later, the newest installed is "
                              "version") != std::string::npos);
        CHECK(result.err.find("postgresql-client-19") != std::string::npos);
    }
    const auto verified = run_program({dbbackup_path(), "verify", scene.archive.string()});
    CHECK(verified.exit_code == k_failed);
    CHECK(verified.err.find("postgresql-client-19") != std::string::npos);
}

TEST_CASE("restore --jobs by a client from 17 on into an earlier server") {
    if (!refuses_timeout()) {
        WARN("the server knows transaction_timeout");
        return;
    }
    const ArchiveScene scene;
    const Seventeen client{scene.temp(), "ignored 2; exit 1"};
    const ProgramResult result =
        scene.by_jobs({"--bin-dir", client.tools.directory()}, scene.options());
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK(scene.is_new());
    CHECK(result.err.find("transaction_timeout") == std::string::npos);
    CHECK(result.err.find("ignored") == std::string::npos);
}

TEST_CASE("an item that fails under --jobs is found, whatever else the client reports") {
    if (!refuses_timeout()) {
        WARN("the server knows transaction_timeout");
        return;
    }
    const ArchiveScene scene;
    const std::string copy =
        "echo 'pg_restore: error: COPY failed for table \"t\": ERROR:  no' >&2";
    const std::string index = "echo 'pg_restore: error: could not execute query: ERROR:  no\n"
                              "Command was: CREATE INDEX i' >&2";
    for (const auto& [then, message] :
         {std::pair{std::string{"ignored 3; exit 1"}, "errors ignored on restore: 3"},
          {std::string{"ignored 1; exit 1"}, "errors ignored on restore: 1"},
          {std::string{"ignored 2; exit 2"}, "exit status 2"},
          {std::string{"ignored 2; kill -KILL $$"}, "signal 9"},
          {std::string{"ignored 2; echo more >&2; exit 1"}, "more"},
          {std::string{"exit 1"}, "exit status 1"},
          {copy + "; ignored 2; exit 1", "COPY failed for table"},
          {index + "; ignored 2; exit 1", "could not execute query: ERROR: no"},
          // It is not left to go on for hours.
          {copy + "; exec sleep 100", "COPY failed for table"},
          {index + "; exec sleep 100", "could not execute query: ERROR: no"}}) {
        INFO(then);
        const Seventeen client{scene.temp(), then};
        const auto started = std::chrono::steady_clock::now();
        scene.check_failed(scene.by_jobs({"--bin-dir", client.tools.directory()}, scene.options()),
                           k_failed, message);
        scene.check_no_other_database();
        CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds{90});
    }
}

TEST_CASE("an item that the server refuses under --jobs changes nothing, with any client") {
    const ArchiveScene scene;
    // Fails where `my.fail` names it; what it raises looks like pg_restore's last words.
    scene.source().psql(
        "create function shop.fail(step text, i integer) returns boolean language plpgsql "
        "immutable "
        "as $$ begin if current_setting('my.fail', true) = step then raise exception "
        "e'no\\npg_restore: warning: errors ignored on restore: 2'; end if; return true; end $$; "
        "create table shop.rows (i integer check (shop.fail('data', i))); "
        "insert into shop.rows values (1); "
        "create table shop.indexed (i integer); insert into shop.indexed values (1); "
        "create index on shop.indexed (shop.fail('index', i)); "
        "create table shop.bound (i integer); insert into shop.bound values (1); "
        "alter table shop.bound add constraint c exclude ((shop.fail('constraint', i)::text) with "
        "=); create materialized view shop.seen as select shop.fail('view', 1)");
    const auto archive = scene.dump({"-F", "custom"});
    scene.target().psql(
        "drop schema shop cascade; drop table public.settings; select lo_unlink(4711)");
    for (const std::string jobs : {"1", "4"}) {
        for (const std::string step : {"data", "index", "constraint", "view", "none"}) {
            if (jobs == "1" && (step == "index" || step == "constraint")) {
                continue; // one session does all alike
            }
            INFO("step " << step << ", jobs " << jobs);
            ProgramOptions options = scene.options();
            options.environment["DATABASE_URL"] += "&options=-c%20my.fail%3D" + step;
            const ProgramResult result =
                run_program(scene.words(archive, {"--clean", "--jobs", jobs}), options);
            INFO(result.err);
            CHECK(result.exit_code == (step == "none" ? 0 : k_failed));
            if (step == "none") {
                CHECK(scene.is_new());
            } else {
                CHECK(result.err.find("pg_restore failed") != std::string::npos);
                CHECK(result.err.find("transaction_timeout") == std::string::npos);
                CHECK(result.err.find("Nothing was changed") != std::string::npos);
                scene.check_no_other_database();
            }
        }
    }
}
