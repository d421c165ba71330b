// Dumps that are sealed: opened by hand, and what of them is in clear.

#include "support/catch.hpp"
#include "support/program/processes.hpp"
#include "support/scene/seal_scene.hpp"

#include <fmt/format.h>
#include <fstream>
#include <thread>

using namespace dbbackup::test;

namespace {

const std::vector<std::vector<std::string>> k_ways{
    {}, {"-Z", "zstd"}, {"-Z", "none"}, {"-F", "custom"}};

void check_in_no_file(const std::filesystem::path& directory, const std::string& text) {
    for (const std::string& name : names_in(directory)) {
        INFO(name);
        CHECK(read_file(directory / name).find(text) == std::string::npos);
    }
}

} // namespace

TEST_CASE("age and the usual tools restore a sealed dump by hand") {
    const SealScene scene;
    for (const auto& way : k_ways) {
        CAPTURE(way);
        const auto file = scene.take(way);
        const TestDatabase target;
        const ProgramResult sql = scene.sql_by_hand(file);
        INFO(sql.err);
        REQUIRE(sql.exit_code == 0);
        CHECK(Cluster::shared()
                  .client("psql", target.name(), {"-Xq", "-v", "ON_ERROR_STOP=1"}, sql.out)
                  .exit_code == 0);
        CHECK(target.psql("select count(*), max(song) from canary") == "500|canary-song 99");
        scene.dumps().remove_new();
    }
}

TEST_CASE("the manifest of a sealed dump hides what the dump holds") {
    const SealScene scene;
    const auto file = scene.take({"--label", "secret-label", "-t", "canary"});
    const std::string text = read_file(file.string() + ".json");
    const auto manifest = SealScene::manifest_of(file);
    CHECK(manifest["format_version"] == "2.1");
    CHECK(manifest["dump"]["partial"] == true);
    CHECK(manifest["sealed"]["recipients"] == nlohmann::json{scene.recipient()});
    CHECK(manifest["file"]["size"] == std::filesystem::file_size(file));
    CHECK(manifest["file"]["sha256"] ==
          run_program({"/usr/bin/sha256sum", file.string()}).out.substr(0, 64));
    for (const char* hidden : {"canary", "secret-label", "fingerprint", "rows", "contents",
                               "options", "uncompressed_size"}) {
        INFO(hidden);
        CHECK(text.find(hidden) == std::string::npos);
    }
    const auto opened = scene.by_hand(
        R"(python3 -c 'import json,sys; print(json.load(sys.stdin)["sealed"]["record"])' < "$FILE.json" | age -d -i "$KEY")",
        file);
    REQUIRE(opened.exit_code == 0);
    const auto record = nlohmann::json::parse(opened.out);
    CHECK(record["contents"]["tables"][0]["name"] == "canary");
    CHECK(record["dump"]["label"] == "secret-label");
    CHECK(record["dump_id"] == manifest["dump_id"]);
}

TEST_CASE("what is dumped is in no file in clear, neither before nor after the end") {
    const SealScene scene;
    scene.database().psql("insert into canary select g, 'canary-song ' || g "
                          "from generate_series(1000, 150000) g");
    for (const auto& way :
         std::vector<std::vector<std::string>>{{"-Z", "none"}, {"-F", "custom"}}) {
        CAPTURE(way);
        Program run{scene.words(way), scene.dumps().options()};
        while (run.running()) {
            check_in_no_file(scene.dumps().dumps(), "canary");
            for (const std::string& line : command_lines_with("age")) {
                CHECK(line.find("SECRET") == std::string::npos);
            }
        }
        CHECK(run.wait().exit_code == 0);
        check_in_no_file(scene.dumps().dumps(), "canary");
        scene.dumps().remove_new();
    }
}

TEST_CASE("a dump for several recipients, of age and OpenSSH, opens with each") {
    const SealScene scene;
    const std::string ssh = scene.dumps().temp() / "ssh";
    REQUIRE(run_program({"/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C",
                         "ann@example.org", "-f", ssh})
                .exit_code == 0);
    write_file(scene.dumps().temp() / "keys", "# spare\n" + scene.make_key("spare.key") + "\n");
    const auto file =
        scene.take({"--encrypt", ssh + ".pub", (scene.dumps().temp() / "keys").string()});
    CHECK(SealScene::manifest_of(file)["sealed"]["recipients"].size() == 3);
    CHECK(read_file(file.string() + ".json").find("ann@example.org") == std::string::npos);
    for (const std::string& key :
         {scene.key(), ssh, (scene.dumps().temp() / "spare.key").string()}) {
        INFO(key);
        CHECK(scene.run({"verify", file.string(), "--identity", key}).exit_code == 0);
    }
}

TEST_CASE("[dump] recipients in the configuration seals dumps") {
    const SealScene scene;
    write_file(scene.dumps().temp() / "dbbackup.toml",
               fmt::format("[dump]\nrecipients = [\"{}\"]\n", scene.recipient()));
    const auto result = scene.run({"dump"});
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK(result.out.find(".sql.gz.age") != std::string::npos);
    CHECK(scene.run({"list"}).exit_code == 0); // does not stumble over the key
}

TEST_CASE("with an identity at hand, a new dump is read back") {
    const SealScene scene;
    for (const auto& way : k_ways) {
        CAPTURE(way);
        auto arguments = way;
        arguments.insert(arguments.end(), {"--identity", scene.key()});
        const auto manifest = SealScene::manifest_of(scene.take(arguments));
        REQUIRE(manifest["verifications"].size() == 1);
        CHECK(manifest["verifications"][0]["level"] == "read");
        CHECK(manifest["verifications"][0]["result"] == "ok");
        scene.dumps().remove_new();
    }
    const auto wrong = scene.dump({"--identity", scene.other_key()});
    scene.dumps().check_failed(wrong, 1, "the identity does not open it");
}
