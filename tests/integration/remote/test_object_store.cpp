// What only S3 has: a hash that it computes itself, and its own clock. rclone is made to say that a
// directory is S3.

#include "support/catch.hpp"
#include "support/scene/remote_scene.hpp"

#include <filesystem>
#include <fmt/format.h>

using namespace dbbackup::test;
namespace fs = std::filesystem;

namespace {

/// From now on `cloud` stores objects, as a service of that `type`.
void pretend(const RemoteScene& scene, const std::string& type, const std::string& more = {}) {
    scene.fake_rclone(
        fmt::format("PLACE='{}'\ncase $STEP in\n"
                    "backend) echo '{{\"Features\": {{\"BucketBased\": true}}}}'; exit;;\n"
                    "listremotes) echo 'loc: {}'; exit;;\n"
                    "esac\n{}\nreal\n",
                    scene.place("cloud").string(), type, more));
}

std::string how_checked(const RemoteScene& scene, const std::string& name) {
    const auto manifest = nlohmann::json::parse(read_file(scene.dumps() / (name + ".json")));
    return manifest["copies"].empty() ? "" : manifest["copies"].back()["checked_by"];
}

/// Its hash is not that of what is stored.
constexpr const char* k_other_hash =
    "if [[ \" ${ALL[*]} \" == *' --hash '* ]]; then\n"
    "echo '{\"Hashes\": {\"md5\": \"0123456789abcdef0123456789abcdef\"}}'; exit; fi";

} // namespace

TEST_CASE("the hash of S3 itself is believed, that of others is not asked for") {
    const RemoteScene scene;
    for (const auto& [type, checked_by] :
         std::vector<std::pair<std::string, std::string>>{{"s3", "hash"}, {"b2", "read"}}) {
        CAPTURE(type);
        pretend(scene, type);
        const std::string name = scene.take({"--to", "cloud"});
        CHECK(how_checked(scene, name) == checked_by);
    }
}

TEST_CASE("if S3 has another hash, the copy is read back") {
    const RemoteScene scene;
    pretend(scene, "s3", k_other_hash);
    const std::string name = scene.take({"--to", "cloud"});
    CHECK(how_checked(scene, name) == "read");
    pretend(scene, "s3",
            std::string{k_other_hash} +
                "\nif [[ $STEP == cat ]]; then real | tr 'a-m' 'n-z'; exit 0; fi");
    const auto result = scene.check(6, {"dump", "--to", "cloud"});
    CHECK(result.err.find("differs from the dump here") != std::string::npos);
    CHECK(scene.listed("cloud") == std::vector<std::string>{name});
}

TEST_CASE("a damaged dump does not go to an object store, not even without a manifest") {
    const RemoteScene scene;
    pretend(scene, "s3");
    const std::string name = scene.take();
    std::string content = read_file(scene.dumps() / name);
    content[content.size() / 2] ^= 1;
    write_file(scene.dumps() / name, content);
    scene.check(3, {"push", name, "--to", "cloud"});
    CHECK(names_in(scene.place("cloud")).empty());
}

TEST_CASE("keep-at-least goes by the clock of S3") {
    RemoteScene scene;
    scene.set("keep-at-least = \"1d\"");
    pretend(scene, "s3");
    const std::string first = scene.take({"--to", "cloud"});
    const std::string second = scene.take({"--to", "cloud"});
    const auto prune = [&] { scene.check(0, {"prune", "--keep-last", "1", "--from", "cloud"}); };
    prune();
    CHECK(scene.listed("cloud").size() == 2);
    const fs::path file = scene.place("cloud") / first; // as if it had arrived a year ago
    fs::last_write_time(file, fs::last_write_time(file) - std::chrono::hours{24 * 365});
    prune();
    CHECK(scene.listed("cloud") == std::vector<std::string>{second});
}
