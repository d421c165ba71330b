#include "cli/run_record/curl.hpp"
#include "cli/run_record/hooks.hpp"
#include "cli/run_record/ping_url.hpp"
#include "cli/run_record/report_text.hpp"
#include "support/catch.hpp"

#include <dbbackup/base/outside_text.hpp>

#include <algorithm>

using namespace dbbackup;
using namespace dbbackup::cli;

namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

RunRecord failed_dump() {
    RunRecord record = begin_record("dump");
    record.target = RunTarget{.host = "db1", .port = 5432, .database = "shop"};
    record.dump = "shop_2026.sql.gz";
    record.rows = 3;
    record.exit_code = 1;
    record.duration = std::chrono::milliseconds{1234};
    note_failure(record,
                 base::Error{base::ErrorKind::failed,
                             "it failed: " + base::mark_outside("Key (email)=(ada)", "23505")});
    return record;
}

} // namespace

TEST_CASE("values in curl's configuration are quoted") {
    const std::string config = curl_config(
        {.url = "http://h/\"q\"", .content_type = "text/plain", .body = "@a\"b\\c\n1\t2\r3"});
    CHECK(has(config, "url = \"http://h/\\\"q\\\"\"\n"));
    CHECK(has(config, "data-raw = \"@a\\\"b\\\\c\\n1\\t2\\r3\"\n"));
    CHECK(has(config, "proto = \"=http,https\"\n"));
    CHECK(has(config, "max-time = \"10\"\n"));
    CHECK(has(config, "max-redirs = \"0\"\n"));
}

TEST_CASE("which URLs may be pinged, and what is shown of them") {
    for (const char* good :
         {"http://h", "https://hc-ping.com/uuid", "HTTPS://h/?a=b", "http://u:p@h:80/x"}) {
        INFO(good);
        CHECK(is_ping_url(good));
    }
    for (const char* bad : {"", "http://", "https:///x", "file:///etc/passwd", "ftp://h", "h/x",
                            "http://h/a b", "http://h/\n", "http://h\\@evil", "-o/x"}) {
        INFO(bad);
        CHECK_FALSE(is_ping_url(bad));
    }
    CHECK(host_of_ping("https://ann:pw@hc-ping.com:8443/uuid?x") == "hc-ping.com");
    CHECK(host_of_ping("https://hc-ping.com?secret@x") == "hc-ping.com");
    CHECK(host_of_ping("https://a@b@c/") == "c");
    CHECK(host_of_ping("https://[::1]/x") == "its server");
}

TEST_CASE("the step of a ping is at the end of the path") {
    CHECK(ping_url_of("https://h/uuid", "start") == "https://h/uuid/start");
    CHECK(ping_url_of("https://h/uuid/", "0") == "https://h/uuid/0");
    CHECK(ping_url_of("https://h/uuid?create=1#x", "143") == "https://h/uuid/143?create=1#x");
}

TEST_CASE("a record comes back from its JSON, without a server's text") {
    const RunRecord record = failed_dump();
    const std::string line = to_json(record).dump();
    CHECK(line.starts_with("{\"time\":\"20"));
    CHECK_FALSE(has(line, "ada"));
    CHECK(has(line, "23505"));
    const auto read = find_record(nlohmann::json::parse(line));
    REQUIRE(read);
    CHECK(to_json(*read).dump() == line);
    CHECK(result_of(*read) == "failed");
    CHECK(target_text(*read) == "shop on db1:5432");
    for (const char* wrong :
         {"1", "{}", "[]", R"({"time":1,"command":"dump","exit_code":0,"seconds":1})",
          R"({"time":"x","command":"dump","exit_code":0,"seconds":1})",
          R"({"time":"2026-11-20T03:15:00.000Z","command":"dump","exit_code":"0","seconds":1})"}) {
        INFO(wrong);
        CHECK_FALSE(find_record(nlohmann::json::parse(wrong)));
    }
}

TEST_CASE("reports, messages and variables say how a run ended") {
    RunRecord record = failed_dump();
    CHECK(has(report_text(record), "dbbackup dump of shop on db1:5432"));
    CHECK(has(report_text(record), ": failed (exit 1)\n"));
    CHECK(has(slack_message(record), "failed (exit 1): it failed"));
    const auto variables = hook_variables(HookEvent::failure, record);
    for (const char* expected :
         {"DBBACKUP_HOOK_EVENT=failure", "DBBACKUP_HOOK_DATABASE=shop", "DBBACKUP_HOOK_PORT=5432",
          "DBBACKUP_HOOK_EXIT_CODE=1", "DBBACKUP_HOOK_ROWS=3", "DBBACKUP_HOOK_SECONDS=1.234"}) {
        INFO(expected);
        CHECK(std::ranges::count(variables, expected) == 1);
    }
    note_interruption(record, 15, "database shop was not changed");
    CHECK(result_of(record) == "interrupted");
    CHECK(has(record.message, "database shop was not changed"));
    record.message = "<!channel> & more";
    CHECK(has(slack_message(record), "&lt;!channel&gt; &amp; more"));
}

TEST_CASE("curl gets proxies and certificates, and no secrets") {
    const auto environment = curl_environment(
        {"DATABASE_URL=x", "https_proxy=p", "DBBACKUP_PING_URL=u", "HOME=/h", "SSL_CERT_FILE=c"});
    CHECK(environment == std::vector<std::string>{"LC_ALL=C", "https_proxy=p", "SSL_CERT_FILE=c"});
}
