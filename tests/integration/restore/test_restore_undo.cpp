// The command that a restore prints at its end restores the old state, byte for byte.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/scene/shop_restore.hpp"
#include "support/scene/small_disk.hpp"

#include <csignal>
#include <filesystem>
#include <fmt/format.h>

using namespace dbbackup::test;

namespace {

constexpr int k_failed = 1;
constexpr int k_locked = 4;

/// Restores with a safety dump and checks that it succeeds.
ProgramResult restore_with_way_back(const ShopRestore& scene, const std::filesystem::path& dump,
                                    std::vector<std::string> arguments) {
    ProgramResult result = run_program(scene.words(dump, std::move(arguments)), scene.options());
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    return result;
}

std::string undo_command(const std::string& out) {
    constexpr std::string_view k_mark = "to undo: ";
    const std::size_t begin = out.find(k_mark);
    REQUIRE(begin != std::string::npos);
    return out.substr(begin + k_mark.size(), out.find('\n', begin) - begin - k_mark.size());
}

/// Types that line into a shell.
ProgramResult run_line(const ShopRestore& scene, const std::string& line) {
    ProgramOptions options = scene.options();
    options.environment["PATH"] =
        std::filesystem::path{dbbackup_path()}.parent_path().string() + ":/usr/bin:/bin";
    return run_program({"/bin/sh", "-c", line}, options);
}

void check_way_back(const ShopRestore& scene, const std::filesystem::path& dump,
                    const std::vector<std::string>& arguments) {
    const std::string old_state = Cluster::shared().dump_of(scene.target().name());
    const ProgramResult result = restore_with_way_back(scene, dump, arguments);
    CHECK(Cluster::shared().dump_of(scene.target().name()) != old_state);
    const std::string line = undo_command(result.out);
    INFO(line);
    const ProgramResult undone = run_line(scene, line);
    INFO(undone.err);
    CHECK(undone.exit_code == 0);
    CHECK(first_difference(Cluster::shared().dump_of(scene.target().name()), old_state) == "");
}

} // namespace

TEST_CASE("undo: a restore --clean over changed data", "[matrix]") {
    const ShopRestore scene;
    check_way_back(scene, scene.dump(), {"--clean"});
    check_way_back(scene, scene.dump({"-F", "custom"}), {"--clean", "--exact"});
}

TEST_CASE("undo: a restore that adds objects outside schemas", "[matrix]") {
    const ShopRestore scene;
    const TestDatabase added;
    added.psql("create schema news; create table news.items (i integer primary key); "
               "insert into news.items values (1); create publication news for table news.items; "
               "create extension pgcrypto; select lo_from_bytea(815, 'news'); "
               "create function news.noop() returns event_trigger language plpgsql as "
               "$$ begin end $$; create event trigger news on ddl_command_end "
               "execute function news.noop(); create schema extra; "
               "create type extra.mood as enum ('good'); comment on schema extra is 'more'");
    const TakenDump taken = take_dump(added.url(), scene.temp() / "taken");
    scene.target().psql("create schema extra; create table extra.goes (i integer)");
    check_way_back(scene, taken.path, {"--clean"});
}

TEST_CASE("undo: a restore of one of the tables") {
    ShopRestore scene;
    const auto dump = scene.dump();
    scene.renew_target();
    scene.target().psql("create schema shop; create table shop.customers (old integer)");
    check_way_back(scene, dump, {"--clean", "-t", "shop.customers"});
}

TEST_CASE("undo: if nothing is dropped, no safety dump and no undo command are needed") {
    ShopRestore scene;
    const auto dump = scene.dump();
    scene.renew_target();
    scene.target().psql("create schema other; create table other.kept as select 1 as i");
    scene.remember();
    const ProgramResult result = restore_with_way_back(scene, dump, {});
    CHECK(result.out.find("to undo") == std::string::npos);
    CHECK(result.err.find("Nothing is dropped, so no safety dump is taken.") != std::string::npos);
    CHECK(scene.new_names().empty());
    CHECK(scene.target().psql("select i from other.kept") == "1");
}

TEST_CASE("undo: --safety-dir sets the place of the safety dump, and the undo command finds it") {
    const ShopRestore scene;
    const auto dump = scene.dump();
    const auto elsewhere = scene.temp() / "other disk";
    check_way_back(scene, dump, {"--clean", "--safety-dir", elsewhere.string()});
    std::size_t manifests = 0;
    for (const std::string& name : names_in(elsewhere)) {
        manifests += name.ends_with(".json") ? 1 : 0;
    }
    CHECK(manifests == 2); // the undo's own too
}

