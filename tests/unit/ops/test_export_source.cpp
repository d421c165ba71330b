// Reading exports: whole, cut, changed, and written by other programs.

#include "ops/transfer/export_source.hpp"
#include "support/catch.hpp"
#include "support/dumps/sample_export.hpp"
#include "support/temp_dir.hpp"

#include <dbbackup/base/error.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <random>

using namespace dbbackup;
using namespace dbbackup::test;

namespace {

std::vector<SampleTable> sample() {
    SampleTable reference{
        .table = {.table = {"a.b", "c\"d"}, .columns = {{"who", "integer"}, {"where", "integer"}}},
        .rows = {"ann@x\t[\"1\",\"a,\\\\\"b\"]", "\\N\t\\N"}};
    reference.table.columns[0].reference = pg::SourceReference{{"public", "users"}, {"email"}};
    reference.table.columns[1].reference =
        pg::SourceReference{{"public", "places"}, {"city", "street"}};
    SampleTable partition{.table = {.table = {"public", "part_1"}, .columns = {{"v", ""}}},
                          .rows = {"x"}};
    partition.table.partitioned = pg::RelationName{"public", "part"};
    return {nasty_table(),
            reference,
            partition,
            {.table = {.table = {"public", "empty"}, .columns = {{"v", "text"}}}, .rows = {}},
            {.table = {.table = {"public", "nothing"}, .columns = {}}, .rows = {"", ""}}};
}

/// How opening the text as a file ends: "" if it is good.
std::string problem_of(const std::string& text, const std::string& name = "x.json") {
    const TempDir temp;
    write_file(temp / name, text);
    try {
        (void)read_export(temp / name);
        return "";
    } catch (const base::Error& error) {
        return fmt::format("{}: {}", error.kind() == base::ErrorKind::damaged ? "damaged" : "error",
                           error.what());
    }
}

bool is_damaged(const std::string& text, const std::string& part) {
    const std::string problem = problem_of(text);
    INFO(problem);
    CHECK(problem.find(part) != std::string::npos);
    return problem.starts_with("damaged: ");
}

constexpr std::string_view k_head =
    R"("format":"dbbackup-export","format_version":"1.0","tables":[{"name":"t",)"
    R"("columns":[{"name":"a","type":"integer"},{"name":"b","type":"text"}]}])";

/// As an application could write it: without a sum, and without what it does not know.
std::string by_hand(const std::string& rows, const std::string& end = R"({"rows":{"t":1}})") {
    return fmt::format("{{{},\"data\":{{\"t\":{}}},\"end\":{}}}", k_head, rows, end);
}

} // namespace

TEST_CASE("what is exported is read again, byte for byte") {
    const TempDir temp;
    for (const std::string name : {"x.json", "x.json.gz", "x.jsonl", "x.jsonl.gz", "x.csv"}) {
        INFO(name);
        write_export(temp / name, sample());
        CHECK(ops::looks_like_export(temp / name));
        const auto tables = read_export(temp / name);
        const auto expected = sample();
        REQUIRE(tables.size() == expected.size());
        for (std::size_t i = 0; i < tables.size(); ++i) {
            CHECK(tables[i].rows == expected[i].rows);
            pg::SourceTable table = expected[i].table;
            table.rows = expected[i].rows.size();
            CHECK(tables[i].table == table);
        }
    }
}

TEST_CASE("an export is a JSON that other programs read, without control characters") {
    const TempDir temp;
    write_export(temp / "x.json", sample());
    const std::string text = read_file(temp / "x.json");
    for (const char* part : {"\xE2\x80\xA8", "\x7f", "\xC2\x9B", "\x1f"}) {
        CHECK(text.find(part) == std::string::npos);
    }
    const auto json = nlohmann::json::parse(text);
    CHECK(json.at("database").at("system_identifier") == "7123456789012345678");
    CHECK(json.at("app_version") == "4.2");
    CHECK(json.at("timezone") == "Europe/Berlin");
    const auto& rows = json.at("data").at("public.nasty");
    CHECK(rows[0].at("id") == "9223372036854775807"); // as a number, JavaScript would round it
    CHECK(rows[0].at("n") == 1);
    CHECK(rows[0].at("f") == 0.1);
    CHECK(rows[0].at("b") == true);
    CHECK(rows[2].at("f") == "NaN");
    CHECK(rows[2].at("j") == "null"); // of JSON
    CHECK(rows[3].at("j").is_null()); // of SQL
    CHECK(rows[2].at("t").is_null());
    CHECK(rows[3].at("t") == "\\N");
    CHECK(rows[0].at("x \"y\"\\z,") == "1.500");
    CHECK(json.at("data").at("\"a.b\".\"c\"\"d\"")[0].at("where") ==
          nlohmann::json::array({"1", "a,\"b"}));
    CHECK(json.at("end").at("rows").at("public.nothing") == 2);
}

