#include "support/attacks/gate_attacks.hpp"
#include "support/attacks/hostile_statements.hpp"
#include "support/catch.hpp"
#include "support/dumps/damage.hpp"
#include "support/scene/restore_scene.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

// Statements that a superuser's restore must never run, though psql runs them. The unit tests pass
// each of them to the gate.

using namespace dbbackup::test;

namespace {

constexpr int k_damaged = 3;

/// Longer than any hostile statement.
constexpr std::size_t k_room = 2000;

/// A target that is not empty, and archives with room for a statement.
class HostileScene : public RestoreScene {
public:
    HostileScene() {
        std::filesystem::permissions(temp(), std::filesystem::perms::all);
        source().psql("create table public.loot (id text, stdin text);"
                      "insert into public.loot values ('a', 'b')");
        source().psql("comment on table public.loot is '" + std::string(k_room, 'x') + "'");
        archive_ = read_file(foreign_dump({"-Fc"}));
        target().psql("create table public.kept (id int primary key); "
                      "insert into public.kept select generate_series(1, 50)");
        remember();
    }

    [[nodiscard]] std::filesystem::path marker() const { return temp() / "marker"; }

    /// An archive that has `sql` where pg_dump wrote the table's comment: its table of contents is
    /// plain text, and no offset changes.
    [[nodiscard]] std::filesystem::path archive_with(const std::string& sql) const {
        std::string archive = archive_;
        const std::string comment =
            "COMMENT ON TABLE public.loot IS '" + std::string(k_room, 'x') + "';";
        const std::size_t at = archive.find(comment);
        REQUIRE(at != std::string::npos);
        REQUIRE(sql.size() <= comment.size());
        archive.replace(at, sql.size(), sql);
        std::fill_n(archive.begin() + static_cast<std::ptrdiff_t>(at + sql.size()),
                    comment.size() - sql.size(), ' ');
        const auto path = temp() / "hostile.dump";
        write_file(path, archive);
        return path;
    }

    [[nodiscard]] std::filesystem::path plain_dump_with(const std::string& sql) const {
        const auto path = temp() / "hostile.sql";
        write_file(path, dump_with(sql));
        return path;
    }

    void check_refused(const HostileStatement& statement, const std::filesystem::path& dump,
                       const std::vector<std::string>& arguments) const {
        const ProgramResult result = restore(dump, arguments);
        INFO(statement.sql << "\nstderr: " << result.err << "stdout: " << result.out);
        CHECK(result.exit_code == k_damaged);
        CHECK(result.err.find("not safe to run: at byte ") != std::string::npos);
        CHECK(result.out.empty());
        CHECK_FALSE(std::filesystem::exists(marker()));
    }

private:
    std::string archive_;
};

/// A database with everything that the hostile statements need.
class Victim {
public:
    Victim() { database_.psql(hostile_surroundings(database_.name())); }

    ~Victim() { (void)run(without_hostile_surroundings(database_.name())); }

    Victim(const Victim&) = delete;
    Victim& operator=(const Victim&) = delete;

    [[nodiscard]] const TestDatabase& database() const noexcept { return database_; }

    [[nodiscard]] ProgramResult run(const std::string& sql) const {
        return Cluster::shared().client("psql", database_.name(),
                                        {"-Xq", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=verbose"},
                                        sql);
    }

private:
    TestDatabase database_;
};

bool mentions(const HostileStatement& statement, const std::string& text) {
    return statement.sql.find(text) != std::string::npos;
}

/// Not only mentioned, as in ALTER FUNCTION.
bool calls_evil(const HostileStatement& statement) {
    return !statement.sql.starts_with("ALTER FUNCTION") &&
           (mentions(statement, "public.evil()") || mentions(statement, "public.evil_view") ||
            mentions(statement, "public.evil_procedure") || mentions(statement, "\"evil\"") ||
            mentions(statement, "setval('public.numbers', 1, true);"));
}

} // namespace

TEST_CASE("no hostile statement in a plain dump runs") {
    const HostileScene scene;
    const auto statements = hostile_statements(scene.marker().string());
    for (const std::size_t at : places(statements.size(), 15)) {
        const auto dump = scene.plain_dump_with(statements[at].sql);
        scene.check_refused(statements[at], dump, {});
        scene.check_refused(statements[at], dump, {"--clean"});
        scene.check_untouched();
    }
}

TEST_CASE("no hostile statement in an archive runs") {
    const HostileScene scene;
    const auto statements = hostile_statements(scene.marker().string());
    for (const std::size_t at : places(statements.size(), 10)) {
        const auto dump = scene.archive_with(statements[at].sql);
        scene.check_refused(statements[at], dump, {});
        scene.check_refused(statements[at], dump, {"--clean"});
        scene.check_refused(statements[at], dump, {"--clean", "--jobs", "2"});
        scene.check_untouched();
    }
}

TEST_CASE("a harmlessly patched archive is restored") {
    const HostileScene scene;
    const auto result =
        scene.restore(scene.archive_with("COMMENT ON TABLE public.loot IS 'DO $$ BEGIN END $$;';"));
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK(scene.target().psql("select id from public.loot") == "a");
    CHECK(scene.target().psql("select obj_description('loot'::regclass)") == "DO $$ BEGIN END $$;");
}

TEST_CASE("the hostile statements are real: psql runs them, and they take effect") {
    const Victim victim;
    const HostileScene scene;
    const auto marker = scene.marker();
    const auto statements = hostile_statements(marker.string(), victim.database().name());
    for (const std::size_t at : places(statements.size(), 30)) {
        const HostileStatement& statement = statements[at];
        if (statement.since > Cluster::shared().major()) {
            continue;
        }
        victim.database().psql("truncate public.evidence");
        std::filesystem::remove(marker);
        const ProgramResult result = victim.run(statement.sql);
        INFO(statement.sql << result.err);
        CHECK(result.exit_code == 0);
        const bool evil = victim.database().psql("select count(*) > 0 from public.evidence") == "t";
        CHECK((evil || !calls_evil(statement)));
        CHECK((std::filesystem::exists(marker) || !mentions(statement, marker.string())));
    }
}

TEST_CASE("pg_restore alone runs the statements of a patched archive") {
    const Victim victim;
    const HostileScene scene;
    victim.database().psql("drop table public.loot");
    const auto archive = scene.archive_with("DO $$ BEGIN PERFORM public.evil(); END $$;");
    (void)Cluster::shared().client("pg_restore", victim.database().name(), {archive.string()});
    CHECK(victim.database().psql("select count(*) from public.evidence") == "1");
}
