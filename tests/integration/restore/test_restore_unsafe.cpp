#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/scene/restore_scene.hpp"

// Dumps that are complete and sound as text, but that no restore may run.

using namespace dbbackup::test;

namespace {

constexpr int k_failed = 1;
constexpr int k_damaged = 3;

/// Text of a dump with `addition` after `place`, which it must contain.
std::string with_addition(std::string sql, const std::string& place, const std::string& addition) {
    const std::size_t at = sql.find(place);
    REQUIRE(at != std::string::npos);
    return sql.insert(at + place.size(), addition);
}

} // namespace

TEST_CASE("restore refuses dumps that switch to another database") {
    const ForeignScene scene;
    for (const auto& words : {std::vector<std::string>{"--create"},
                              std::vector<std::string>{"--create", "--clean", "--if-exists"}}) {
        INFO("pg_dump " << words.front());
        scene.check_failed(scene.restore(scene.foreign_dump(words)), k_damaged);
    }
    scene.check_failed(scene.restore(data_file("foreign/pg_dumpall-15.sql")), k_failed,
                       "by pg_dumpall");
    const ProgramResult roles =
        Cluster::shared().client("pg_dumpall", scene.source().name(), {"--globals-only"});
    write_file(scene.temp() / "roles.sql", roles.out);
    scene.check_failed(scene.restore(scene.temp() / "roles.sql"), k_failed, "by pg_dumpall");
}

TEST_CASE("restore, show and drills refuse SQL that pg_dump did not write") {
    const ForeignScene scene;
    const auto path = scene.temp() / "by_hand.sql";
    write_file(path, "create table t (a int);\n");
    const std::string words = "is not a dump: nothing in it was written by pg_dump";
    const std::string command =
        "psql -X -v ON_ERROR_STOP=1 --single-transaction -f " + path.string();
    const ProgramResult restored = scene.restore(path);
    scene.check_failed(restored, k_failed, words);
    CHECK(restored.err.find(command) != std::string::npos);
    for (const auto& arguments : {std::vector<std::string>{"show", path.string()},
                                  std::vector<std::string>{"verify", "--restore", path.string()}}) {
        const ProgramResult result = run_dbbackup(arguments, {.directory = scene.temp()});
        CHECK(result.exit_code == k_failed);
        CHECK(result.err.find(words) != std::string::npos);
        CHECK(result.err.find(command) != std::string::npos);
    }
}

TEST_CASE("restore runs nothing of a dump with statements that pg_dump never writes") {
    const ForeignScene scene;
    const std::string sql = read_file(scene.foreign_dump({}));
    const auto check_damaged = [&scene](const std::string& changed) {
        const auto path = scene.temp() / "changed.sql";
        write_file(path, changed);
        scene.check_failed(scene.restore(path), k_damaged);
    };
    for (const std::string addition : {"\\connect postgres\n",
                                       "\\c - postgres\n",
                                       "\\! touch ran\n",
                                       "select 1 \\! touch ran\n;\n",
                                       "\\i /etc/passwd\n",
                                       "\\copy customers from '/etc/passwd'\n",
                                       "\\unrestrict x\n",
                                       "\\restrict `touch ran`\n",
                                       "\\unrestrict `touch ran`\n",
                                       "select 'touch ran' \\gexec\n",
                                       "\\o |touch ran\n",
                                       "COMMIT;\n",
                                       "ROLLBACK;\n",
                                       "BEGIN;\n",
                                       "END;\n",
                                       "ABORT;\n",
                                       "PREPARE TRANSACTION 'x';\n",
                                       "SAVEPOINT x;\n",
                                       "START TRANSACTION;\n",
                                       "COPY public.customers TO PROGRAM 'touch ran';\n",
                                       "COPY public.products (name) FROM PROGRAM 'touch ran';\n",
                                       "COPY public.products (name) FROM '/etc/hostname';\n",
                                       "'\n",
                                       "$x$\n",
                                       "/*\n",
                                       "\"\n"}) {
        INFO(addition);
        check_damaged(with_addition(sql, "ALTER SCHEMA reports OWNER TO postgres;\n", addition));
        check_damaged(with_addition(sql, "SET row_security = off;\n", addition));
        CHECK(!std::filesystem::exists(scene.temp() / "ran"));
    }
    for (const std::size_t end : {std::size_t{40}, sql.size() / 10, sql.size() / 2,
                                  sql.rfind("-- PostgreSQL database dump complete")}) {
        INFO("cut to " << end);
        check_damaged(sql.substr(0, end));
    }
    write_file(scene.temp() / "empty.sql", "");
    scene.check_failed(scene.restore(scene.temp() / "empty.sql"), k_failed,
                       "is not a dump: it is empty");
}
