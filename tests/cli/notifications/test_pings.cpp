// Pings and Slack messages: sent by curl, to a web server that may behave badly.

#include "support/catch.hpp"
#include "support/dumps/sample_directory.hpp"
#include "support/dumps/sample_dump.hpp"
#include "support/server/http_server.hpp"

#include <chrono>
#include <csignal>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <thread>

using namespace dbbackup::test;
using Manner = HttpServer::Manner;

namespace {

constexpr const char* k_ping = "DBBACKUP_PING_URL";
constexpr const char* k_secret = "0f3c-secret";

ProgramResult run(const SampleDirectory& dumps, const std::vector<std::string>& words,
                  const std::map<std::string, std::string>& environment) {
    return run_program(dumps.words(words), {.environment = environment, .directory = dumps.home()});
}

double seconds_of(const std::function<void()>& action) {
    const auto start = std::chrono::steady_clock::now();
    action();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

} // namespace

TEST_CASE("a run pings at its start and with its exit code at its end") {
    const SampleDirectory dumps;
    const std::string name = dumps.add_days(1).front();
    const HttpServer server;
    const ProgramResult result = run(dumps, {"pin", "latest", "--reason", "a \"q\" \\n"},
                                     {{k_ping, server.url("/uuid/?create=1")}});
    CHECK(result.exit_code == 0);
    CHECK(result.err.empty());
    CHECK(server.paths() == "/uuid/start?create=1 /uuid/0?create=1");
    const auto requests = server.requests();
    REQUIRE(requests.size() == 2);
    CHECK(requests.back().head.starts_with("POST "));
    CHECK(requests.back().head.find("text/plain") != std::string::npos);
    CHECK(requests.back().body.find("ok (exit 0)") != std::string::npos);
    CHECK(requests.back().body.find("dump: " + name + "\n") != std::string::npos);
    CHECK(requests.back().body.find("reason: a \"q\" \\n\n") != std::string::npos);
}

TEST_CASE("early failures ping") {
    const SampleDirectory dumps;
    (void)dumps.add_days(1);
    const HttpServer server;
    const std::map<std::string, std::string> environment{{k_ping, server.url("/u")}};
    SECTION("a wrong flag") {
        CHECK(run(dumps, {"dump", "--bogus"}, environment).exit_code == 2);
        CHECK(server.paths() == "/u/2");
    }
    SECTION("no URL") {
        CHECK(run(dumps, {"dump"}, environment).exit_code == 2);
        CHECK(server.paths() == "/u/2");
        CHECK(server.requests().front().body.find("error: no database is named\n") !=
              std::string::npos);
    }
    SECTION("a wrong configuration") {
        write_file(dumps.home() / "dbbackup.toml", "nonsense");
        CHECK(run(dumps, {"verify"}, environment).exit_code == 2);
        CHECK(server.paths() == "/u/2");
    }
    SECTION("a wrong .env") {
        write_file(dumps.home() / ".env", "DATABASE_URL=\"open\n");
        CHECK(run(dumps, {"dump"}, environment).exit_code == 2);
        CHECK(server.paths() == "/u/2");
    }
}

TEST_CASE("commands that only read, dry runs and --no-notify send nothing") {
    const SampleDirectory dumps;
    (void)dumps.add_days(1);
    const HttpServer server;
    for (const std::vector<std::string>& words : {std::vector<std::string>{"list"},
                                                  {"prune", "--keep-last", "1", "--dry-run"},
                                                  {"pin", "latest", "--no-notify"}}) {
        CHECK(run(dumps, words, {{k_ping, server.url("/u")}}).exit_code == 0);
    }
    CHECK(server.requests().empty());
}

TEST_CASE("success, failure and Slack have URLs of their own") {
    const SampleDirectory dumps;
    (void)dumps.add_days(1);
    const HttpServer server;
    const std::map<std::string, std::string> environment{
        {"DBBACKUP_PING_SUCCESS_URL", server.url("/good")},
        {"DBBACKUP_PING_FAILURE_URL", server.url("/bad")},
        {"DBBACKUP_SLACK_URL", server.url("/slack")}};
    CHECK(run(dumps, {"pin", "latest"}, environment).exit_code == 0);
    CHECK(server.paths() == "/good");
    CHECK(run(dumps, {"pin", "<!channel>"}, environment).exit_code != 0);
    CHECK(server.requests().size() == 3);
    std::string slack;
    for (const auto& request : server.requests()) {
        slack = request.path == "/slack" ? request.body : slack;
    }
    const std::string said = nlohmann::json::parse(slack).at("text");
    CHECK(said.starts_with("dbbackup pin"));
    CHECK(said.find("failed") != std::string::npos);
    CHECK(said.find("&lt;!channel&gt;") != std::string::npos);
    // The run before failed.
    CHECK(run(dumps, {"pin", "latest"}, environment).exit_code == 0);
    REQUIRE(server.requests().size() == 5);
    const auto recovered = server.requests();
    CHECK((recovered[3].body + recovered[4].body).find("works again") != std::string::npos);
    CHECK(run(dumps, {"pin", "latest"}, environment).exit_code == 0);
    CHECK(server.requests().size() == 6);
}

TEST_CASE("a ping URL from a file, from .env, and one that is none") {
    const SampleDirectory dumps;
    (void)dumps.add_days(1);
    const HttpServer server;
    SECTION("ping-url-file") {
        write_file(dumps.home() / "ping", server.url("/file") + "\n");
        ::chmod((dumps.home() / "ping").c_str(), 0600);
        write_file(dumps.home() / "dbbackup.toml", "ping-url-file = \"ping\"\n");
        const ProgramResult result = run(dumps, {"pin", "latest"}, {});
        CHECK(result.exit_code == 0);
        CHECK(result.err.empty());
        CHECK(server.paths() == "/file/start /file/0");
    }
    SECTION("a missing file is a warning") {
        write_file(dumps.home() / "dbbackup.toml", "ping-url-file = \"ping\"\n");
        const ProgramResult result = run(dumps, {"pin", "latest"}, {});
        CHECK(result.exit_code == 0);
        CHECK(result.err.find("warning: cannot read the file of ping-url-file") !=
              std::string::npos);
    }
    SECTION(".env") {
        write_file(dumps.home() / ".env", std::string{k_ping} + "=" + server.url("/env") + "\n");
        CHECK(run(dumps, {"pin", "latest"}, {}).exit_code == 0);
        CHECK(server.paths() == "/env/start /env/0");
    }
    SECTION("no http") {
        for (const char* url : {"file:///etc/passwd", "0f3c-secret", "http://a b/0f3c-secret"}) {
            const ProgramResult result = run(dumps, {"pin", "latest"}, {{k_ping, url}});
            CHECK(result.exit_code == 0);
            CHECK(result.err.find("DBBACKUP_PING_URL is not a URL") != std::string::npos);
            CHECK(result.err.find(k_secret) == std::string::npos);
        }
    }
}

TEST_CASE("a dead endpoint is one warning, without the URL") {
    const SampleDirectory dumps;
    (void)dumps.add_days(1);
    const ProgramResult result =
        run(dumps, {"pin", "latest"},
            {{k_ping, std::string{"http://ann:pw@127.0.0.1:1/"} + k_secret + "?key=" + k_secret}});
    CHECK(result.exit_code == 0);
    CHECK(result.err ==
          "dbbackup: warning: the ping to 127.0.0.1 (DBBACKUP_PING_URL) was not delivered: no "
          "connection (3 tries)\n");
    CHECK(read_file(dumps / ".journal.jsonl").find(k_secret) == std::string::npos);
}

TEST_CASE("a server that errs or redirects") {
    const SampleDirectory dumps;
    (void)dumps.add_days(1);
    SECTION("500 is tried again") {
        const HttpServer server{Manner::error};
        const ProgramResult result = run(dumps, {"pin", "latest"}, {{k_ping, server.url("/u")}});
        CHECK(result.exit_code == 0);
        CHECK(result.err.find("it answered 500 (3 tries)") != std::string::npos);
        CHECK(server.paths() == "/u/start /u/0 /u/0 /u/0");
    }
    SECTION("a redirect is not followed") {
        const HttpServer server{Manner::redirect};
        const ProgramResult result = run(dumps, {"pin", "latest"}, {{k_ping, server.url("/u")}});
        CHECK(result.exit_code == 0);
        CHECK(result.err.find("it answered 302") != std::string::npos);
        CHECK(server.paths() == "/u/start /u/0");
    }
}

TEST_CASE("an answer without end counts as soon as it says 200", "[slow]") {
    const SampleDirectory dumps;
    (void)dumps.add_days(1);
    const HttpServer server{Manner::flood};
    const double seconds = seconds_of([&] {
        const ProgramResult result =
            run(dumps, {"pin", "latest"}, {{"DBBACKUP_PING_SUCCESS_URL", server.url("/u")}});
        CHECK(result.exit_code == 0);
        CHECK(result.err.empty());
    });
    CHECK(seconds < 30);
    CHECK(server.requests().size() == 1);
}

TEST_CASE("a server that never answers delays a run by no more than three tries", "[slow]") {
    const SampleDirectory dumps;
    (void)dumps.add_days(1);
    const HttpServer server{GENERATE(Manner::hang, Manner::drip)};
    const double seconds = seconds_of([&] {
        const ProgramResult result =
            run(dumps, {"pin", "latest"}, {{"DBBACKUP_PING_SUCCESS_URL", server.url("/u")}});
        CHECK(result.exit_code == 0);
        CHECK(result.err.find("no answer in time (3 tries)") != std::string::npos);
    });
    CHECK(seconds > 29);
    CHECK(seconds < 60);
}

TEST_CASE("a signal ends the pings quickly, and not the exit code", "[slow]") {
    const SampleDirectory dumps;
    (void)dumps.add_days(1);
    const HttpServer server{Manner::hang};
    std::vector<std::string> words = dumps.words({"pin", "latest"});
    Program program{words,
                    {.environment = {{"DBBACKUP_PING_SUCCESS_URL", server.url("/u")}},
                     .directory = dumps.home()}};
    while (server.requests().empty() && program.running()) {
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    program.send(SIGTERM);
    const double seconds = seconds_of([&] {
        const ProgramResult result = program.wait();
        CHECK(result.exit_code == 0);
        CHECK(result.err.find("a signal ended the pings") != std::string::npos);
    });
    CHECK(seconds < 8);
}

TEST_CASE("without curl, a warning says so") {
    const SampleDirectory dumps;
    (void)dumps.add_days(1);
    const ProgramResult result =
        run(dumps, {"pin", "latest"}, {{k_ping, "http://127.0.0.1:1/x"}, {"PATH", "/nonexistent"}});
    CHECK(result.exit_code == 0);
    CHECK(result.err.find("the program curl is not installed") != std::string::npos);
}

TEST_CASE("curl gets the URL on its stdin only, and no other settings") {
    const SampleDirectory dumps;
    (void)dumps.add_days(1);
    const TempDir tools;
    write_executable(tools / "curl", "#!/bin/sh\nexec > '" + (tools / "seen").string() +
                                         "'\necho \"$@\"\n/usr/bin/env\necho ---\n/bin/cat\n");
    const ProgramResult result =
        run(dumps, {"pin", "latest"},
            {{"DBBACKUP_PING_SUCCESS_URL", std::string{"http://h/"} + k_secret},
             {"DATABASE_URL", "postgres://u:gehe1m@h/d"},
             {"https_proxy", "http://proxy:3128"},
             {"PATH", tools.path().string() + ":/usr/bin:/bin"}});
    CHECK(result.exit_code == 0);
    const std::string seen = read_file(tools / "seen");
    const std::string outside = seen.substr(0, seen.find("---\n"));
    CHECK(outside.starts_with("--disable --config -\n"));
    CHECK(outside.find(k_secret) == std::string::npos);
    CHECK(outside.find("gehe1m") == std::string::npos);
    CHECK(outside.find("https_proxy=http://proxy:3128\n") != std::string::npos);
    CHECK(seen.find("url = \"http://h/0f3c-secret\"\n") != std::string::npos);
}
