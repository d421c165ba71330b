#include "support/attacks/gate_attacks.hpp"

namespace dbbackup::test {

namespace {

using Verdict = GateAttack::Verdict;

const std::string k_restrict = "\\restrict bN9Q7\n";
const std::string k_unrestrict = "\\unrestrict bN9Q7\n";
const std::string k_head = "--\n-- PostgreSQL database dump\n--\n\n";
const std::string k_settings = R"(
-- Dumped from database version 13.23
-- Dumped by pg_dump version 15.18

SET statement_timeout = 0;
SET lock_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
)";
const std::string k_table = R"(
--
-- Name: loot; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.loot (id text, stdin text);

)";
const std::string k_rows = "COPY public.loot (id) FROM stdin;\n1\n2\n\\.\n\n";
const std::string k_completion = "--\n-- PostgreSQL database dump complete\n--\n\n";

/// The parts of a dump, for attacks on one of them.
struct Parts {
    std::string restricts = k_restrict;
    std::string body = {};
    std::string completion = k_completion;
    std::string unrestricts = k_unrestrict;

    [[nodiscard]] std::string dump() const {
        return k_head + restricts + k_settings + k_table + body + k_rows + completion + unrestricts;
    }
};

struct Line {
    const char* name;
    std::string text;
    Verdict verdict = Verdict::refused;
};

std::string nul(const std::string& before, const std::string& behind) {
    return before + std::string(1, '\0') + behind;
}

/// An index of the table whose rows follow, which runs `plpgsql` for each of them.
std::string index_that(const std::string& plpgsql) {
    return "CREATE FUNCTION public.f(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN " +
           plpgsql +
           "; RETURN $1; END $$;\nCREATE INDEX i ON public.loot USING btree "
           "(public.f(id));\n";
}

/// psql commands, wherever psql would find them. @M is the marker.
std::vector<Line> commands() {
    return {
        {"at a line's start", "\\! touch @M\n"},
        {"behind spaces", " \t \\! touch @M\n"},
        {"in a statement", "SELECT 1 \\! touch @M\n;\n"},
        {"behind a statement", "SELECT 1; \\! touch @M\n"},
        {"between statements of a line", "SELECT 1; \\! touch @M \\\\ SELECT 2;\n"},
        {"in parentheses", "CREATE TABLE public.x (\n\\! touch @M\na int);\n"},
        {"in a routine's body",
         "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1;\n\\! touch "
         "@M\nEND;\n"},
        {"behind a comment", "/* harmless */ \\! touch @M\n"},
        {"behind nested comments", "/* a /* b */ c */ \\! touch @M\n"},
        {"behind a comment that seems to go on", "/*/ */ \\! touch @M\n-- */\n"},
        {"behind a comment in a comment", "-- /*\n\\! touch @M\n-- */\n"},
        {"behind an operator with a comment", "SELECT 1 +/* */\\! touch @M\n 1;\n"},
        {"backticks", "\\echo `touch @M`\n"},
        {"unrestrict with backticks", "\\unrestrict `touch @M`\n"},
        {"restrict with backticks", "\\restrict `touch @M`\n"},
        {"set", "\\set x `touch @M`\n"},
        {"copy", "\\copy public.loot (id) from program 'touch @M; echo 1'\n"},
        {"copy to", "\\copy public.loot to program 'touch @M'\n"},
        {"g", "SELECT 1 \\g |touch @M\n"},
        {"gx", "SELECT 1 \\gx @M\n"},
        {"gexec", "SELECT 'COPY (SELECT 1) TO PROGRAM ''touch @M''' \\gexec\n"},
        {"gset", "SELECT 'x' AS y \\gset\n"},
        {"gdesc", "SELECT 'x' AS y \\gdesc\n"},
        {"setenv", "\\setenv PAGER 'touch @M'\n"},
        {"include", "\\i /etc/passwd\n"},
        {"include relative", "\\ir passwd\n"},
        {"out", "\\o |touch @M\n"},
        {"write", "\\w |touch @M\n"},
        {"history", "\\s @M\n"},
        {"edit", "\\e\n"},
        {"connect", "\\connect template1\n"},
        {"connect to the same", "\\c\n"},
        {"if", "\\if true\n\\endif\n"},
        {"large object in", "\\lo_import '/etc/passwd'\n"},
        {"large object out", "\\lo_export 1 '@M'\n"},
        {"watch", "SELECT 1 \\watch 1\n"},
        {"bind", "SELECT $1 \\bind 1 \\g\n"},
        {"print", "\\p\n"},
        {"reset", "\\r\n"},
        {"quit", "\\q\n"},
        {"encoding", "\\encoding SJIS\n"},
        {"a backslash alone", "\\\n"},
        {"two backslashes", "\\\\\n"},
        {"an end of data where there is none", "\\.\n"},
        {"an escaped semicolon", "SELECT 1\\; SELECT 2;\n"},
        {"an escaped colon", "SELECT 'a' \\:\\: text;\n"},
        {"behind a carriage return in a comment", "-- c\r\\! touch @M\n"},
        {"behind a carriage return", "\r\\! touch @M\r\n"},
        {"behind a form feed", "\f\\! touch @M\n"},
        {"behind a vertical tab", "\v\\! touch @M\n"},
        {"behind a NUL", nul("", "\\! touch @M\n")},
        {"behind a statement and a NUL", nul("SELECT 1;", "\\! touch @M\n")},
        {"in a line of a million spaces", std::string(1'000'000, ' ') + "\\! touch @M\n"},
    };
}

