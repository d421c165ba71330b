#include "support/attacks/gate_attacks.hpp"
#include "support/catch.hpp"
#include "support/scene/restore_scene.hpp"

#include <filesystem>

// Dumps that try to make a restore run commands, write files, or lose its transaction.

using namespace dbbackup::test;

namespace {

constexpr int k_failed = 1;
constexpr int k_damaged = 3;

class AttackScene : public RestoreScene {
public:
    AttackScene() {
        // The server's processes run as another user.
        std::filesystem::permissions(temp(), std::filesystem::perms::all);
        target().psql("create table public.kept (id int primary key, note text);"
                      "insert into public.kept select i, 'n' || i from generate_series(1, 50) i;"
                      "create sequence public.numbers; select setval('public.numbers', 7)");
        remember();
    }

    [[nodiscard]] std::filesystem::path marker() const { return temp() / "marker"; }

    /// Writes `sql` as a plain dump, or compressed.
    [[nodiscard]] std::filesystem::path write_dump(const std::string& sql, bool compressed) const {
        const auto path = temp() / "attack.sql";
        write_file(path, sql);
        if (!compressed) {
            return path;
        }
        REQUIRE(run_program({"/bin/gzip", "-kf", path.string()}).exit_code == 0);
        return path.string() + ".gz";
    }

    void check_repelled(const GateAttack& attack, bool compressed) const {
        const auto dump = write_dump(attack.dump, compressed);
        const int code = attack.verdict == GateAttack::Verdict::failed ? k_failed : k_damaged;
        for (const std::vector<std::string>& arguments :
             {std::vector<std::string>{}, std::vector<std::string>{"--clean"}}) {
            const ProgramResult result = restore(dump, arguments);
            INFO(attack.name << (arguments.empty() ? "" : " --clean") << "\nstderr: " << result.err
                             << "stdout: " << result.out);
            CHECK(result.exit_code == code);
            CHECK(result.out.empty());
            CHECK_FALSE(std::filesystem::exists(marker()));
        }
        INFO(attack.name);
        check_untouched();
    }
};

/// Every `step`th attack from `first` on.
void check_attacks(std::size_t first, std::size_t step) {
    const AttackScene scene;
    const auto attacks = gate_attacks(scene.marker());
    REQUIRE(attacks.size() > 100);
    for (std::size_t at = first; at < attacks.size(); at += step) {
        scene.check_repelled(attacks[at], at % 5 == 0);
    }
}

} // namespace

TEST_CASE("no attack on a restore runs or changes anything (1)") {
    check_attacks(0, 3);
}

TEST_CASE("no attack on a restore runs or changes anything (2)") {
    check_attacks(1, 3);
}

TEST_CASE("no attack on a restore runs or changes anything (3)") {
    check_attacks(2, 3);
}

TEST_CASE("the attacks are real: elsewhere the dumps do run commands") {
    const AttackScene scene;
    const auto by_psql = [&scene](const std::string& sql) {
        std::filesystem::remove(scene.marker());
        const TestDatabase victim;
        (void)Cluster::shared().client("psql", victim.name(), {"-Xq"}, dump_with(sql));
        return std::filesystem::exists(scene.marker());
    };
    const std::string touch = "touch " + scene.marker().string();
    CHECK(by_psql("COPY (SELECT 1) TO PROGRAM '" + touch + "';\n"));
    CHECK(by_psql("\\unrestrict bN9Q7\n\\! " + touch + "\n"));
    CHECK(by_psql("\\unrestrict bN9Q7\nSELECT E'a'\n'\\'; \\! " + touch + "\n--';\n"));
    CHECK_FALSE(by_psql("SELECT '\\! " + touch + "';\n"));
}

TEST_CASE("a dump that only resembles an attack is restored") {
    const AttackScene scene;
    const std::string touch = "\\! touch " + scene.marker().string();
    const auto dump = scene.write_dump(
        dump_with("COMMENT ON TABLE public.loot IS '" + touch + "';\n/* " + touch + " */\n-- " +
                  touch + "\nCREATE VIEW public.v AS SELECT $$\n" + touch +
                  "\n$$ AS x;\nSET standard_conforming_strings = off;\n" +
                  "COMMENT ON COLUMN public.loot.id IS 'it\\'s; " + touch + "\n';\n" +
                  "COPY public.loot (id) FROM stdin;\n\\\\! touch " + scene.marker().string() +
                  "\nCOMMIT;\n\\.\n" + "BEGIN;\nSELECT pg_catalog.lo_create('4711');\nCOMMIT;\n" +
                  "SET lock_timeout = 0;\nSET LOCK_TIMEOUT TO 0;\n"),
        false);
    const auto result = scene.restore(dump);
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK_FALSE(std::filesystem::exists(scene.marker()));
    CHECK(scene.target().psql("select count(*) from loot") == "4");
    CHECK(scene.target().psql("select obj_description('loot'::regclass)") == touch);
    CHECK(scene.target().psql("select col_description('loot'::regclass, 1)") ==
          "it's; " + touch.substr(1));
}

TEST_CASE("rows cannot be written through a view") {
    const AttackScene scene;
    for (const char* rows :
         {"INSERT INTO public.door (datname) VALUES ('evil');\n",
          "SET search_path = nowhere, public;\nINSERT INTO door (datname) VALUES ('evil');\n",
          "COPY public.door (datname) FROM stdin;\nevil\n\\.\n",
          // A table that has become a view since its last rows.
          "CREATE TABLE public.gate (datname name);\n"
          "INSERT INTO public.gate (datname) VALUES ('good');\nDROP TABLE public.gate;\n"
          "CREATE VIEW public.gate AS SELECT datname FROM pg_catalog.pg_database;\n"
          "INSERT INTO public.gate (datname) VALUES ('evil');\n"}) {
        const auto dump =
            scene.write_dump(dump_with(std::string{"CREATE VIEW public.door AS SELECT datname FROM "
                                                   "pg_catalog.pg_database;\n"} +
                                       rows),
                             false);
        const ProgramResult result = scene.restore(dump);
        INFO(rows << result.err);
        CHECK(result.exit_code == k_damaged);
        CHECK(result.err.find("something other than a user table") != std::string::npos);
        scene.check_untouched();
    }
}

TEST_CASE("nothing is created in PostgreSQL's own schemas, however they are named") {
    const AttackScene scene;
    for (const char* path : {"pg_catalog", "nowhere, pg_catalog", "information_schema",
                             "nowhere, information_schema", "\"pg_catalog\""}) {
        const auto dump = scene.write_dump(
            dump_with(std::string{"SET search_path = "} + path +
                      ";\nCREATE FUNCTION planted() RETURNS integer LANGUAGE sql AS 'select 1';\n"),
            false);
        const ProgramResult result = scene.restore(dump);
        INFO(path << "\n" << result.err);
        CHECK(result.exit_code == k_damaged);
        CHECK(result.err.find("would create") != std::string::npos);
        scene.check_untouched();
    }
}
