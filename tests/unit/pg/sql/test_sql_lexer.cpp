#include "pg/sql/sql_lexer.hpp"
#include "support/catch.hpp"

#include <string>
#include <vector>

using namespace dbbackup::pg;

namespace {

using Events = std::vector<std::string>;

/// Records each event, without offsets.
class Recorder : public SqlListener {
public:
    void on_token(const Token& token) override {
        static constexpr const char* k_kinds[] = {"word",   "name",     "string", "dollar",
                                                  "number", "variable", "symbol"};
        std::string event = k_kinds[static_cast<int>(token.kind)];
        event.append(" ").append(token.text);
        events.push_back(token.depth > 0 ? event + " @" + std::to_string(token.depth) : event);
    }

    void on_statement_end(std::uint64_t) override { events.push_back("end"); }

    void on_line_comment(const LineComment& comment) override {
        events.push_back("comment " + std::string{comment.text});
    }

    void on_meta_command(const MetaCommand& command) override {
        events.push_back("meta " + std::string{command.text});
    }

    Events events;
};

void feed(SqlLexer& lexer, std::string_view text) {
    while (!text.empty()) {
        text.remove_prefix(lexer.lex(text));
    }
}

Events lex(std::string_view sql, std::size_t chunk) {
    Recorder recorder;
    SqlLexer lexer{recorder};
    for (; !sql.empty(); sql.remove_prefix(std::min(chunk, sql.size()))) {
        feed(lexer, sql.substr(0, chunk));
    }
    lexer.finish();
    return recorder.events;
}

/// The events of `sql`, which must be the same for every chunk size.
Events lex(std::string_view sql) {
    const Events events = lex(sql, sql.size());
    for (std::size_t chunk = 1; chunk < sql.size(); ++chunk) {
        INFO("in chunks of " << chunk);
        CHECK(lex(sql, chunk) == events);
    }
    return events;
}

SqlLexer::Inside inside(std::string_view sql) {
    Recorder recorder;
    SqlLexer lexer{recorder};
    feed(lexer, sql);
    lexer.finish();
    return lexer.inside();
}

} // namespace

TEST_CASE("words, names, numbers and symbols") {
    CHECK(lex("SELECT a_1$x, \"B \"\"c\" FROM \xC3\xA9;") ==
          Events{"word SELECT", "word a_1$x", "symbol ,", "name B \"c", "word FROM",
                 "word \xC3\xA9", "end"});
    CHECK(lex("a.b . 1.5e-3 ..2") == Events{"word a", "symbol .", "word b", "symbol .",
                                            "number 1.5e-3", "symbol ..", "number 2"});
    CHECK(lex("U&\"x\" u &b") == Events{"name x", "word u", "symbol &", "word b"});
    CHECK(lex("u&b") == Events{"symbol u", "symbol &", "word b"});
    CHECK(lex("f(a, (b))") == Events{"word f", "symbol (", "word a @1", "symbol , @1",
                                     "symbol ( @1", "word b @2", "symbol ) @1", "symbol )"});
}

TEST_CASE("a semicolon in parentheses ends no statement") {
    CHECK(lex("(;);") == Events{"symbol (", "symbol ; @1", "symbol )", "end"});
    CHECK(lex(");;") == Events{"symbol )", "end", "end"});
}

TEST_CASE("strings of every kind") {
    CHECK(lex("'a''b\\'") == Events{"string a'b\\"});
    CHECK(lex("E'a\\'b''c\\\\' e'\\''") == Events{"string a\\'b'c\\\\", "string \\'"});
    CHECK(lex("U&'\\' N'\\' n'x'") == Events{"string \\", "string \\", "string x"});
    CHECK(lex("B'01''x' X'1F'") == Events{"string 01", "string x", "string 1F"});
    CHECK(lex("xE'\\'") == Events{"word xE", "string \\"});
    CHECK(lex("E 'a\\'") == Events{"word E", "string a\\"});
    CHECK(lex("'a\nb'") == Events{"string a\nb"});
    CHECK(lex("E'a\\\n'") == Events{"string a\\\n"});
}

