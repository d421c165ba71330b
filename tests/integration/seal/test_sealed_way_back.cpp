// Safety dumps and guard: the way back is sealed if dumps are, and says what it will need.

#include "support/catch.hpp"
#include "support/scene/seal_scene.hpp"

#include <algorithm>
#include <fmt/format.h>

using namespace dbbackup::test;

namespace {

class Configured : public SealScene {
public:
    Configured() {
        write_file(dumps().temp() / "dbbackup.toml",
                   fmt::format("[dump]\nrecipients = [\"{}\"]\n", recipient()));
    }

    [[nodiscard]] std::size_t sealed_dumps() const {
        const auto names = names_in(dumps().dumps());
        return static_cast<std::size_t>(std::ranges::count_if(
            names, [](const std::string& name) { return name.ends_with(".age"); }));
    }
};

/// The command after "to undo: ".
std::string undo_of(const std::string& text) {
    const std::size_t start = text.find("dbbackup restore ");
    return start == std::string::npos ? "" : text.substr(start, text.find('\n', start) - start);
}

} // namespace

TEST_CASE("a safety dump is sealed if dumps are, and the undo command names an identity") {
    const Configured scene;
    const auto plain = scene.dumps().dumps() / names_in(scene.dumps().dumps())[0];
    for (const bool has_identity : {false, true}) {
        CAPTURE(has_identity);
        const std::size_t before = scene.sealed_dumps();
        scene.database().psql("create table if not exists canary (id int)");
        std::vector<std::string> words{"restore", plain.string(), "--clean",
                                       "--exact", "--confirm",    scene.database().name()};
        const auto result = has_identity ? scene.run_open(words) : scene.run(words);
        INFO(result.err << result.out);
        CHECK(result.exit_code == 0);
        CHECK(scene.sealed_dumps() == before + 1);
        const bool warned = result.err.find("will need an identity") != std::string::npos;
        CHECK(warned != has_identity);
        const std::string undo = undo_of(result.out);
        CHECK(undo.find(has_identity ? "--identity " + scene.key() : "--identity FILE") !=
              std::string::npos);
    }
}

TEST_CASE("guard seals its dump, and says before the command that an identity is needed") {
    const Configured scene;
    auto words = std::vector<std::string>{
        dbbackup_path(), "guard", "--dir", scene.dumps().dumps().string(), "--", "/bin/true"};
    const auto closed = run_program(words, scene.dumps().options());
    INFO(closed.err);
    CHECK(closed.exit_code == 0);
    CHECK(closed.err.find("will need an identity") < closed.err.find("to undo: "));
    CHECK(closed.err.find("--identity FILE") != std::string::npos);
    words.insert(words.begin() + 2, {"--identity", scene.key()});
    const auto open = run_program(words, scene.dumps().options());
    INFO(open.err);
    CHECK(open.exit_code == 0);
    CHECK(open.err.find("will need an identity") == std::string::npos);
    CHECK(open.err.find("--identity " + scene.key()) != std::string::npos);
    CHECK(scene.sealed_dumps() == 2);
}
