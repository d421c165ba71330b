// What rclone gets to know, and what is never shown.

#include "support/catch.hpp"
#include "support/scene/remote_scene.hpp"

#include <filesystem>
#include <fmt/format.h>

using namespace dbbackup::test;
namespace fs = std::filesystem;

namespace {

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("rclone gets its own settings and nothing of the database") {
    const RemoteScene scene;
    scene.fake_rclone("{ printf '%s\\n' \"${ALL[@]}\"; env; } >> \"$TMPDIR/../seen\"\nreal\n");
    ProgramOptions options = scene.options();
    for (const auto& [name, value] : std::map<std::string, std::string>{
             {"PGPASSWORD", "s3cret-pg"},
             {"PGPASSFILE", "/tmp/s3cret-passfile"},
             {"DBBACKUP_IDENTITY_FILE", scene.seal().key()},
             {"DBBACKUP_PING_URL", "https://example.com/s3cret-ping"},
             {"DBBACKUP_SLACK_URL", "https://example.com/s3cret-slack"},
             {"SOME_TOKEN", "s3cret-token"},
             {"RCLONE_DRY_RUN", "true"},
             {"RCLONE_IMMUTABLE", "true"},
             {"RCLONE_EXCLUDE", "*"},
             {"RCLONE_LOG_FILE", (scene.temp() / "log").string()},
             {"RCLONE_CONFIG_LOC_DESCRIPTION", "for rclone"},
             {"RCLONE_CONFIG_PASS", "for rclone too"},
             {"AWS_ACCESS_KEY_ID", "for S3"}}) {
        options.environment[name] = value;
    }
    const auto run = [&](std::vector<std::string> words) {
        const auto result = run_program(scene.words(std::move(words)), options);
        INFO(result.err);
        CHECK(result.exit_code == 0);
    };
    for (const std::string remote : {"cloud", "cloudvault"}) {
        run({"dump", "--to", remote, "--label", "s3cret-label"});
        run({"verify", "--all", "--from", remote});
        run({"prune", "--keep-last", "1", "--from", remote});
        run({"pull", "latest", "--from", remote});
    }
    const std::string seen = read_file(scene.temp() / "seen");
    for (const std::string secret : {"s3cret", "DATABASE_URL", "PGPASSWORD", "DBBACKUP_", "own.key",
                                     "AGE-SECRET-KEY", "RCLONE_DRY_RUN", "RCLONE_IMMUTABLE",
                                     "RCLONE_EXCLUDE", "RCLONE_LOG_FILE", "SOME_TOKEN"}) {
        CAPTURE(secret);
        CHECK_FALSE(holds(seen, secret));
    }
    for (const char* wanted : {"RCLONE_CONFIG_LOC_DESCRIPTION=for rclone",
                               "RCLONE_CONFIG_PASS=for rclone too", "AWS_ACCESS_KEY_ID=for S3"}) {
        CAPTURE(wanted);
        CHECK(holds(seen, wanted));
    }
    CHECK_FALSE(fs::exists(scene.temp() / "log"));
}

TEST_CASE("a target with credentials in it is refused, and not repeated") {
    for (const std::string target :
         {":s3,access_key_id=s3cret:bucket", "remote,pass=s3cret:path", "https://u:s3cret@h/",
          "sftp://u:s3cret@h/", "u:s3cret@host:path", ":sftp:s3cret", "remote,s3cret", "s3cret",
          "-s3cret:path", "", "\\\"remote,pass=s3cret\\\":path", "remote='s3cret':path",
          "re mote@s3cret:x"}) {
        CAPTURE(target);
        RemoteScene scene;
        scene.add("bad", target);
        for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
                 {"push", "--to", "bad"},
                 {"dump", "--to", "bad"},
                 {"list", "--from", "bad"},
                 {"prune", "--keep-last", "1", "--from", "bad"}}) {
            const auto result = scene.check(2, words);
            CHECK_FALSE(holds(result.err + result.out, "s3cret"));
        }
        CHECK(names_in(scene.dumps()).size() == 2); // no dump was taken
    }
}

TEST_CASE("what rclone says is shown without what URLs can hold") {
    const RemoteScene scene;
    for (
        const std::string said :
        {R"(Failed to copy: Put \"https://user:s3cret@bucket.example/x?X-Sig=s3cret&y=s3cret\": denied)",
         R"(Failed: https://s3cret@host.example/a?s3cret and https://b.example/?s3cret end)",
         R"(caused by: Get 'https://h.example/p?s3cret')"}) {
        for (const std::string step : {"lsjson", "copy"}) {
            const std::string as_json =
                "echo '{\"level\":\"error\",\"msg\":\"" + said +
                "\",\"time\":\"2026-11-22T17:54:58Z\"}' >&2\n"
                "echo '{\"level\":\"notice\",\"msg\":\"stats\",\"stats\":{\"bytes\":0}}' >&2\n";
            for (const std::string& body :
                 {"echo \"2026/11/22 17:54:58 " + said + "\" >&2\n", as_json}) {
                CAPTURE(said, step, body);
                scene.fake_rclone(
                    fmt::format("if [[ $STEP == {} ]]; then\n{}exit 1\nfi\nreal\n", step, body));
                const auto result = scene.check(6, {"push", "--to", "cloud"});
                CHECK_FALSE(holds(result.err + result.out, "s3cret"));
                CHECK_FALSE(holds(result.err, "\"level\""));
            }
        }
    }
}

TEST_CASE("without rclone, the package is named, and a directory needs none") {
    const RemoteScene scene;
    ProgramOptions options = scene.options();
    options.environment["PATH"] = "/nonexistent";
    options.environment["DBBACKUP_BIN_DIR"] = Cluster::shared().bin_dir();
    const auto result = run_program(scene.words({"push", "--to", "cloud"}), options);
    CHECK(result.exit_code == 6);
    CHECK(holds(result.err, "package rclone"));
    CHECK(run_program(scene.words({"push", "--to", "disk"}), options).exit_code == 0);
}