TEST_CASE("a string continues after psql's idea of a newline") {
    CHECK(lex("E'a'\r'\\'b'") == Events{"string a", "string \\'b"});
    CHECK(lex("E'a' --x\r \r'\\'b'") == Events{"string a", "comment --x", "string \\'b"});
    CHECK(lex("E'a'\n\n\r'\\'b'") == Events{"string a", "string \\'b"});
    CHECK(lex("E'a'\n'\\' 'b'") == Events{"string a", "string \\", "string b"});
    CHECK(lex("E'a' \n\r'\\' 'b'") == Events{"string a", "string \\", "string b"});
    CHECK(lex("E'a' '\\' 'b'") == Events{"string a", "string \\", "string b"});
    CHECK(lex("E'a'\r-'\\'") == Events{"string a", "symbol -", "string \\"});
}

TEST_CASE("letters directly after a number are not a prefix") {
    CHECK(lex("1E'\\'") == Events{"number 1E", "string \\"});
    CHECK(lex("1.e'\\' 1..e'\\''") ==
          Events{"number 1.e", "string \\", "number 1.", "symbol ..", "string \\'"});
    CHECK(lex("1e--2\n") == Events{"number 1e-", "symbol -", "number 2"});
    CHECK(lex("1e5--2\n") == Events{"number 1e5", "comment --2"});
    CHECK(lex("1$$;$$ 1a$$ $1$$;$$") ==
          Events{"number 1", "dollar ", "number 1a$$", "number $1", "dollar "});
}

TEST_CASE("dollar quotes") {
    CHECK(lex("$$a;'$x$ $$ $b$ $$ $b $b$;") == Events{"dollar ", "dollar ", "end"});
    CHECK(lex("$tag$ $tag$tag$ x") == Events{"dollar ", "word tag$", "word x"});
    CHECK(lex("$a$ $ab$a$") == Events{"dollar "});
    CHECK(lex("$tag$ $ta\ng$; $tag$") == Events{"dollar "});
    CHECK(lex("a$$;") == Events{"word a$$", "end"});
    CHECK(lex("$a;") == Events{"symbol $", "word a", "end"});
    CHECK(lex("$e'\\''") == Events{"symbol $", "string \\'"});
    CHECK(lex("$a\n$") == Events{"symbol $", "word a", "symbol $"});
    CHECK(lex("$\xC3\xA9$ $e$ $\xC3\xA9$") == Events{"dollar "});
}

TEST_CASE("comments") {
    CHECK(lex("a--b\n--c") == Events{"word a", "comment --b"});
    CHECK(lex("--a\r;") == Events{"comment --a", "end"});
    CHECK(lex("a/*b'/*c*/\"*/d") == Events{"word a", "word d"});
    CHECK(lex("/*/**/*/a/**/") == Events{"word a"});
    CHECK(lex("/*/*/ */ */a") == Events{"word a"});
    CHECK(lex("/***/a") == Events{"word a"});
    CHECK(lex("/* *\n/ */a") == Events{"word a"});
    CHECK(lex("+/*;*/-+--;\n") == Events{"symbol +", "symbol -", "symbol +", "comment --;"});
    CHECK(lex("-\n-") == Events{"symbol -", "symbol -"});
}

TEST_CASE("meta-commands start anywhere outside quotes") {
    CHECK(lex("select 1 \\g x\n;") == Events{"word select", "number 1", "meta g x", "end"});
    CHECK(lex("\\\na\\") == Events{"meta ", "word a", "meta "});
    CHECK(lex("--a\r\\! true") == Events{"comment --a", "meta ! true"});
    CHECK(lex("'\\a' \"\\b\" $$\\c$$ /*\\d*/ --\\e\n") ==
          Events{"string \\a", "name \\b", "dollar ", "comment --\\e"});
    CHECK(lex("a\\;b\\:c;") ==
          Events{"word a", "symbol \\;", "word b", "symbol \\:", "word c", "end"});
}

TEST_CASE("text that psql may replace by a variable is not a word") {
    CHECK(lex(":a ::b :=c :1") ==
          Events{"variable a", "symbol ::", "word b", "symbol :=", "word c", "variable 1"});
    CHECK(lex(":E'\\'") == Events{"variable E", "string \\"});
    CHECK(lex(":a$$;$$") == Events{"variable a", "dollar "});
    CHECK(lex(":{\n?a}").at(3) == "word a");
    CHECK(lex(":{?ab} :{?ab") == Events{"symbol :", "symbol {", "symbol ?", "variable ab",
                                        "symbol }", "symbol :", "symbol {", "symbol ?", "word ab"});
}

