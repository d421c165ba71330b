// Recipients are tried before anything starts, and secret keys are never repeated.

#include "support/catch.hpp"
#include "support/scene/seal_scene.hpp"

#include <fmt/format.h>

using namespace dbbackup::test;

TEST_CASE("what is no recipient is refused before anything starts") {
    const SealScene scene;
    const auto& dumps = scene.dumps();
    write_file(dumps.temp() / "empty", "# nothing\n");
    write_file(dumps.temp() / "bad", scene.recipient() + "\nage1nonsense\n");
    for (const std::string& word :
         {std::string{"age1nonsense"}, std::string{"ssh-ed25519 AAAA"},
          scene.recipient().substr(0, 40), std::string{"/nonexistent"},
          (dumps.temp() / "empty").string(), (dumps.temp() / "bad").string()}) {
        CAPTURE(word);
        dumps.check_failed(dumps.dump({"--encrypt", word}), 2, "recipient 1");
    }
}

TEST_CASE("a secret key as recipient is refused and never repeated") {
    const SealScene scene;
    const auto& dumps = scene.dumps();
    const std::string key = read_file(scene.key());
    const std::string secret = key.substr(key.find("AGE-SECRET-KEY-"), 74);
    std::string lower = secret;
    for (char& c : lower) {
        c = static_cast<char>(std::tolower(c));
    }
    const std::string ssh = dumps.temp() / "ssh";
    REQUIRE(run_program({"/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", ssh})
                .exit_code == 0);
    const auto identity = scene.run({"show", "--identity", secret});
    CHECK(identity.err.find(secret.substr(15)) == std::string::npos);
    const auto misplaced = dumps.dump({secret});
    CHECK(misplaced.exit_code == 2);
    CHECK(misplaced.err.find(secret.substr(15)) == std::string::npos);
    for (const std::string& word : {secret, lower, scene.key(), ssh}) {
        const std::string log = dumps.temp() / "log";
        const auto result = dumps.dump({"--encrypt", word, "--log-file", log});
        dumps.check_failed(result, 2, "is a secret key");
        CHECK(result.err.find(secret.substr(15)) == std::string::npos);
        CHECK(result.err.find(lower.substr(15)) == std::string::npos);
        CHECK(read_file(log).find(secret.substr(15)) == std::string::npos);
        CHECK(read_file(log).find(lower.substr(15)) == std::string::npos);
    }
}
