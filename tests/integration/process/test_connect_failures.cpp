#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/program/program.hpp"
#include "support/server/cluster.hpp"
#include "support/temp_dir.hpp"

// What is reported if there is no connection: which URL it was, what to check, and what the log may
// contain.

using namespace dbbackup::test;

namespace {

constexpr int k_failed = 1;

class Nowhere {
public:
    /// `dbbackup WORDS` in a directory of its own, with a log.
    [[nodiscard]] ProgramResult run(std::vector<std::string> words,
                                    const std::string& url = {}) const {
        words.insert(words.end(), {"--dir", "dumps", "--log-file", "log"});
        ProgramOptions options{.directory = temp_.path()};
        if (!url.empty()) {
            options.environment["DATABASE_URL"] = url;
        }
        ProgramResult result = run_dbbackup(words, options);
        INFO(result.err);
        CHECK(result.exit_code == k_failed);
        return result;
    }

    [[nodiscard]] std::filesystem::path file(const std::string& name) const {
        return temp_.path() / name;
    }

    [[nodiscard]] std::string log() const { return read_file(file("log")); }

private:
    TempDir temp_;
};

bool holds(const std::string& text, const std::string& words) {
    INFO(text);
    return text.find(words) != std::string::npos;
}

const std::string k_refused_url = "postgresql://someone:s3cr3t@127.0.0.1:1/shop";

} // namespace

TEST_CASE("a missing database is reported with a list of those that exist") {
    const Nowhere nowhere;
    const TestDatabase there;
    const std::string url = Cluster::shared().url("nowhere");
    write_file(nowhere.file("dump.sql"), "--\n");
    for (const auto& words : std::vector<std::vector<std::string>>{
             {"dump"}, {"restore", "./dump.sql"}, {"guard", "--dir", "d", "--", "true"}}) {
        INFO(words.front());
        const bool is_guard = words.front() == "guard";
        const auto result = is_guard ? run_dbbackup(words, {.environment = {{"DATABASE_URL", url}},
                                                            .directory = nowhere.file("")})
                                     : nowhere.run(words, url);
        CHECK(result.exit_code == k_failed);
        const std::size_t list = result.err.find("The server has: ");
        REQUIRE(list != std::string::npos);
        CHECK(holds(result.err.substr(list), there.name()));
        CHECK(!holds(result.err.substr(list), "template0"));
        CHECK(!holds(result.err, "LOCATION"));
    }
    CHECK(holds(nowhere.log(), "cannot connect to database 'nowhere': SQLSTATE 3D000\n"));
}

TEST_CASE("a failed connection reports the source of the URL, unless it was typed") {
    const Nowhere nowhere;
    const std::string origin = "The URL comes from ";
    CHECK(holds(nowhere.run({"dump"}, k_refused_url).err,
                "hint: " + origin + "DATABASE_URL in the environment. Nothing listens there."));
    CHECK(!holds(nowhere.run({"dump", "--url", k_refused_url}, k_refused_url).err, origin));
    write_file(nowhere.file("dbbackup.toml"), "url = \"" + k_refused_url + "\"\n");
    CHECK(holds(nowhere.run({"dump"}).err, origin + "url in dbbackup.toml."));
    write_file(nowhere.file(".env"), "DATABASE_URL=" + k_refused_url + "\n");
    CHECK(holds(nowhere.run({"dump"}).err, origin + "DATABASE_URL in .env."));
    std::filesystem::rename(nowhere.file(".env"), nowhere.file("other.env"));
    const auto named = nowhere.run({"dump", "--env-file", "other.env"}, k_refused_url);
    CHECK(holds(named.err, origin + "DATABASE_URL in other.env."));
    write_file(nowhere.file("dump.sql"), "--\n");
    const auto restored = nowhere.run({"restore", "./dump.sql", "--create"}, k_refused_url);
    CHECK(holds(restored.err, origin));
    const TestDatabase there;
    write_file(nowhere.file("sound.sql"),
               Cluster::shared().client("pg_dump", there.name(), {}).out);
    const auto drilled = nowhere.run(
        {"verify", "--restore", "./sound.sql", "--scratch-url", k_refused_url}, k_refused_url);
    CHECK(holds(drilled.err + drilled.out, "onnection refused"));
    CHECK(!holds(drilled.err + drilled.out, origin));
    CHECK(!holds(named.err + restored.err + nowhere.log(), "s3cr3t"));
}

TEST_CASE("the log gives the reason for a failed connection in our own words") {
    const Nowhere nowhere;
    const std::string what = "cannot connect to database 'shop': ";
    (void)nowhere.run({"dump"}, k_refused_url);
    CHECK(holds(nowhere.log(), what + "connection refused\n"));
    (void)nowhere.run({"dump"}, "postgresql://x@no-such-host.invalid/shop");
    CHECK(holds(nowhere.log(), what + "host unknown\n"));
    (void)nowhere.run({"dump"}, "postgresql://x@/shop?host=/nonexistent");
    CHECK(holds(nowhere.log(), what + "no such socket\n"));
    const std::string socket = Cluster::shared().socket_directory();
    (void)nowhere.run({"dump"}, "postgresql://no_such_role@/shop?host=" + socket);
    CHECK(holds(nowhere.log(), what + "SQLSTATE 28000\n"));
    CHECK(!holds(nowhere.log(), "no_such_role"));
    CHECK(!holds(nowhere.log(), "(not logged)"));
}
