#include "support/catch.hpp"
#include "unit/pg/dump_samples.hpp"
#include "unit/pg/scan.hpp"

#include <algorithm>
#include <map>

using namespace dbbackup;
using namespace dbbackup::pg;
using samples::k_end;

namespace {

std::string why_incomplete(std::string_view text) {
    return scan(text).incompleteness;
}

/// "schema.name:rows", with "-" for rows if the dump has no data section.
std::vector<std::string> tables_of(const Scan& scan) {
    std::vector<std::string> tables;
    for (const ScannedTable& table : scan.contents.tables) {
        const std::string rows = table.has_data ? std::to_string(table.rows) : "-";
        tables.push_back(table.schema + "." + table.name + ":" + rows);
    }
    return tables;
}

/// Whether `text` contains nothing that psql would execute.
bool is_only_blanks_and_comments(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return c == '\n' || c == '\r' || c == '-'; });
}

/// Rows by table as a line-wise reader counts them, which is correct only for k_plain.
std::map<std::string, std::uint64_t> count_naively(const std::string& text) {
    std::map<std::string, std::uint64_t> rows;
    std::string table;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        const std::string line = text.substr(at, end - at);
        at = end + 1;
        if (!table.empty() && line == "\\.") {
            table.clear();
        } else if (!table.empty()) {
            ++rows[table];
        } else if (line.starts_with("COPY ") && line.ends_with(" FROM stdin;")) {
            table = line.substr(5, line.find(' ', 5) - 5);
            rows[table] = 0;
        }
    }
    return rows;
}

} // namespace

TEST_CASE("every sample is complete, and the same in pieces of any size") {
    for (const auto& sample : samples::k_all) {
        INFO(sample.name);
        const Scan whole = scan(sample.text);
        CHECK(whole.incompleteness == "");
        for (const std::size_t chunk : {1U, 2U, 3U, 7U, 64U}) {
            INFO("in chunks of " << chunk);
            CHECK(scan(sample.text, chunk, chunk) == whole);
        }
        for (std::size_t head = 1; head < sample.text.size(); ++head) {
            if (!(scan(sample.text, head, sample.text.size()) == whole)) {
                FAIL("split at " << head);
            }
        }
    }
}

TEST_CASE("a dump that is cut off anywhere is incomplete") {
    for (const auto& sample : samples::k_all) {
        const std::string_view text = sample.text;
        // If two dumps follow each other, only the first is a complete one.
        const std::size_t from =
            &sample.text == &samples::k_two_dumps ? samples::k_plain.size() : 0;
        for (std::size_t size = from; size < text.size(); ++size) {
            const bool complete = why_incomplete(text.substr(0, size)).empty();
            const bool lost_nothing = is_only_blanks_and_comments(text.substr(size));
            if (complete && !lost_nothing && size > from) {
                FAIL(sample.name << " cut at " << size << ": ..."
                                 << text.substr(size - std::min<std::size_t>(size, 20), 20));
            }
        }
    }
}

TEST_CASE("the contents of a plain dump") {
    const Scan found = scan(samples::k_plain);
    CHECK(found.contents.schemas == std::vector<std::string>{"public", "sales"});
    CHECK(tables_of(found) == std::vector<std::string>{"public.orders:3", "public.empty:0"});
    CHECK(found.contents.tables[0].bytes == 17);
    CHECK(found.contents.total_rows() == 3);
    CHECK(found.rows == 3);
    CHECK(rows_by_table(found) == count_naively(samples::k_plain));
}

TEST_CASE("rows that resemble something else are rows") {
    const Scan found = scan(samples::k_rows);
    CHECK(tables_of(found) == std::vector<std::string>{"public.t:15"});
}

TEST_CASE("quoted text that resembles SQL is not SQL") {
    const Scan found = scan(samples::k_quotes);
    CHECK(tables_of(found) == std::vector<std::string>{"public.T \"x\" ;:1"});
    CHECK(found.contents.schemas == std::vector<std::string>{"public"});
    CHECK(found.contents.insert_statements == 0);
}

TEST_CASE("large objects, and strings with backslash escapes") {
    const Scan found = scan(samples::k_create);
    CHECK(found.contents.large_objects == 2);
    CHECK(found.contents.tables.empty());
}

TEST_CASE("a new session takes backslashes literally") {
    const std::string off = "SET standard_conforming_strings = off;\n";
    CHECK(why_incomplete(off + "SELECT 'a\\';\n" + k_end) == "it ends inside a quoted string");
    CHECK(why_incomplete(off + "\\connect shop\nSELECT 'a\\';\n" + k_end) == "");
    CHECK(why_incomplete(off + "SET SESSION standard_conforming_strings TO 'ON';\nSELECT 'a\\';\n" +
                         k_end) == "");
}