TEST_CASE("the description has what the header says") {
    const TempDir temp;
    write_export(temp / "x.jsonl.gz", sample());
    struct Silent : ops::Listener {
        void on_warning(const std::string&) override {}

        void on_notice(const std::string&) override {}

        void on_detail(const std::string&) override {}

        void on_progress(const ops::Progress&) override {}
    } listener;

    const auto source = ops::open_export(temp / "x.jsonl.gz",
                                         {.listener = listener, .clock = base::system_clock()});
    const pg::RowSource& description = source->description();
    CHECK(description.name == "x.jsonl.gz");
    CHECK(description.database == "shop");
    CHECK(description.encoding == "UTF8");
    CHECK(description.schema_version == "20261121_phone");
    CHECK(description.timezone == "Europe/Berlin");
    CHECK(description.identity.system_identifier == "7123456789012345678");
    CHECK(description.identity.database_oid == 16384);
    CHECK(description.taken_at == base::parse_utc("2026-11-22T10:00:00.000Z"));
    CHECK(source->is_summed());
    std::vector<std::string> rows; // only of the wanted table
    source->read_rows({2}, [&rows](std::size_t table, std::string_view row) {
        CHECK(table == 2);
        rows.emplace_back(row);
    });
    CHECK(rows == std::vector<std::string>{"x"});
}

TEST_CASE("an export that is cut anywhere is never believed") {
    const TempDir temp;
    for (const std::string name : {"x.json", "x.jsonl", "x.json.gz"}) {
        write_export(temp / name, sample());
        const std::string text = read_file(temp / name);
        for (std::size_t size = 0; size + 1 < text.size(); size += 1 + text.size() / 300) {
            // Only the line end after the last brace may be missing.
            INFO(name << " cut after " << size << " of " << text.size());
            CHECK_FALSE(problem_of(text.substr(0, size), name).empty());
        }
    }
}

TEST_CASE("an export with a flipped bit is never believed") {
    const TempDir temp;
    std::mt19937 random{14};
    for (const std::string name : {"x.json", "x.jsonl", "x.json.gz"}) {
        write_export(temp / name, sample());
        const std::string text = read_file(temp / name);
        const std::size_t end = name.ends_with(".gz") ? text.size() : text.rfind("\"sha256\"");
        for (int i = 0; i < 300; ++i) {
            std::string changed = text;
            const std::size_t at = random() % end;
            changed[at] = static_cast<char>(changed[at] ^ (1U << (random() % 8)));
            const std::string problem = problem_of(changed, name);
            INFO(name << " flipped at " << at << ": " << problem);
            const bool may_mean_nothing = name.ends_with(".gz") && at < 20; // its header
            CHECK((may_mean_nothing || !problem.empty()));
        }
    }
}

TEST_CASE("a file of CSV that is cut, changed or missing is damage") {
    const TempDir temp;
    const auto file = temp / "x.csv" / "public.nasty.csv";
    write_export(temp / "x.csv", sample());
    const std::string text = read_file(file);
    const auto problem = [&temp]() -> std::string {
        try {
            (void)read_export(temp / "x.csv");
            return "";
        } catch (const base::Error& error) {
            return error.kind() == base::ErrorKind::damaged ? error.what() : "error";
        }
    };
    REQUIRE(problem().empty());
    write_file(file, text.substr(0, text.size() - 1));
    CHECK(problem().find("cut off") != std::string::npos);
    write_file(file, text.substr(0, text.rfind("9223")));
    CHECK(problem().find("SHA-256") != std::string::npos);
    write_file(file, text + "1,2\n");
    CHECK(problem().find("has 2 values instead of 7") != std::string::npos);
    std::string other = text;
    other.replace(other.find("plain"), 5, "other");
    write_file(file, other);
    CHECK(problem().find("SHA-256") != std::string::npos);
    std::filesystem::remove(file);
    CHECK(problem().find("missing") != std::string::npos);
}

TEST_CASE("an export that an application wrote is read") {
    CHECK(problem_of(by_hand(R"([{"b":"x","a":1}])")).empty());
    CHECK(problem_of(by_hand(R"([{"a":"1","b":null}])")).empty());
    CHECK(problem_of(by_hand("[]", R"({"rows":{"t":0},"sha256":null})")).empty());
    // Unknown members, of any depth, and white space.
    CHECK(problem_of(fmt::format("\n {{ \"photos\": [[{{\"x\":1}}, null], 2], {} , \"data\": {{}}, "
                                 "\"end\": {{\"rows\": {{\"t\": 0}} }} }} \n",
                                 k_head))
              .empty());
    CHECK(problem_of(fmt::format("{{{}}}\n{{\"table\":\"t\",\"row\":{{\"a\":1,\"b\":\"\"}}}}\n\n"
                                 "{{\"end\":{{\"rows\":{{\"t\":1}}}}}}",
                                 k_head),
                     "x.jsonl")
              .empty());
    const TempDir temp;
    write_file(temp / "x", by_hand(R"([{"b":"a\u0009b\u2028","a":1.50}])"));
    CHECK(read_export(temp / "x").at(0).rows ==
          std::vector<std::string>{"1.50\ta\\tb\xE2\x80\xA8"});
}

