#include "pg/gate/statement_shape.hpp"
#include "support/catch.hpp"

#include <array>
#include <stdexcept>

using namespace dbbackup::pg;

namespace {

class ShapeListener : public SqlListener {
public:
    explicit ShapeListener(const TokenPatterns& patterns) : shape(patterns) {}

    void on_token(const Token& token) override { shape.take(token); }

    void on_statement_end(std::uint64_t) override {}

    void on_line_comment(const LineComment&) override {}

    void on_meta_command(const MetaCommand&) override {}

    StatementShape shape;
};

bool fits(const TokenPatterns& patterns, std::string_view sql) {
    ShapeListener listener{patterns};
    SqlLexer lexer{listener};
    while (!sql.empty()) {
        sql.remove_prefix(lexer.lex(sql));
    }
    lexer.finish();
    return listener.shape.fits();
}

bool fits(std::string_view pattern, std::string_view sql) {
    return fits(TokenPatterns{std::array{pattern}, {}}, sql);
}

} // namespace

TEST_CASE("patterns of keywords and symbols") {
    CHECK(fits("drop table", "drop table"));
    CHECK(fits("drop table", "DROP/**/Table"));
    CHECK_FALSE(fits("drop table", "drop"));
    CHECK_FALSE(fits("drop table", "drop table x"));
    CHECK_FALSE(fits("drop table", "drop \"table\""));
    CHECK_FALSE(fits("drop table", "\"drop\" table"));
    CHECK_FALSE(fits("drop table", ""));
    CHECK(fits("f ( , = :: - * \"[\" \"]\" ) .", "f(,=::-*[]) ."));
    CHECK_FALSE(fits("f (", "f ["));
}

TEST_CASE("patterns with optional, alternative and repeated parts") {
    for (const char* sql : {"a", "a b", "a c", "a d", "a d d d"}) {
        CHECK(fits("a [b | c | d [d]...]", sql));
    }
    for (const char* sql : {"a b c", "a b b", "a d b", "a e"}) {
        CHECK_FALSE(fits("a [b | c | d [d]...]", sql));
    }
    CHECK(fits("a {b | {c | d} e}", "a d e"));
    CHECK_FALSE(fits("a {b | {c | d} e}", "a b e"));
    CHECK_FALSE(fits("a {b | {c | d} e}", "a"));
    CHECK(fits("a b [, b]... c", "a b, b, b c"));
    CHECK_FALSE(fits("a b [, b]... c", "a b b c"));
}

TEST_CASE("patterns of names") {
    CHECK(fits("a WORD", "a b"));
    CHECK(fits("a WORD", "a \"B b\""));
    CHECK_FALSE(fits("a WORD", "a 'b'"));
    CHECK_FALSE(fits("a WORD", "a 1"));
    for (const char* schema : {"public", "PG", "\"PG_CATALOG\"", "p_g"}) {
        INFO(schema);
        CHECK(fits("a SCHEMA", "a " + std::string{schema}));
    }
    for (const char* schema : {"pg_catalog", "PG_Catalog", "\"pg_catalog\"", "pg_toast",
                               "information_schema", "\"information_schema\""}) {
        INFO(schema);
        CHECK_FALSE(fits("a SCHEMA", "a " + std::string{schema}));
    }
    CHECK(fits("a OWN", "a information_schema"));
    CHECK_FALSE(fits("a OWN", "a PG_authid"));
    CHECK_FALSE(fits("a OWN", "a \"pg_authid\""));
}

TEST_CASE("patterns of literals") {
    CHECK(fits("a STRING", "a 'b'"));
    CHECK(fits("a STRING", "a E'b\\''"));
    CHECK_FALSE(fits("a STRING", "a $$b$$"));
    CHECK_FALSE(fits("a STRING", "a b"));
    for (const char* number : {"1", "1.5", ".5", "1e10", "1.5E-3"}) {
        INFO(number);
        CHECK(fits("a NUMBER", "a " + std::string{number}));
    }
    for (const char* number : {"$1", "1x", "0x10", "1_000", "1eX"}) {
        INFO(number);
        CHECK_FALSE(fits("a NUMBER", "a " + std::string{number}));
    }
    CHECK(fits("a 'b' ''", "a 'b' ''"));
    CHECK_FALSE(fits("a 'b'", "a E'\\x62'"));
    CHECK_FALSE(fits("a 'b'", "a 'B'"));
    CHECK_FALSE(fits("a 'b'", "a b"));
}

TEST_CASE("patterns of anything") {
    CHECK(fits("a GROUP b", "a () b"));
    CHECK(fits("a GROUP b", "a (x, (y), z) b"));
    CHECK_FALSE(fits("a GROUP b", "a (x) y b"));
    CHECK_FALSE(fits("a GROUP b", "a (x) (y) b"));
    CHECK_FALSE(fits("a GROUP", "a"));
    CHECK(fits("a REST", "a"));
    CHECK(fits("a REST", "a b, (c) 'd' $$e$$ 1"));
    CHECK(fits("a REST b c", "a b c b c"));
    CHECK_FALSE(fits("a REST b c", "a b c b"));
    CHECK(fits("a EXPRESSION", "a b (c, d) || ARRAY[e, f[g, h], i]::j[]"));
    CHECK_FALSE(fits("a EXPRESSION", "a b, c"));
    CHECK_FALSE(fits("a EXPRESSION", "a (b), c"));
    CHECK_FALSE(fits("a EXPRESSION", "a ARRAY[b], c"));
    CHECK_FALSE(fits("a EXPRESSION", "a ]b, c"));
    CHECK(fits("a SIGN SIGN", "a @>"));
    CHECK_FALSE(fits("a SIGN", "a ("));
}

TEST_CASE("patterns by their first keyword, with abbreviations") {
    const std::array<std::string_view, 3> patterns = {"a NAME", "a b NAME", "c NAME"};
    const std::array<TokenPatterns::Abbreviation, 2> abbreviations = {
        {{"NAME", "[SCHEMA .] ONE"}, {"ONE", "WORD"}}};
    const TokenPatterns set{patterns, abbreviations};
    for (const char* sql : {"a x", "a b", "a b x", "a b.x", "c x.y", "C \"x\".y"}) {
        INFO(sql);
        CHECK(fits(set, sql));
    }
    for (const char* sql : {"a", "b x", "a x y", "c b x", "a pg_catalog.x", "c x.y.z"}) {
        INFO(sql);
        CHECK_FALSE(fits(set, sql));
    }
}

TEST_CASE("a cleared shape forgets earlier tokens, brackets too") {
    const std::array<std::string_view, 1> patterns = {"a EXPRESSION"};
    const TokenPatterns set{patterns, {}};
    StatementShape shape{set};
    const auto take = [&shape](TokenKind kind, std::string_view text) {
        shape.take(Token{{kind, text}});
    };
    take(TokenKind::identifier, "a");
    take(TokenKind::symbol, "[");
    shape.clear();
    CHECK_FALSE(shape.fits());
    take(TokenKind::identifier, "a");
    CHECK(shape.fits());
    take(TokenKind::symbol, ",");
    CHECK_FALSE(shape.fits());
}

TEST_CASE("malformed patterns are programming errors") {
    for (const char* pattern :
         {"a [b", "a {b", "a b ]", "WORD", "( a", "a %", "a UNKNOWN", "[a] b", "a | b"}) {
        INFO(pattern);
        CHECK_THROWS_AS(fits(pattern, "a"), std::invalid_argument);
    }
}
