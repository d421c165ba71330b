#include "cli/settings/env_file.hpp"
#include "support/catch.hpp"

#include <dbbackup/base/error.hpp>

using namespace dbbackup;
using Values = std::map<std::string, std::string>;

namespace {

const std::vector<std::string> k_wanted{"A",    "B",        "URL",          "exported",
                                        "MIIE", "\xff\xfe", "DATABASE_URL", "DBBACKUP_DIR"};

std::optional<std::string> environment(const std::string& name) {
    const Values values{{"HOME", "/home/u"}, {"BOTH", "environment"}};
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional{found->second};
}

Values read(const std::string& text) {
    const cli::EnvFile file{text, ".env", environment};
    Values values;
    for (const std::string& name : k_wanted) {
        if (const auto value = file.find(name)) {
            values[name] = *value;
        }
    }
    return values;
}

} // namespace

TEST_CASE("an env file is parsed as dotenv tools write it") {
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
        {"KEY=\"-----BEGIN\nMIIE=\n-----END\"\nA=1", {{"A", "1"}}},
        {"no equals sign\nA=1", {{"A", "1"}}},
        {"A=1\n\xff\xfe=2", {{"A", "1"}, {"\xff\xfe", "2"}}},
    };
    for (const auto& [text, expected] : cases) {
        INFO(text);
        CHECK(read(text) == expected);
    }
}

TEST_CASE("variables in an env file are expanded, those of the environment first") {
    const std::string two = "X=one\nBOTH=file\nX=two\nEMPTY=\n";
    const std::vector<std::pair<std::string, std::string>> cases{
        {"${X}", "two"},
        {"\"${X}\"", "two"},
        {"`${X}`", "two"},
        {"'${X} $X'", "${X} $X"},
        {"$X", "two"},
        {"${BOTH}$BOTH", "environmentenvironment"},
        {"${HOME}/x", "/home/u/x"},
        {"~/x", "~/x"},
        {"a${X}b$X-c", "atwobtwo-c"},
        {"[${EMPTY}]", "[]"},
        {"$Xy", "$Xy"},
        {"${X}y", "twoy"},
        {"$NONE", "$NONE"},
        {"$", "$"},
        {"$$", "$$"},
        {"p$1a$&b", "p$1a$&b"},
        {"\\${X}", "${X}"},
        {"\"\\${X} \\$X\"", "${X} $X"},
        {"\\\\$X", "\\$X"},
        {"\"\\\\$X\"", "\\two"},
        {"\"\\\"$X\"", "\"two"},
        {"postgres://u:${X}@h/$X?a=1&b=2 # ${NONE}", "postgres://u:two@h/two?a=1&b=2"},
    };
    for (const auto& [raw, value] : cases) {
        INFO(raw);
        CHECK(read(two + "A=" + raw + "\nX=three\n") == Values{{"A", value}});
    }
    INFO("as their own lines were replaced");
    CHECK(read("X=$Y\nY=late\nA=${X}")["A"] == "$Y");
    CHECK(read("A=a\nA=${A}b\nA=${A}c")["A"] == "abc");
}

TEST_CASE("a value of several lines is one value") {
    for (const std::string quote : {"\"", "'", "`"}) {
        INFO(quote);
        const std::string key = "KEY=" + quote + "-----BEGIN\r\nDATABASE_URL=no\nA=2 # x\n" +
                                (quote == "'" ? "" : "\\" + quote + "\n") + "END" + quote;
        CHECK(read("A=1\n" + key + " # a comment\nB=3") == Values{{"A", "1"}, {"B", "3"}});
        CHECK(read(key + "\n") == Values{});
        INFO("a quote that only another value opens does not end one");
        const std::string open = "KEY=" + quote + "open\n";
        CHECK(read(open + "A=1") == Values{{"A", "1"}});
        CHECK(read(open + "A=" + quote + "1" + quote + "\nB=2") == Values{{"A", "1"}, {"B", "2"}});
    }
}

TEST_CASE("any bytes in an env file are read in bounded time and memory") {
    std::string bomb = "A=xxxxxxxxxxxxxxxx\n";
    for (int i = 0; i < 100; ++i) {
        bomb += "A=${A}$A\n";
    }
    CHECK_THROWS_AS(read(bomb), base::Error);
    std::string chain = "V0=x\n";
    for (int i = 1; i < 20000; ++i) {
        chain += "V" + std::to_string(i) + "=${V" + std::to_string(i - 1) + "}\n";
    }
    CHECK(read(chain + "A=${V19999}")["A"] == "x");
    for (const char c : {'"', '\'', '`', '$', '{', '=', '\n', '\\', '\0', '\xff'}) {
        (void)read(std::string(200000, c));
    }
    std::uint32_t state = 7;
    const std::string alphabet{"A=B'\"`$\\{} \n\r#x\0\xef\xbb\xbf", 20};
    for (int i = 0; i < 20000; ++i) {
        std::string text;
        for (int length = i % 60; length > 0; --length) {
            state = state * 1664525 + 1013904223;
            text += alphabet[(state >> 16U) % alphabet.size()];
        }
        try {
            for (const auto& [name, value] : read(text)) {
                CHECK(value.find_first_of(std::string_view{"\n\0", 2}) == std::string::npos);
            }
        } catch (const base::Error& error) {
            CHECK(error.kind() == base::ErrorKind::usage);
        }
    }
}

TEST_CASE("a broken line that is needed is an error with its number and without its text") {
    for (const std::string line :
         {"DATABASE_URL", "DATABASE_URL='s3cr3t", "DATABASE_URL=\"s3cr3t",
          "export DATABASE_URL=\"s3cr3t\\\"", "DBBACKUP_DIR='s3cr3t", "DATABASE_URL = 's3cr3t\" ",
          "DATABASE_URL=\"s3cr3t${S3cr3t}\"", "DATABASE_URL=s3cr3t${S3cr3t}",
          "DATABASE_URL=${S3cr3t", "DATABASE_URL=a${s3cr3t:-b}", "DATABASE_URL=a${}s3cr3t",
          "DATABASE_URL=\"a\ns3cr3t\"", "X=${s3cr3t}\nDATABASE_URL=$X"}) {
        INFO(line);
        try {
            const cli::EnvFile file{"A=1\n\n" + line + "\nB=2\n", "my\x1b.env", environment};
            CHECK(file.find("A") == "1");
            (void)file.find(line.starts_with("DBBACKUP_DIR") ? "DBBACKUP_DIR" : "DATABASE_URL");
            FAIL("accepted");
        } catch (const base::Error& error) {
            CHECK(error.kind() == base::ErrorKind::usage);
            const std::string message = error.what();
            CHECK(message.find(line.starts_with("X")
                                   ? "in line 4 of 'my\\x1B.env' "
                                   : "in line 3 of 'my\\x1B.env' ") != std::string::npos);
            CHECK(message.find("3cr3t") == std::string::npos);
            CHECK(error.hint().find("3cr3t") == std::string::npos);
        }
    }
}