TEST_CASE("routine bodies") {
    CHECK(lex("create function f() begin atomic a; case b end; end;") ==
          Events{"word create", "word function", "word f", "symbol (", "symbol )", "word begin @1",
                 "word atomic @1", "word a @1", "symbol ; @1", "word case @2", "word b @2",
                 "word end @1", "symbol ; @1", "word end", "end"});
    CHECK(lex("create or replace procedure p begin ;") ==
          Events{"word create", "word or", "word replace", "word procedure", "word p",
                 "word begin @1", "symbol ; @1"});
    for (const char* no_body :
         {"begin;", "create table function (begin);", "create table function begin;",
          "create function case;", "create function (begin);", "create function end;"}) {
        INFO(no_body);
        CHECK(lex(no_body).back() == "end");
    }
    CHECK(lex("create :{?x} function begin;").back() == "symbol ; @1");
}

TEST_CASE("a byte order mark is not a word") {
    CHECK(lex("\xEF\xBB\xBFselect") == Events{"word select"});
    CHECK(lex("\xEF\xBBselect") == Events{"word \xEF\xBBselect"});
    CHECK(lex(" \xEF\xBB\xBFselect") == Events{"word \xEF\xBB\xBFselect"});
}

TEST_CASE("standard_conforming_strings can change between lines") {
    Recorder recorder;
    SqlLexer lexer{recorder};
    lexer.set_standard_strings(false);
    feed(lexer, "'a\\' 'b'\n'a\\'b' U&'\\' B'1' ");
    lexer.set_standard_strings(true);
    feed(lexer, "'\\''\n'\\'\n");
    CHECK(recorder.events == Events{"string a\\", "string b", "string a\\'b", "string \\",
                                    "string 1", "string \\'", "string \\"});
}

TEST_CASE("the lexer's state at the end") {
    using Inside = SqlLexer::Inside;
    for (const char* nothing : {"", " \n", "a;", "--a", "/*a*/", "\\a", "\\"}) {
        INFO(nothing);
        CHECK(inside(nothing) == Inside::nothing);
    }
    for (const char* statement : {"a", "(;", "1", "'a'", "-", ":", "$", "$a", ".", "u&", "a --b"}) {
        INFO(statement);
        CHECK(inside(statement) == Inside::statement);
    }
    for (const char* string : {"'a", "'a''", "E'\\'", "$$a$", "$a$ $a", "B'1"}) {
        INFO(string);
        CHECK(inside(std::string{string} + "\n") == Inside::string);
    }
    CHECK(inside("\"a") == Inside::quoted_identifier);
    CHECK(inside("/*/**/") == Inside::comment);
}

TEST_CASE("long tokens are truncated, but scanned to their end") {
    const std::string tag(1000, 't');
    const std::string sql = "$" + tag + "$ $" + tag.substr(1) + "$ ; $" + tag + "$ '" +
                            std::string(1000, 'x') + "' " + tag + ";";
    CHECK(lex(sql, 7) == Events{"dollar ", "string " + std::string(k_token_text, 'x'),
                                "word " + std::string(k_token_text, 't'), "end"});
}

TEST_CASE("a dollar quote with a tag of any sane length ends, one with a longer tag never does") {
    constexpr std::size_t k_longest = 64 * 1024;
    for (const std::size_t chunk : {1000U, 1'000'000U}) {
        std::string tag(k_longest, 't');
        CHECK(lex("$" + tag + "$ ; $" + tag + "$ x;", chunk) == Events{"dollar ", "word x", "end"});
        tag += 't';
        CHECK(lex("$" + tag + "$ ; $" + tag + "$ x;", chunk).empty());
        CHECK(lex("$" + tag + " x", chunk) ==
              Events{"symbol $", "word " + std::string(k_token_text, 't'), "word x"});
    }
}

TEST_CASE("offsets count from the stream's first byte") {
    struct Offsets : SqlListener {
        void on_token(const Token& token) override { all.push_back(token.offset); }

        void on_statement_end(std::uint64_t end) override { all.push_back(end); }

        void on_line_comment(const LineComment& comment) override { all.push_back(comment.offset); }

        void on_meta_command(const MetaCommand& command) override { all.push_back(command.offset); }

        std::vector<std::uint64_t> all;
    };

    Offsets offsets;
    SqlLexer lexer{offsets};
    for (const char c : std::string_view{"ab E'x' $y;--\n\"q\"\\g\n"}) {
        feed(lexer, {&c, 1});
    }
    lexer.skip_lines(100);
    feed(lexer, "z ");
    CHECK(offsets.all == std::vector<std::uint64_t>{0, 3, 8, 9, 11, 11, 14, 17, 120});
}
