// pull where something of the dump is here already.

#include "support/catch.hpp"
#include "support/scene/remote_scene.hpp"

#include <filesystem>

using namespace dbbackup::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

void flip_a_byte(const fs::path& file) {
    std::string content = read_file(file);
    content[content.size() / 2] ^= 1;
    write_file(file, content);
}

} // namespace

TEST_CASE("a dump that was lost here comes back to its manifest") {
    const RemoteScene scene;
    const std::string name = scene.take({"--to", "disk", "--pin"});
    scene.check(0, {"verify", name});
    const std::string content = read_file(scene.dumps() / name);
    fs::remove(scene.dumps() / name);
    scene.check(1, {"status"});
    scene.check(0, {"pull", name, "--from", "disk"});
    CHECK(read_file(scene.dumps() / name) == content);
    const json manifest = json::parse(read_file(scene.dumps() / (name + ".json")));
    CHECK(manifest["pinned"] == true);
    CHECK(manifest["verifications"].size() == 1);
    scene.check(0, {"status"});
    scene.check(0, {"verify", name});
}

TEST_CASE("a manifest here that is not of the copy, or tells of damage, is not passed over") {
    const RemoteScene scene;
    const std::string name = scene.take({"--to", "disk"});
    const fs::path record = scene.dumps() / (name + ".json");
    const std::string text = read_file(record);
    json other = json::parse(text);
    other["dump_id"] = "0123456789abcdef0123456789abcdef";
    const auto refused = [&](const std::string& why) {
        fs::remove(scene.dumps() / name);
        const std::string before = read_file(record);
        const auto result = scene.check(1, {"pull", name, "--from", "disk"});
        CHECK(holds(result.err, why));
        CHECK(holds(result.err, "Move it away, and pull again"));
        CHECK_FALSE(fs::exists(scene.dumps() / name));
        CHECK(read_file(record) == before);
    };
    write_file(record, other.dump(2));
    refused("is not the manifest of that copy");
    write_file(record, "{");
    refused("is not the manifest of that copy");
    write_file(record, text);
    fs::copy_file(scene.place("disk") / name, scene.dumps() / name);
    flip_a_byte(scene.dumps() / name);
    scene.check(3, {"verify", name});
    refused("says that the dump was found damaged");
}

TEST_CASE("a damaged dump here is not called the same as its copy") {
    const RemoteScene scene;
    const std::string name = scene.take({"--to", "disk"});
    scene.check(0, {"pull", name, "--from", "disk"});
    flip_a_byte(scene.dumps() / name);
    const std::string before = read_file(scene.dumps() / name);
    const auto result = scene.check(3, {"pull", name, "--from", "disk"});
    CHECK(holds(result.err, "is here already, but it is damaged"));
    CHECK(read_file(scene.dumps() / name) == before);
}