TEST_CASE("what an application wrote wrongly is named") {
    CHECK(is_damaged(fmt::format("{{{},\"data\":{{}}}}", k_head), "no end"));
    CHECK(is_damaged(by_hand(R"([{"a":1}])"), "row 1 of t lacks the column 'b'"));
    CHECK(is_damaged(by_hand(R"([{"a":1,"b":"","c":2}])"), "a column 'c'"));
    CHECK(is_damaged(by_hand(R"([{"a":1,"a":2,"b":""}])"), "'a' twice"));
    CHECK(is_damaged(by_hand(R"([{"a":1,"b":{}}])"), "an object as a value"));
    CHECK(is_damaged(by_hand(R"([{"a":1,"b":[]}])"), "an array as its 'b'"));
    CHECK(is_damaged(by_hand(R"([{"a":1,"b":true}])"), "a boolean as its 'b'"));
    CHECK(is_damaged(by_hand(R"([{"a":1,"b":"\u0000"}])"), "NUL"));
    CHECK(is_damaged(by_hand(R"([[1,"x"]])"), "an array where"));
    CHECK(is_damaged(by_hand(R"([{"a":1,"b":""}])", R"({"rows":{"t":2}})"), "has 1 rows of t"));
    CHECK(is_damaged(by_hand(R"([{"a":1,"b":""}])", R"({"rows":{}})"), "says nothing of them"));
    CHECK(is_damaged(by_hand("[]", R"({"rows":{"t":0,"u":3}})"), "does not list"));
    CHECK(is_damaged(by_hand("[]", R"({"rows":{"t":0},"sha256":"00"})"), "SHA-256"));
    CHECK(is_damaged(by_hand("[],\"u\":[]"), "'u', which its 'tables' do not list"));
    CHECK(is_damaged(by_hand("[],\"t\":[]"), "twice"));
    CHECK(is_damaged(by_hand("null"), "a value where"));
    CHECK(is_damaged(by_hand("[]") + "{}", "follows its end"));
    CHECK(is_damaged(by_hand("[]") + "x", "follows its end"));
    const std::string late = fmt::format("{{\"data\":{{}},{}}}", k_head);
    CHECK(problem_of(late).find("do not come before 'data'") != std::string::npos);
    for (const std::string other : {"", "SELECT 1;", "{}", "[]", "{\"format\":\"x\"}", "{\"a\":"}) {
        INFO(other);
        CHECK_FALSE(problem_of(other).empty());
    }
    const std::string newer = by_hand("[]");
    CHECK(problem_of("{\"format\":\"dbbackup-export\",\"format_version\":\"2.0\",\"tables\":[],"
                     "\"data\":{}}")
              .find("format 2.0") != std::string::npos);
}

TEST_CASE("a planted export ends in an error, not in a full memory") {
    const std::string deep(5'000'000, '[');
    CHECK_FALSE(problem_of("{\"format\":\"dbbackup-export\",\"x\":" + deep).empty());
    CHECK(is_damaged("{\"format\":\"dbbackup-export\",\"tables\":" + deep, "nested too deeply"));
    std::string many = "{\"format\":\"dbbackup-export\",\"tables\":[0";
    for (int i = 0; i < 4'000'001; ++i) {
        many += ",0";
    }
    CHECK(is_damaged(many, "longer than any export's"));
}

TEST_CASE("a change between two readings is found") {
    const TempDir temp;
    write_file(temp / "x", by_hand(R"([{"a":1,"b":"old"}])"));
    struct Silent : ops::Listener {
        void on_warning(const std::string&) override {}

        void on_notice(const std::string&) override {}

        void on_detail(const std::string&) override {}

        void on_progress(const ops::Progress&) override {}
    } listener;

    const auto source =
        ops::open_export(temp / "x", {.listener = listener, .clock = base::system_clock()});
    CHECK_FALSE(source->is_summed());
    write_file(temp / "x", by_hand(R"([{"a":1,"b":"new"}])"));
    CHECK_THROWS_AS(source->read_rows({0}, [](std::size_t, std::string_view) {}), base::Error);
}
