// What prune cannot delete, and where a signal ends it: the rest is deleted or stays, and the count
// is reported.

#include "support/catch.hpp"
#include "support/dumps/sample_directory.hpp"
#include "support/dumps/sample_dump.hpp"
#include "support/program/processes.hpp"

#include <csignal>
#include <nlohmann/json.hpp>
#include <unistd.h>

using namespace dbbackup::test;
using Words = std::vector<std::string>;

namespace {

const Words k_prune{"prune", "--keep-last", "1"};

bool tells(const ProgramResult& result, const std::string& text) {
    return result.err.find(text) != std::string::npos;
}

/// Not even root can rename a file to the name of a directory.
void obstruct(const SampleDirectory& dumps, const std::string& name) {
    std::filesystem::create_directory(dumps / ("." + name + ".removed"));
}

} // namespace

TEST_CASE("a dump that cannot be removed is reported and skipped") {
    const SampleDirectory dumps;
    const Words names = dumps.add_days(5);
    obstruct(dumps, names[2]);
    const ProgramResult result = dumps.run(k_prune);
    INFO(result.err);
    CHECK(result.exit_code == 1);
    CHECK(tells(result, "dbbackup: warning: '" + names[2] + "' could not be deleted: '" +
                            (dumps / ("." + names[2] + ".removed")).string() +
                            "' is in the way\n"));
    CHECK(tells(result, "dbbackup: error: 3 dumps deleted, 1 dump could not be: "));
    CHECK(!tells(result, "Nothing was changed"));
    std::filesystem::remove(dumps / ("." + names[2] + ".removed"));
    CHECK(dumps.dumps() == Words{names[2], names[4]});
    CHECK(dumps.run(k_prune).exit_code == 0);
    CHECK(dumps.dumps() == Words{names[4]});
}

TEST_CASE("a leftover that cannot be removed is reported and skipped") {
    const SampleDirectory dumps;
    const Words names = dumps.add_days(3);
    obstruct(dumps, names[1]);
    const std::string leftover = ".app_2019-01-01T00-00-00-000Z.sql.removed";
    const std::string other = ".app_2019-01-02T00-00-00-000Z.sql.removed";
    write_file(dumps / leftover, "left");
    write_file(dumps / other, "left");
    std::filesystem::create_directory(dumps / "app_2019-01-01T00-00-00-000Z.sql.json");
    const ProgramResult result = dumps.run({"prune", "--keep-last", "1", "--json"});
    INFO(result.err << result.out);
    CHECK(result.exit_code == 1);
    CHECK(tells(result, "warning: '" + leftover + "' could not be deleted: "));
    const auto error = nlohmann::json::parse(result.out).at("error");
    CHECK(error.at("kind") == "failed");
    const auto message = error.at("message").get<std::string>();
    CHECK(message.starts_with("1 dump deleted, 1 dump and 1 leftover could not be: "));
    CHECK(message.ends_with(", and more"));
    CHECK(!std::filesystem::exists(dumps / names[0]));
    CHECK(std::filesystem::exists(dumps / names[1]));
    CHECK(std::filesystem::exists(dumps / leftover));
    CHECK(!std::filesystem::exists(dumps / other));
}

TEST_CASE("if the manifest cannot be removed, the dump keeps its name") {
    if (::geteuid() != 0) {
        return; // it needs two users
    }
    constexpr uid_t k_nobody = 65534;
    const SampleDirectory dumps;
    const Words names = dumps.add_days(3);
    // In a sticky directory you can delete your own files, but not others' that you can write.
    std::filesystem::permissions(dumps.path().parent_path(), std::filesystem::perms{0755});
    std::filesystem::permissions(dumps.path(), std::filesystem::perms{01777});
    for (const std::string& name : names) {
        REQUIRE(::chown((dumps / name).c_str(), k_nobody, k_nobody) == 0);
        std::filesystem::permissions(manifest_path(dumps / name), std::filesystem::perms{0666});
    }
    REQUIRE(::chown(manifest_path(dumps / names[0]).c_str(), k_nobody, k_nobody) == 0);
    Words words = dumps.words(k_prune);
    words.insert(words.begin(),
                 {"/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"});
    const ProgramResult result = run_program(words);
    INFO(result.err);
    CHECK(result.exit_code == 1);
    CHECK(tells(result, "1 dump deleted, 1 dump could not be: "));
    CHECK(dumps.dumps() == Words{names[1], names[2]});
    CHECK(dumps.state().size() == 4);
}

TEST_CASE("a prune that a signal ends between two dumps reports how many were deleted") {
    const SampleDirectory dumps;
    const Words names = dumps.add_days(5);
    // Newest first: if another run holds a manifest, the prune waits for it.
    const HeldFile held{manifest_path(dumps / names[1]), HeldFile::How::exclusive};
    Program prune{dumps.words(k_prune), {.directory = dumps.path().parent_path()}};
    REQUIRE(eventually([&] {
        return !std::filesystem::exists(manifest_path(dumps / names[2])) &&
               !std::filesystem::exists(dumps / ("." + names[2] + ".removed"));
    }));
    prune.send(SIGTERM);
    const ProgramResult result = prune.wait();
    INFO(result.err);
    CHECK(result.exit_code == 143);
    CHECK(tells(
        result,
        "warning: the signal came after 2 of 4 dumps were deleted, each with its manifest\n"));
    CHECK(dumps.dumps() == Words{names[0], names[1], names[4]});
}