/// Commands in text that only seems quoted.
std::vector<Line> quotes() {
    return {
        {"escape string that ends", "SELECT E'\\\\' \\! touch @M\n-- '\n;\n"},
        {"escape string with quotes", "SELECT E'\\''; \\! touch @M --'\n"},
        {"plain string with a backslash", "SELECT 'C:\\' \\! touch @M\n-- '\n;\n"},
        {"national string", "SELECT N'\\' \\! touch @M\n-- '\n;\n"},
        {"unicode string", "SELECT U&'\\' \\! touch @M\n-- '\n;\n"},
        {"unicode name", "SELECT 1 AS U&\"\\\" \\! touch @M\n-- \"\n;\n"},
        {"bits", "SELECT B'0' '' \\! touch @M\n-- '\n;\n"},
        {"dollar tag that differs", "SELECT $a$ $b$ $a$ \\! touch @M\n-- $a$\n;\n"},
        {"dollar in a name", "SELECT 1 AS a$b$ \\! touch @M\n-- $b$\n;\n"},
        {"dollar and a number", "SELECT $1$ \\! touch @M\n-- $1$\n;\n"},
        {"dollar within digits", "SELECT 1$a$ \\! touch @M\n-- $a$ $a$\n;\n"},
        {"quotes in a name", "SELECT 1 AS \"a\"\"\" \\! touch @M\n-- \"\n;\n"},
        {"strings back on",
         "SET standard_conforming_strings = off;\nSET standard_conforming_strings = on;\n"
         "SELECT 'a\\'; \\! touch @M\n--';\n"},
        {"strings off, behind it in the line",
         "SET standard_conforming_strings = off; SELECT 'a\\'; \\! touch @M\n--';\n"},
        {"strings on, behind it in the line", "SET standard_conforming_strings = on; SELECT 1;\n"},
        {"strings off by a function",
         "SELECT pg_catalog.set_config('standard_conforming_strings', 'off', false);\n"
         "SELECT 'a\\'' \\! touch @M\n--';\n"},
        {"strings off by a function alone",
         "SELECT pg_catalog.set_config('standard_conforming_strings', 'off', false);\n"},
        {"strings off by a block",
         "DO $$ BEGIN PERFORM set_config('standard_conforming_strings', 'off', false); END $$;\n"},
        {"strings off by an index",
         index_that("PERFORM set_config('standard_conforming_strings', 'off', false)"),
         Verdict::refused_in_replay},
        {"strings on again by RESET",
         "SET standard_conforming_strings = off;\nRESET standard_conforming_strings;\n"},
        {"encoding by a function",
         "SELECT pg_catalog.set_config('client_encoding', 'SJIS', false);\n"},
        {"encoding by an index", index_that("PERFORM set_config('client_encoding', 'SJIS', false)"),
         Verdict::refused_in_replay},
        {"encoding by SET NAMES", "SET NAMES 'BIG5';\n"},
        {"encoding", "SET client_encoding = 'GBK';\nSELECT '\x81\\';\n"},
        {"string that goes on for the server", "SELECT E'a'\n'\\'; \\! touch @M\n--';\n"},
        {"string that goes on for all", "SELECT 'a'\r'\\' \\! touch @M\n-- ';\n"},
        {"string that goes on harmlessly", "SELECT 'a'\n'b';\n"},
        {"string that goes on behind a comment", "SELECT E'a' -- c\n'\\'';\n"},
    };
}

