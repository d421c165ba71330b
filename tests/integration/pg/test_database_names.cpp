#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/server/cluster.hpp"
#include "support/temp_dir.hpp"

#include <dbbackup/store/dump_name.hpp>

using namespace dbbackup;
using namespace dbbackup::test;

namespace {

const std::vector<std::string> k_hostile_names{
    "a=b",
    "postgresql://x",
    "postgres://user:pw@elsewhere.example/x?sslmode=disable",
    "host=x",
    "dbname='x' host=elsewhere.example",
    "it's",
    "\"quoted\"",
    "back\\slash",
    "back\\\\'slashes",
    " space in front and behind ",
    "tab\there",
    "esc\x1b[31mape\x07",
    "bidi\u202eoverride",
    "Ünïcödé 名前 🦓",
    "..",
    ".",
    ".hidden",
    "a/../../b",
    "/",
    "-rf",
    "--help",
    "%",
    "%41%s%n",
    "latest",
    "a_2026-11-20T03-15-00-123Z",
    "a_2026-11-20T03-15-00-123Z.sql.gz",
    "UPPER lower",
    "semi;colon && $(touch x) `x` | *?",
    "63 bytes" + std::string(55, 'x'),
    "15 of three bytes 名名名名名名名名名名名名名名名",
};

bool has_raw_control_character(const std::string& text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f;
    });
}

std::string quote(const std::string& text, char mark) {
    std::string quoted{mark};
    for (const char c : text) {
        quoted += c == mark ? std::string(2, c) : std::string{c};
    }
    return quoted + mark;
}

/// A database with one marker row, renamed again and again: a dump with the marker is a dump of
/// this database.
class RenamedDatabase {
public:
    RenamedDatabase() : name_(database_.name()) {
        Cluster::shared().psql(name_,
                               "create table marker (name text); insert into marker values ('')");
    }

    ~RenamedDatabase() { rename(database_.name()); }

    void rename(const std::string& name) {
        Cluster::shared().psql("postgres", "alter database " + quote(name_, '"') + " rename to " +
                                               quote(name, '"'));
        name_ = name;
        Cluster::shared().psql(name_,
                               "update marker set name = " + quote("marker of " + name, '\''));
    }

private:
    TestDatabase database_;
    std::string name_;
};

/// How COPY writes `text`.
std::string copied(const std::string& text) {
    std::string written;
    for (const char c : text) {
        written += c == '\\'   ? "\\\\"
                   : c == '\t' ? "\\t"
                   : c == '\n' ? "\\n"
                   : c == '\r' ? "\\r"
                               : std::string{c};
    }
    return written;
}

void check_name(const std::string& name, const std::vector<std::string>& format) {
    INFO(name);
    const TempDir home;
    const TakenDump taken = take_dump(Cluster::shared().url(name), home.path(), format);
    CHECK(taken.path.parent_path() == home.path());
    CHECK(names_in(home.path()).size() == 2);
    CHECK(taken.manifest.at("database").at("name") == name);
    const auto file_name = store::parse_dump_name(taken.path.filename().string());
    REQUIRE(file_name);
    CHECK(file_name->database == name);
    CHECK(sql_of(taken.path).find("\nmarker of " + copied(name) + "\n") != std::string::npos);
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"list"}, {"show"}, {"show", taken.path.string()}}) {
        std::vector<std::string> arguments = words;
        arguments.insert(arguments.end(), {"--dir", home.path().string()});
        const ProgramResult result = run_dbbackup(arguments);
        CHECK(result.exit_code == 0);
        CHECK_FALSE(has_raw_control_character(result.out + result.err));
    }
}

} // namespace

TEST_CASE("a database of any name is dumped into its own file, and no other database is dumped") {
    RenamedDatabase database;
    for (const std::string& name : k_hostile_names) {
        database.rename(name);
        check_name(name, {});
    }
}

TEST_CASE("archives of databases with hostile names") {
    RenamedDatabase database;
    for (const std::string name :
         {"c=d", "postgresql://y", "-Fp", "esc\x1b[1m '\\ \"", "...", "名前"}) {
        database.rename(name);
        check_name(name, {"-F", "custom"});
    }
}

TEST_CASE("a database with a newline in its name") {
    RenamedDatabase database;
    for (const std::string name : {"new\nline", "return\rback", "\n"}) {
        try {
            database.rename(name);
        } catch (const std::runtime_error&) {
            continue; // later servers allow no such names
        }
        check_name(name, {});
    }
}

TEST_CASE("messages about a database with a hostile name are safe to print") {
    const TempDir home;
    const std::string url = Cluster::shared().url("no such\x1b[2J\n\xc2\x9b database");
    const ProgramResult result =
        run_dbbackup({"dump", "-v", "--url", url, "--dir", (home / "dumps").string()});
    CHECK(result.exit_code == 1);
    CHECK(result.out.empty());
    CHECK_FALSE(has_raw_control_character(result.err));
    CHECK(result.err.find('\x9b') == std::string::npos);
    CHECK(names_in(home / "dumps").empty());
}

TEST_CASE("an empty or too long database name is refused, and nothing is created") {
    const TempDir home;
    const std::string& socket = Cluster::shared().socket_directory();
    for (const std::string& url :
         {Cluster::shared().url(std::string(64, 'x')), Cluster::shared().url(std::string(300, '/')),
          Cluster::shared().url(""), "postgresql://postgres@?host=" + socket,
          "postgresql://postgres@/?dbname=&host=" + socket}) {
        INFO(url);
        const ProgramResult result = run_dbbackup({"dump", "--dir", (home / "dumps").string()},
                                                  {.environment = {{"DATABASE_URL", url}}});
        CHECK(result.exit_code == 2);
        CHECK(result.out.empty());
        CHECK(result.err.find("database") != std::string::npos);
        CHECK(names_in(home.path()).empty());
    }
}
