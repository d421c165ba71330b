// What can be done with a sealed dump, with and without an identity.

#include "support/catch.hpp"
#include "support/scene/seal_scene.hpp"

#include <fmt/format.h>

using namespace dbbackup::test;

namespace {

const std::vector<std::vector<std::string>> k_ways{{}, {"-Z", "none"}, {"-F", "custom"}};

} // namespace

TEST_CASE("without an identity, verify compares the hash: intact, and no verification") {
    const SealScene scene;
    const auto file = scene.take();
    const auto result = scene.run({"verify", file.string(), "--json"});
    INFO(result.err << result.out);
    CHECK(result.exit_code == 0);
    const auto report = nlohmann::json::parse(result.out);
    CHECK(report["dumps"][0]["level"] == "intact");
    CHECK(report["dumps"][0]["not_checked"].is_string());
    const auto manifest = SealScene::manifest_of(file);
    CHECK(manifest["verifications"].empty());
    CHECK(manifest["checks"][0]["level"] == "intact");
    CHECK(manifest["checks"][0]["result"] == "ok");
}

TEST_CASE("with the identity, verify reads a sealed dump, and another identity is exit 1") {
    const SealScene scene;
    for (const auto& way : k_ways) {
        CAPTURE(way);
        const auto file = scene.take(way);
        const auto good = scene.run_open({"verify", file.string()});
        INFO(good.err);
        CHECK(good.exit_code == 0);
        CHECK(good.out.find("good") != std::string::npos);
        CHECK(SealScene::manifest_of(file)["verifications"][0]["level"] == "read");
        const auto wrong = scene.run({"verify", file.string(), "--identity", scene.other_key()});
        CHECK(wrong.exit_code == 1);
        CHECK(wrong.err.find("does not open it") != std::string::npos);
        CHECK(SealScene::manifest_of(file)["verifications"].size() == 1);
        // That it has changed is worse than that this identity does not open it.
        std::string content = read_file(file);
        content.back() ^= 1;
        write_file(file, content);
        const auto changed = scene.run({"verify", file.string(), "--identity", scene.other_key()});
        CHECK(changed.exit_code == 3);
        scene.dumps().remove_new();
    }
}

TEST_CASE("what needs the content of a sealed dump is refused without an identity") {
    const SealScene scene;
    const auto file = scene.take();
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
             {"restore", "--dry-run", "--clean"},
             {"compare"},
             {"import", file.string(), "--mode", "add", "--dry-run"},
             {"verify", "--restore"}}) {
        CAPTURE(words);
        const auto result = scene.run(words);
        INFO(result.err);
        CHECK(result.exit_code == 1);
        CHECK(result.err.find("sealed") != std::string::npos);
        CHECK(result.err.find("--identity") != std::string::npos);
    }
}

TEST_CASE("list, status, pin and prune need no identity") {
    const SealScene scene;
    const auto file = scene.take();
    const auto list = nlohmann::json::parse(scene.run({"list", "--json"}).out);
    CHECK(list["dumps"][0]["sealed"] == true);
    CHECK(list["dumps"][0]["rows"].is_null());
    CHECK(list["dumps"][0]["problem"].is_null());
    const std::string before = read_file(file.string() + ".json");
    CHECK(scene.run({"pin", "latest"}).exit_code == 0);
    CHECK(scene.run({"unpin", "latest"}).exit_code == 0);
    CHECK(read_file(file.string() + ".json") == before);
    const auto status = scene.run({"status"});
    CHECK(status.exit_code == 0);
    CHECK(status.out.find("one recipient alone") != std::string::npos);
    const auto key_age = scene.run({"status", "--max-key-age", "1d"});
    CHECK(key_age.exit_code == 1);
    CHECK(key_age.out.find("ever opened with an identity") != std::string::npos);
    CHECK(scene.run_open({"verify", "latest"}).exit_code == 0);
    CHECK(scene.run({"status", "--max-key-age", "1d"}).exit_code == 0);
    CHECK(scene.run({"prune", "--keep-last", "1"}).exit_code == 0);
    CHECK(std::filesystem::exists(file));
}