TEST_CASE("undo: names that need quoting") {
    const TestDatabase target{"it's \"my\" $HOME; rm"};
    const ShopRestore scene;
    const auto dump = scene.dump();
    target.psql("create table kept as select 1 as i; create schema shop; create table shop.old ()");
    const std::string old_state = Cluster::shared().dump_of(target.name());
    const auto dumps = scene.temp() / "my dumps";
    ProgramOptions options = scene.options();
    options.environment["DATABASE_URL"] = target.url();
    const auto result = run_program({dbbackup_path(), "restore", dump.string(), "--dir",
                                     dumps.string(), "--clean", "--confirm", target.name()},
                                    options);
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    const std::string line = undo_command(result.out);
    INFO(line);
    options.environment["PATH"] =
        std::filesystem::path{dbbackup_path()}.parent_path().string() + ":/usr/bin:/bin";
    const auto undone = run_program({"/bin/sh", "-c", line}, options);
    INFO(undone.err);
    CHECK(undone.exit_code == 0);
    CHECK(first_difference(Cluster::shared().dump_of(target.name()), old_state) == "");
}

TEST_CASE("a failed restore says that its safety dump is kept, and where") {
    const ShopRestore scene;
    const auto dump = scene.write_dump(
        with_last(scene.sql(), "ALTER TABLE shop.orders ADD CONSTRAINT late CHECK (id < 400);"));
    const ProgramResult result = run_program(scene.words(dump, {"--clean"}), scene.options());
    INFO(result.err);
    CHECK(result.exit_code == k_failed);
    constexpr std::string_view k_mark = "The safety dump '";
    const std::size_t begin = result.err.find(k_mark);
    REQUIRE(begin != std::string::npos);
    const std::size_t end = result.err.find("' is kept", begin);
    REQUIRE(end != std::string::npos);
    CHECK(std::filesystem::exists(
        result.err.substr(begin + k_mark.size(), end - begin - k_mark.size())));
}

TEST_CASE("if the safety dump fails, the restore does not begin") {
    ShopRestore scene;
    const TakenDump taken = take_dump(scene.source().url(), scene.temp() / "taken");
    scene.remember();
    const auto refused = [&](const std::filesystem::path& directory, int exit_code,
                             const std::string& message) {
        const auto result =
            run_program({dbbackup_path(), "restore", taken.path.string(), "--dir",
                         directory.string(), "--confirm", scene.target().name(), "--clean"},
                        scene.options());
        scene.check_failed(result, exit_code, message);
        CHECK(result.err.find("--no-safety-dump") != std::string::npos);
        CHECK(result.err.find("dbbackup restore " + taken.path.string() + " --safety-dir DIR") !=
              std::string::npos);
    };
    write_file(scene.temp() / "file", "");
    refused(scene.temp() / "file", k_failed, "safety dump failed");

    const SmallDisk disk{"1m"};
    if (disk.there()) {
        disk.fill_up(0);
        refused(disk.path(), k_failed, "safety dump failed");
        std::filesystem::remove(disk / "filler");
        disk.make_read_only();
        refused(disk.path(), k_failed, "safety dump failed");
    }
}

TEST_CASE("a running dump of the target prevents a restore") {
    ShopRestore scene;
    const auto dump = scene.dump();
    scene.target().psql("create table shop.busy (i integer)");
    scene.remember();
    const std::string name = fmt::format(".{}.lock", scene.target().name());
    // Held as by another run; flock(1) takes the same kind of lock.
    Program holder{{"/usr/bin/flock", (scene.dumps() / name).string(), "/bin/sleep", "60"}, {}};
    while (!std::filesystem::exists(scene.dumps() / name)) {
        REQUIRE(holder.running());
    }
    ProgramResult result;
    do { // until it has the lock
        result = run_program(scene.words(dump, {"--clean"}), scene.options());
    } while (result.exit_code == 0 && holder.running());
    INFO(result.err);
    CHECK(result.exit_code == k_locked);
    CHECK(result.err.find("another run holds the lock") != std::string::npos);
    holder.send(SIGKILL);
    (void)holder.wait();
    std::filesystem::remove(scene.dumps() / name);
    scene.check_untouched();
}