/// COPY in forms other than pg_dump's.
std::vector<Line> copies() {
    return {
        {"COPY to a program", "COPY public.loot TO PROGRAM 'touch @M';\n"},
        {"COPY of a query to a program", "COPY (SELECT 1) TO PROGRAM 'touch @M';\n"},
        {"COPY in disguise", "/**/cOpY/**/\"public\".loot/**/To/**/PrOgRaM $$touch @M$$;\n"},
        {"COPY from a program", "COPY public.loot (id) FROM PROGRAM 'touch @M';\n"},
        {"COPY to a file", "COPY public.loot TO '@M';\n"},
        {"COPY from a file", "COPY public.loot (id) FROM '/etc/passwd';\n"},
        {"COPY to stdout", "COPY public.loot TO stdout;\n"},
        {"COPY from stdout", "COPY public.loot (id) FROM stdout;\n1\n\\.\n"},
        {"COPY BINARY", "COPY BINARY public.loot FROM stdin;\n1\n\\.\n"},
        {"COPY as CSV", "COPY public.loot (id) FROM stdin WITH CSV;\n\"\n\\.\n\\! touch @M\n\"\n"},
        {"COPY as CSV, newer", "COPY public.loot (id) FROM stdin (FORMAT csv);\n1\n\\.\n"},
        {"COPY that ends in stdin",
         "COPY public.loot FROM stdin CSV FORCE NOT NULL stdin;\n1,2\n\\.\n"},
        {"COPY with a condition", "COPY public.loot (id) FROM stdin WHERE false;\n1\n\\.\n"},
        {"command behind COPY", "COPY public.loot (id) FROM stdin; \\! touch @M\n1\n\\.\n"},
        {"SQL behind COPY", "COPY public.loot (id) FROM stdin; SELECT 1;\n1\n\\.\n"},
        {"semicolon behind COPY and SQL", "COPY public.loot (id) FROM stdin;; SELECT 1\n1\n\\.\n;"},
        {"string around rows", "COPY public.loot (id) FROM stdin; '\n1\n\\.\n';\n"},
        {"comment around rows", "COPY public.loot (id) FROM stdin; /*\n1\n\\.\n*/\n"},
        {"two COPYs in a line",
         "COPY public.loot (id) FROM stdin; COPY public.loot (id) FROM stdin;\n1\n\\.\n2\n\\.\n"},
        {"command behind rows", "COPY public.loot (id) FROM stdin;\n1\n\\.\n\\! touch @M\n"},
        {"command behind no rows", "COPY public.loot (id) FROM stdin;\n\\.\n\\! touch @M\n"},
        {"command behind rows of Windows",
         "COPY public.loot (id) FROM stdin;\r\n1\r\n\\.\r\n\\! touch @M\r\n"},
        {"end of data with more behind it",
         "COPY public.loot (id) FROM stdin;\n1\n\\. \\! touch @M\n\\.\n", Verdict::failed},
        {"end of data in a row", "COPY public.loot (id) FROM stdin;\n1\\.\n2\n\\.\n",
         Verdict::failed},
        {"rows with a NUL", nul("COPY public.loot (id) FROM stdin;\n1", "\n\\.\n")},
    };
}

