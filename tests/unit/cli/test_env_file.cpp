#include "cli/env_file.hpp"
#include "support/catch.hpp"

#include <dbbackup/base/error.hpp>

using namespace dbbackup;
using Values = std::map<std::string, std::string>;

namespace {

const std::vector<std::string> k_wanted{"A",    "B",        "URL",          "exported",
                                        "MIIE", "\xff\xfe", "DATABASE_URL", "DBBACKUP_DIR"};

} // namespace

TEST_CASE("an env file is read as dotenv tools write it") {
    const std::vector<std::pair<std::string, Values>> cases{
        {"", {}},
        {"\n\n  \n# a comment\n   # another\n", {}},
        {"A=1", {{"A", "1"}}},
        {"A=1\nB=2\n", {{"A", "1"}, {"B", "2"}}},
        {"A=1\r\nB=2\r\n", {{"A", "1"}, {"B", "2"}}},
        {"\xef\xbb\xbf"
         "A=1\n",
         {{"A", "1"}}},
        {"A=1\nA=2\n", {{"A", "2"}}},
        {"  A = 1  ", {{"A", "1"}}},
        {"export A=1\nexport   B=2", {{"A", "1"}, {"B", "2"}}},
        {"exported=1", {{"exported", "1"}}},
        {"A=", {{"A", ""}}},
        {"A=''\nB=\"\"", {{"A", ""}, {"B", ""}}},
        {"A=two words", {{"A", "two words"}}},
        {"A=1 # a comment", {{"A", "1"}}},
        {"A=x#y", {{"A", "x#y"}}},
        {"A='x # y' # z", {{"A", "x # y"}}},
        {"A=\"x # y\" # z", {{"A", "x # y"}}},
        {R"(A="it's \"quoted\" \\ \$x \n")", {{"A", R"(it's "quoted" \ $x \n)"}}},
        {R"(A='a "b" \c')", {{"A", R"(a "b" \c)"}}},
        {"A=b=c==", {{"A", "b=c=="}}},
        {"A=it's", {{"A", "it's"}}},
        {"A='$B${C}'", {{"A", "$B${C}"}}},
        {"A=$B", {{"A", "$B"}}},
        {"OTHER=${C}\nOTHER2='open\nA=1", {{"A", "1"}}},
        {"URL=postgres://u:p%23%20@h/d?x=1&y=2", {{"URL", "postgres://u:p%23%20@h/d?x=1&y=2"}}},
        {"KEY=\"-----BEGIN\nMIIE=\n-----END\"\nA=1", {{"MIIE", ""}, {"A", "1"}}},
        {"no equals sign\nA=1", {{"A", "1"}}},
        {"A=1\n\xff\xfe=2", {{"A", "1"}, {"\xff\xfe", "2"}}},
    };
    for (const auto& [text, expected] : cases) {
        INFO(text);
        CHECK(cli::parse_env_file(text, ".env", k_wanted) == expected);
    }
}

TEST_CASE("a broken line that is asked for is an error with its number and without its text") {
    for (const std::string line :
         {"DATABASE_URL", "DATABASE_URL='s3cr3t", "DATABASE_URL=\"s3cr3t",
          "export DATABASE_URL=\"s3cr3t\\\"", "DBBACKUP_DIR='s3cr3t", "DATABASE_URL = 's3cr3t\" ",
          "DATABASE_URL=\"s3cr3t${X}\"", "DATABASE_URL=s3cr3t${X}"}) {
        INFO(line);
        try {
            (void)cli::parse_env_file("A=1\n\n" + line + "\nB=2\n", "my\x1b.env", k_wanted);
            FAIL("accepted");
        } catch (const base::Error& error) {
            CHECK(error.kind() == base::ErrorKind::usage);
            const std::string message = error.what();
            CHECK(message.find("in line 3 of 'my\\x1B.env' ") != std::string::npos);
            CHECK(message.find("s3cr3t") == std::string::npos);
            CHECK(error.hint().find("s3cr3t") == std::string::npos);
        }
    }
}