TEST_CASE("show has everything with an identity, and what is in clear without") {
    const SealScene scene;
    const auto file = scene.take({"--label", "monday"});
    const auto closed = scene.run({"show", "latest"});
    CHECK(closed.exit_code == 0);
    CHECK(closed.out.find("canary") == std::string::npos);
    CHECK(closed.out.find(scene.recipient()) != std::string::npos);
    const auto open = nlohmann::json::parse(scene.run_open({"show", "latest", "--json"}).out);
    CHECK(open["manifest"]["dump"]["label"] == "monday");
    CHECK(open["manifest"]["contents"]["tables"][0]["name"] == "canary");
    CHECK(open["manifest"]["sealed"]["recipients"].size() == 1);
}

TEST_CASE("restore, compare and import read sealed dumps of each format") {
    const SealScene scene;
    for (const auto& way : k_ways) {
        CAPTURE(way);
        const auto file = scene.take(way);
        scene.database().psql("delete from canary where id <= 10");
        const auto compared = scene.run_open({"compare", file.string()});
        INFO(compared.err);
        CHECK(compared.exit_code == 7);
        const auto imported =
            scene.run_open({"import", file.string(), "-t", "canary", "--mode", "add"});
        INFO(imported.err);
        CHECK(imported.exit_code == 0);
        CHECK(scene.database().psql("select count(*) from canary") == "500");
        scene.database().psql("drop table canary");
        const auto restored = scene.run_open({"restore", file.string(), "--clean", "--confirm",
                                              scene.database().name(), "--no-safety-dump"});
        INFO(restored.err);
        CHECK(restored.exit_code == 0);
        CHECK(scene.database().psql("select count(*) from canary") == "500");
        scene.dumps().remove_new();
    }
}

TEST_CASE("restore --jobs of a sealed archive is refused") {
    const SealScene scene;
    const auto file = scene.take({"-F", "custom"});
    const auto result = scene.run_open(
        {"restore", file.string(), "--clean", "--jobs", "2", "--confirm", scene.database().name()});
    CHECK(result.exit_code == 2);
    CHECK(result.err.find("sealed") != std::string::npos);
}

TEST_CASE("a sealed dump drills") {
    const SealScene scene;
    const auto file = scene.take();
    const auto result = scene.run_open(
        {"verify", "--restore", file.string(), "--scratch-url", Cluster::shared().url("postgres")});
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK(SealScene::manifest_of(file)["verifications"][0]["level"] == "restore");
}

TEST_CASE("an identity that is a pipe is read once and used for all") {
    const SealScene scene;
    const auto file = scene.take();
    const auto result = scene.by_hand(
        fmt::format(R"("{}" verify "$FILE" --identity <(cat "$KEY"))", dbbackup_path()), file);
    INFO(result.err);
    CHECK(result.exit_code == 0);
}

TEST_CASE("a secret key in place of its file is refused, and not repeated") {
    const SealScene scene;
    const auto file = scene.take();
    const std::string key =
        "AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ";
    const auto result = scene.run({"verify", file.string(), "--identity", key});
    CHECK(result.exit_code == 2);
    CHECK(result.err.find("QQQQ") == std::string::npos);
}

TEST_CASE("a file that holds no identity is exit 1, and not quoted") {
    const SealScene scene;
    const auto file = scene.take();
    write_file(scene.dumps().temp() / "junk", "AGE-SECRET-KEY-1JUNKJUNKJUNK\n");
    const auto result =
        scene.run({"verify", file.string(), "--identity", scene.dumps().temp() / "junk"});
    CHECK(result.exit_code == 1);
    CHECK(result.err.find("JUNKJUNK") == std::string::npos);
    CHECK(scene.run({"verify", file.string(), "--identity", "/nonexistent"}).exit_code == 2);
}