TEST_CASE("the tables and schemas of a dump") {
    const Scan found = scan(samples::k_tables);
    CHECK(found.contents.schemas ==
          std::vector<std::string>{"Mixed Case", "a", "c", "far", "idx", "joe", "ops", "public"});
    CHECK(tables_of(found) == std::vector<std::string>{"public.fast:2", "Mixed Case.T.1:-",
                                                       "public.child:-", ".bare:-", "public.root:1",
                                                       "a.b:1", "c.d:2"});
    CHECK(found.contents.insert_statements == 2);
}

TEST_CASE("several blocks of one table add up") {
    const std::string block = "COPY t FROM stdin;\n1\n2\n\\.\n";
    const Scan one = scan(block + k_end);
    const Scan two = scan(block + block + k_end);
    CHECK(two.contents.tables.size() == 1);
    CHECK(two.rows == 4);
    Fingerprint sum = one.contents.tables[0].fingerprint;
    sum.add(sum);
    CHECK(two.contents.tables[0].fingerprint == sum);
}

TEST_CASE("the reason why a dump is incomplete") {
    const struct {
        std::string text;
        const char* reason;
    } cases[] = {
        {"", "it is empty"},
        {"\n", "it ends without pg_dump's completion line"},
        {"COPY public.t (a) FROM stdin;\n1\n", "it ends inside the rows of public.t"},
        {"COPY t FROM stdin;\n1\n" + k_end, "it ends inside the rows of t"},
        {"COPY t FROM stdin;", "it ends inside the rows of t"},
        {"SELECT 'a\n" + k_end, "it ends inside a quoted string"},
        {"SELECT E'a\\'\n" + k_end, "it ends inside a quoted string"},
        {"DO $x$\n" + k_end, "it ends inside a quoted string"},
        {"SELECT \"a\n" + k_end, "it ends inside a quoted name"},
        {"/*\n" + k_end, "it ends inside a comment"},
        {"SELECT 1\n" + k_end, "it ends in the middle of a statement"},
        {"SELECT (;\n" + k_end, "it ends in the middle of a statement"},
        {"SELECT 1;\n", "it ends without pg_dump's completion line"},
        {k_end + "SELECT 1;\n", "there is text after pg_dump's completion line"},
        {k_end + ";\n", "there is text after pg_dump's completion line"},
        {k_end + "\\! true\n", "there is text after pg_dump's completion line"},
        {k_end + "\\restrict K\n", "there is text after pg_dump's completion line"},
        {"\\restrict K\n" + k_end, "it ends without the \\unrestrict to its \\restrict"},
        {"\\restrict K\n\\unrestrict K\n" + k_end,
         "it ends without the \\unrestrict to its \\restrict"},
        {samples::k_plain + "\\restrict L\n" + k_end,
         "it ends without the \\unrestrict to its \\restrict"},
        {"\\restrict K\n" + k_end + "\\unrestrict L\n",
         "its \\restrict and \\unrestrict do not match"},
        {k_end + "\\unrestrict K\n", "its \\restrict and \\unrestrict do not match"},
        {"\\restrict K\n\\restrict L\n" + k_end + "\\unrestrict L\n",
         "its \\restrict and \\unrestrict do not match"},
        {"\\restrict K\n" + k_end + "\\unrestrict K;\n",
         "there is text after pg_dump's completion line"},
        {"\\restrict K\n" + k_end + "\\unrestrict `K`\n",
         "there is text after pg_dump's completion line"},
        {std::string{"--\0\n", 4} + k_end, "it contains a NUL byte, which no SQL dump does"},
    };

    for (const auto& [text, reason] : cases) {
        INFO(text);
        CHECK(why_incomplete(text) == reason);
        CHECK(scan(text, 1, 1) == scan(text));
    }
}

TEST_CASE("the completion line counts only at the top level") {
    const std::string line = "-- PostgreSQL database dump complete";
    CHECK(why_incomplete(line + "\n") == "");
    CHECK(why_incomplete(line + "\r\n") == "");
    for (const std::string& forged :
         {line, " " + line + "\n", line + " \n", line + ".\n", line.substr(0, 20) + "\n",
          ";" + line + "\n", "/*\n" + line + "\n*/", "SELECT\n" + line + "\n;",
          "SELECT '\n" + line + "\n';", "DO $$\n" + line + "\n$$;", "(\n" + line + "\n);",
          "COPY t FROM stdin;\n" + line + "\n\\.\n"}) {
        INFO(forged);
        CHECK(why_incomplete(forged) == "it ends without pg_dump's completion line");
    }
}

TEST_CASE("names in messages are safe to print") {
    CHECK(why_incomplete("COPY \"a\x1b[2J\" FROM stdin;\n").find('\x1b') == std::string::npos);
}

TEST_CASE("progress names the table whose rows are being read") {
    DumpScanner scanner;
    CHECK(scanner.current_table().empty());
    scanner.observe(base::as_bytes("COPY public.t FROM stdin;\n1\n2\n"));
    CHECK(scanner.current_table() == "public.t");
    CHECK(scanner.rows() == 2);
    scanner.observe(base::as_bytes("\\.\n"));
    CHECK(scanner.current_table().empty());
}
