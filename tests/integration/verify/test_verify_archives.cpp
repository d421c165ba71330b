// Archives, which pg_restore reads: its messages as a verdict on the dump.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/dumps/sample_dump.hpp"
#include "support/program/fake_tools.hpp"
#include "support/server/cluster.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>

using namespace dbbackup::test;

namespace {

constexpr int k_good = 0;
constexpr int k_unverified = 1;
constexpr int k_damaged = 3;

/// An archive with its manifest, and a pg_restore to read it with.
struct ArchiveShelf {
    TempDir temp;
    FakeTools tools{temp.path()};
    TestDatabase database;
    TakenDump taken;

    ArchiveShelf() {
        database.psql("create table item (id int); insert into item select generate_series(1, 3)");
        taken = take_dump(database.url(), temp / "dumps", {"-F", "custom"});
        tools.use_real("pg_dump");
    }

    [[nodiscard]] ProgramResult verify_with(const std::string& pg_restore) {
        tools.make("pg_restore", pg_restore);
        return verify();
    }

    [[nodiscard]] ProgramResult verify() const {
        return run_dbbackup({"verify", taken.path.string(), "--bin-dir", tools.directory()});
    }

    void check(const std::string& pg_restore, int exit_code, const std::string& words) {
        const ProgramResult result = verify_with(pg_restore);
        INFO(pg_restore << result.out << result.err);
        CHECK(result.exit_code == exit_code);
        CHECK(result.err.find(words) != std::string::npos);
        CHECK(result.err.find(taken.path.filename().string()) != std::string::npos);
    }

    void check_each(const std::string& pg_restore, int with_manifest, int damaged,
                    const std::string& words) {
        check(pg_restore, with_manifest, words);
        const std::string content = read_file(taken.path);
        write_file(taken.path, content + "x");
        check(pg_restore, damaged, words);
        write_file(taken.path, content);
    }
};

std::string saying(const std::string& words) {
    return "echo 'pg_restore: error: " + words + "' >&2\nexit 1\n";
}

} // namespace

TEST_CASE("a failing pg_restore is not damage, unless the file differs from its manifest") {
    ArchiveShelf shelf;
    shelf.tools.use_real("pg_restore");
    CHECK(shelf.verify().exit_code == k_good);
    std::filesystem::remove(shelf.tools.path("pg_restore"));
    CHECK(shelf.verify().exit_code == k_unverified);

    shelf.check_each(saying("unsupported version (1.99) in file header"), k_unverified, k_damaged,
                     "unsupported version");
    shelf.check_each("kill -KILL $$\n", k_unverified, k_damaged, "signal 9");
    shelf.check_each("kill -SEGV $$\n", k_unverified, k_damaged, "signal 11");
    shelf.check_each(saying("out of memory"), k_unverified, k_damaged, "out of memory");
    shelf.check_each(saying("could not open input file \"x\": Permission denied"), k_unverified,
                     k_damaged, "Permission denied");
    shelf.check_each(saying("found unexpected block ID (0) when reading data"), k_damaged,
                     k_damaged, "unexpected block ID");
    shelf.check_each(saying("corrupt data of table signal"), k_damaged, k_damaged, "table signal");

    std::filesystem::remove(manifest_path(shelf.taken.path));
    shelf.check(saying("unsupported version (1.99) in file header"), k_unverified,
                "Install a newer postgresql-client");
    shelf.check("kill -KILL $$\n", k_unverified, "signal 9");
    shelf.check(saying("unexpected end of file"), k_damaged, "end of file");
    shelf.check("exit 0\n", k_damaged, "it is empty");
}

TEST_CASE("another version of pg_restore may word the same archive differently") {
    ArchiveShelf shelf;
    const ProgramResult result = shelf.verify_with(fmt::format(
        "echo '-- a line that is new'\nexec {} \"$@\"\n", FakeTools::real("pg_restore")));
    INFO(result.err);
    CHECK(result.exit_code == k_good);
}

TEST_CASE("a damaged archive that pg_restore never finishes is found anyway") {
    ArchiveShelf shelf;
    write_file(shelf.taken.path, read_file(shelf.taken.path) + "x");
    shelf.check(std::string{k_hang}, k_damaged, "pg_restore does not finish reading it");
}