/// SQL that would end the transaction, or reset the restore's settings.
std::vector<Line> controls() {
    return {
        {"COMMIT", "COMMIT;\n"},
        {"COMMIT behind BEGIN", "BEGIN;\nCOMMIT;\nCOMMIT;\n"},
        {"BEGIN twice", "BEGIN;\nBEGIN;\nCOMMIT;\n"},
        {"BEGIN alone", "BEGIN;\n"},
        {"COMMIT AND CHAIN", "COMMIT AND CHAIN;\n"},
        {"COMMIT WORK", "COMMIT WORK;\n"},
        {"COMMIT in disguise", ";;/* */ -- c\n /**/ cOmMiT/**/ TRANSACTION ;\n"},
        {"END", "END;\n"},
        {"ROLLBACK", "ROLLBACK;\n"},
        {"ABORT", "abort;\n"},
        {"START TRANSACTION", "START TRANSACTION;\n"},
        {"BEGIN with options", "BEGIN ISOLATION LEVEL SERIALIZABLE;\n"},
        {"SAVEPOINT", "SAVEPOINT a;\n"},
        {"ROLLBACK TO", "ROLLBACK TO SAVEPOINT a;\n"},
        {"RELEASE", "RELEASE a;\n"},
        {"PREPARE TRANSACTION", "PREPARE TRANSACTION 'a';\n"},
        {"COMMIT PREPARED", "COMMIT PREPARED 'a';\n"},
        {"SET TRANSACTION", "SET TRANSACTION READ ONLY;\n"},
        {"SET SESSION CHARACTERISTICS", "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY;\n"},
        {"RESET ALL", "RESET ALL;\n"},
        {"DISCARD ALL", "DISCARD ALL;\n"},
        {"LOAD", "LOAD '/tmp/@M.so';\n"},
        {"COMMIT in a block", "DO $$ BEGIN COMMIT; END $$;\n"},
        {"COMMIT in a procedure",
         "CREATE PROCEDURE public.p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$;\n"
         "CALL public.p();\n"},
        {"COMMIT in an index", index_that("COMMIT"), Verdict::failed},
        {"COMMIT in SQL that looks like a routine",
         "CREATE FUNCTION public.f() BEGIN; COMMIT; END;\n", Verdict::failed},
        {"COMMIT in parentheses", "SELECT (1; COMMIT;\nSELECT 1);\n"},
        {"COMMIT in a view's parentheses",
         "CREATE VIEW public.v AS SELECT (1; COMMIT;\nSELECT 1);\n", Verdict::failed},
        {"variable", "SELECT :HOME;\n"},
        {"variable in a view", "CREATE VIEW public.v AS SELECT :HOME AS x;\n", Verdict::failed},
        {"quoted variable", "SELECT :'HOME';\n"},
        {"quoted variable in a view", "CREATE VIEW public.v AS SELECT :'HOME' AS x;\n",
         Verdict::failed},
        {"ALTER SYSTEM", "ALTER SYSTEM SET archive_command = 'touch @M';\n", Verdict::refused},
        {"CREATE ROLE", "CREATE ROLE evil SUPERUSER LOGIN PASSWORD 'x';\n", Verdict::refused},
        {"ALTER ROLE", "alter role postgres rename to other;\n", Verdict::refused},
        {"ALTER USER", "ALTER USER postgres PASSWORD 'x';\n", Verdict::refused},
        {"ALTER DATABASE", "ALTER DATABASE postgres SET search_path = evil;\n", Verdict::refused},
        {"DROP DATABASE", "DROP DATABASE postgres;\n", Verdict::refused},
        {"CREATE TABLESPACE", "CREATE TABLESPACE evil LOCATION '/tmp';\n", Verdict::refused},
        {"error", "SELECT 1 / 0;\n"},
        {"error in a view", "CREATE VIEW public.v AS SELECT nothing;\n", Verdict::failed},
    };
}

