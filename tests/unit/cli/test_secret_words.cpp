#include "cli/command_line/secret_words.hpp"
#include "support/catch.hpp"

using namespace dbbackup;

namespace {

std::string shown(const std::string& message, const std::vector<std::string>& words) {
    return cli::without_passwords({base::ErrorKind::failed, message, message}, words).what();
}

} // namespace

TEST_CASE("possible passwords are left out of messages, whole or in part") {
    const std::string url = "postgres://u:p w@h@host/db";
    CHECK(shown("unexpected: " + url, {"dump", url}) == "unexpected: ***");
    CHECK(shown("--format: " + url + " is none", {"--format=" + url}) == "--format: *** is none");
    CHECK(shown("unexpected: -" + url, {"-q" + url}) == "unexpected: -***");
    CHECK(shown("cannot open 'postgres://u:p w@h@host'", {"show", url}) ==
          "cannot open 'postgres://***@host'");
    CHECK(shown("cannot open 'u:pw@host'", {"show", "u:pw@host"}) == "cannot open '***'");
    CHECK(shown("a\\nb://x@y", {"a\nb://x@y"}) == "***");
    // From a configuration file: not a word of the command line.
    CHECK(shown("--format: postgres://u:pw@h/d is none", {}) ==
          "--format: postgres://***@h/d is none");
}

TEST_CASE("other messages stay unchanged, with kind and hint") {
    for (const std::string message :
         {"", "there is no dump 'x' in 'dumps'", "see https://example.org/", "a@b", "://"}) {
        CHECK(shown(message, {"show", "x", "-q"}) == message);
    }
    const base::Error error = cli::without_passwords(
        {base::ErrorKind::locked, "a", "hint with s3cr3t@host"}, {"s3cr3t@host"});
    CHECK(error.kind() == base::ErrorKind::locked);
    CHECK(error.hint() == "hint with ***");
}

TEST_CASE("passwords in URLs are overwritten in the argument list") {
    std::string program = "dbbackup";
    std::string flag = "--url=postgres://u:pw@h/d";
    std::string other = "plain";
    char* arguments[] = {program.data(), flag.data(), other.data()};
    cli::hide_passwords(3, arguments);
    CHECK(program == "dbbackup");
    CHECK(flag == "--url=postgres://xxxxxxxx");
    CHECK(other == "plain");
}
