#include "support/catch.hpp"
#include "unit/pg/dump_samples.hpp"
#include "unit/pg/scan.hpp"

#include <random>

using namespace dbbackup::pg;

namespace {

/// Writes random SQL, and knows what a scan of it must find.
class RandomDump {
public:
    explicit RandomDump(unsigned seed) : random_(seed) {
        for (std::size_t pieces = 1 + below(12); pieces > 0; --pieces) {
            below(3) == 0 ? add_rows() : add_distraction();
        }
    }

    std::string text;
    std::map<std::string, std::uint64_t> rows;

private:
    std::size_t below(std::size_t limit) { return random_() % limit; }

    template <std::size_t N>
    std::string one_of(const char* const (&choices)[N]) {
        return choices[below(N)];
    }

    /// What can stand between any two tokens.
    std::string blank() {
        return one_of({" ", "\n", "\t ", " /* ' /* \" */ $$ ; */", " -- ' \" /* $$ ;\n",
                       "\n-- PostgreSQL database dump complete\n", "\r\n"});
    }

    std::string quoted() {
        return one_of({"'COPY x FROM stdin;\n'", "'it''s; \\'", "E'\\'\\\\;'", "U&'\\'", "N'\\'",
                       "$$\n\\.\n;'$x$$", "$q$ $$ $qq$ ' $q$", "B'01'", "\"a \"\"'; b\"", "a$x$",
                       "1.5e-7", "1e5", ":x", "a::b", "(;(;);)", "$1", "x'00'"});
    }

    void add_distraction() {
        if (below(4) == 0) {
            text += one_of({"CREATE FUNCTION f() BEGIN ATOMIC SELECT CASE WHEN 1 THEN 2 END; END;",
                            "create or replace procedure p() begin atomic ; 'END;' ; END;",
                            "COPY x TO stdout;", "COPY x FROM 'stdin';",
                            "COPY (SELECT 1) TO stdout;", "BEGIN;", "COMMIT;", ";"});
        } else {
            text += "SELECT";
            for (std::size_t words = below(6); words > 0; --words) {
                text += blank() + quoted();
            }
            text += blank() + ";";
        }
        text += blank();
    }

    void add_rows() {
        const std::string table = one_of({"t", "u", "v"});
        const std::string name = one_of({"", "\"public\".", "Public."}) + table;
        text += "COPY" + blank() + name + blank() + one_of({"", "(a, \"FROM\") "}) + "FROM" +
                blank() + one_of({"stdin", "STDIN"}) + one_of({"", " WITH (FORMAT text)"}) + ";" +
                one_of({"\n", " \n", " -- ; COPY x FROM stdin;\n", " SELECT 1;\n", " /*\n"});
        const bool in_comment = text.ends_with("/*\n");
        const bool is_qualified = name != table;
        std::uint64_t& count = rows[(is_qualified ? "public." : ".") + table];
        for (std::size_t number = below(5); number > 0; --number) {
            text += one_of({"1\t2", "\\\\.", "", "'", "COPY x FROM stdin;", "\\N", "*/", "$$",
                            "-- PostgreSQL database dump complete"}) +
                    "\n";
            ++count;
        }
        text += in_comment ? "\\.\n*/\n" : "\\.\n";
    }

    std::mt19937 random_;
};

} // namespace

TEST_CASE("random dumps contain what was written into them") {
    for (unsigned seed = 1; seed <= 500; ++seed) {
        const RandomDump dump{seed};
        const std::string text = dump.text + "\n" + samples::k_end;
        INFO(text);
        const Scan whole = scan(text);
        REQUIRE(whole.incompleteness == "");
        REQUIRE(rows_by_table(whole) == dump.rows);
        REQUIRE(scan(text, 1, 1) == whole);
        REQUIRE(scan(text, seed % text.size() + 1, 5) == whole);
    }
}