/// The frame that pg_dump writes around everything.
std::vector<Line> frames() {
    return {
        {"command before restrict", Parts{.restricts = "\\! touch @M\n" + k_restrict}.dump()},
        {"command before all", "\\! touch @M\n" + Parts{}.dump()},
        {"command behind a byte order mark", "\xEF\xBB\xBF\\! touch @M\n" + Parts{}.dump()},
        {"restrict twice", Parts{.restricts = k_restrict + k_restrict}.dump()},
        {"restrict behind a statement", Parts{.restricts = "SELECT 1;\n" + k_restrict}.dump()},
        {"restrict behind a semicolon", Parts{.restricts = ";\\restrict bN9Q7\n"}.dump()},
        {"restrict behind a comment", Parts{.restricts = "/**/ \\restrict bN9Q7\n"}.dump()},
        {"restrict and a command", Parts{.restricts = "\\restrict bN9Q7 \\! touch @M\n"}.dump()},
        {"restrict and backticks", Parts{.restricts = "\\restrict bN9Q7`touch @M`\n"}.dump()},
        {"restrict and a carriage return",
         Parts{.restricts = "\\restrict bN9Q7\r\\! touch @M\n"}.dump()},
        {"restrict without end",
         Parts{.restricts = "\\restrict " + std::string(300, 'a') + "`touch @M`\n"}.dump()},
        {"restrict without a key", Parts{.restricts = "\\restrict\n"}.dump()},
        {"unrestrict in the middle", Parts{.body = k_unrestrict}.dump()},
        {"no unrestrict", Parts{.unrestricts = ""}.dump()},
        {"unrestrict without restrict", Parts{.restricts = ""}.dump()},
        {"unrestrict with another key", Parts{.unrestricts = "\\unrestrict bN9Q8\n"}.dump()},
        {"unrestrict twice", Parts{.unrestricts = k_unrestrict + k_unrestrict}.dump()},
        {"unrestrict and a command",
         Parts{.unrestricts = "\\unrestrict bN9Q7 \\! touch @M\n"}.dump()},
        {"command behind the end", Parts{}.dump() + "\\! touch @M\n"},
        {"command behind the end, without a line's end", Parts{}.dump() + "\\! touch @M"},
        {"command behind the completion line",
         Parts{.completion = k_completion + "\\! touch @M\n"}.dump()},
        {"completion line and a carriage return",
         Parts{.completion = "-- PostgreSQL database dump complete\r\\! touch @M\n"}.dump()},
        {"SQL behind the end", Parts{}.dump() + "DROP TABLE public.kept;\n"},
        {"COPY behind the end", Parts{}.dump() + k_rows},
        {"another dump behind the end", Parts{}.dump() + Parts{}.dump()},
        {"another dump, old, behind an old one",
         Parts{.restricts = "", .unrestricts = ""}.dump() +
             Parts{.restricts = "", .unrestricts = ""}.dump()},
        {"completion line in a string",
         Parts{.body = "SELECT '\n" + k_completion, .completion = "'", .unrestricts = ";\n"}
             .dump()},
        {"no completion line", Parts{.completion = ""}.dump()},
    };
}

std::string with_marker(std::string text, const std::string& marker) {
    for (std::size_t at = text.find("@M"); at != std::string::npos; at = text.find("@M", at)) {
        text.replace(at, 2, marker);
    }
    return text;
}

} // namespace

std::string dump_with(const std::string& sql) {
    return Parts{.body = sql}.dump();
}

std::vector<GateAttack> gate_attacks(const std::string& marker) {
    std::vector<GateAttack> attacks;
    for (const auto& lines : {commands(), quotes(), copies(), controls()}) {
        for (const Line& line : lines) {
            attacks.push_back({line.name, dump_with(with_marker(line.text, marker)), line.verdict});
        }
    }
    for (const Line& frame : frames()) {
        attacks.push_back({frame.name, with_marker(frame.text, marker), frame.verdict});
    }
    return attacks;
}

} // namespace dbbackup::test
