// The commands of docs/manual/restoring-by-hand.md, as they stand there, with this client and this
// server.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/scene/shop_restore.hpp"
#include "support/server/client_major.hpp"
#include "support/server/server_side.hpp"

#include <cstdlib>
#include <fmt/format.h>
#include <sstream>

using namespace dbbackup::test;

namespace {

constexpr const char* k_archive = "dumps/shop_2026-11-20T05-20-09-080Z.dump";
constexpr const char* k_plain = "dumps/shop_2026-11-20T05-20-08-220Z.sql.gz";

std::string page() {
    const char* project = std::getenv("DBBACKUP_TEST_PROJECT");
    REQUIRE(project != nullptr);
    return read_file(std::filesystem::path{project} / "docs/manual/restoring-by-hand.md");
}

/// The section of the page on clients that are later than the server, or what stands before it.
std::string section(bool of_later_clients) {
    const std::string all = page();
    const std::size_t begin = all.find("## Clients from 17 on with a server up to 16");
    REQUIRE(begin != std::string::npos);
    const std::size_t end = all.find("\n## ", begin + 1);
    return of_later_clients ? all.substr(begin, end - begin) : all.substr(0, begin);
}

/// The command in `text` that begins so, with the lines that continue it.
std::string command(const std::string& text, const std::string& beginning) {
    const std::size_t begin = text.find("\n" + beginning);
    REQUIRE(begin != std::string::npos);
    std::istringstream lines{text.substr(begin + 1)};
    std::string line;
    std::string found;
    while (std::getline(lines, line)) {
        found += line + "\n";
        if (!line.ends_with("|")) {
            break;
        }
    }
    return found;
}

/// A shop with what is awkward in a dump, dumped both ways.
struct ByHand : ShopRestore {
    std::filesystem::path plain;
    std::filesystem::path archive;

    ByHand() {
        source().psql("create table shop.lines (line text); insert into shop.lines values "
                      "('SET transaction_timeout = 0;'); select lo_from_bytea(4712, '\\xfeed')");
        plain = dump();
        archive = dump({"-F", "custom"});
    }

    /// Runs a command of the page for a new database of this name, in bash.
    [[nodiscard]] ProgramResult run(std::string words, const std::string& database) const {
        for (const auto& [from, to] : {std::pair{std::string{k_archive}, archive.string()},
                                       {k_plain, plain.string()},
                                       {"shop_new", database}}) {
            for (std::size_t at = words.find(from); at != std::string::npos;
                 at = words.find(from, at + to.size())) {
                words.replace(at, from.size(), to);
            }
        }
        ProgramOptions options;
        options.environment = {{"PATH", Cluster::shared().bin_dir().string() + ":/usr/bin:/bin"},
                               {"PGHOST", Cluster::shared().socket_directory()},
                               {"PGUSER", "postgres"}};
        options.directory = temp();
        return run_program({"/bin/bash", "-e", "-o", "pipefail", "-c", words}, options);
    }

    void check_restores(const std::string& words) const {
        INFO(words);
        const TestDatabase fresh;
        const ProgramResult result = run(words, fresh.name());
        INFO(result.out << result.err);
        CHECK(result.exit_code == 0);
        CHECK(first_difference(Cluster::shared().dump_of(fresh.name()),
                               Cluster::shared().dump_of(source().name())) == "");
    }
};

bool client_is_later() {
    return Cluster::shared().client_major() >= 17 && Cluster::shared().major() < 17;
}

} // namespace

TEST_CASE("a dump is restored by hand with the commands of the manual") {
    const ByHand scene;
    const std::string text = section(client_is_later());
    scene.check_restores(command(text, "zcat "));
    if (client_is_later()) {
        scene.check_restores(command(text, "pg_restore -f - "));
        scene.check_restores(command(text, "LC_ALL=C pg_restore -j 4 ") + command(text, "tail "));
    } else {
        scene.check_restores(command(text, "pg_restore --exit-on-error --single-transaction "));
        scene.check_restores(command(text, "pg_restore --exit-on-error -j 4 "));
    }
}

TEST_CASE("the manual's commands for a client later than the server do no harm to any other") {
    const ByHand scene;
    const std::string text = section(true);
    scene.check_restores(command(text, "zcat "));
    scene.check_restores(command(text, "pg_restore -f - "));
}

TEST_CASE("the manual's commands end with an error if an item fails") {
    const ByHand scene;
    const std::string text = section(client_is_later());
    const auto check_fails = [&scene](const std::string& words) {
        INFO(words);
        const TestDatabase fresh;
        fresh.psql("create schema shop; create view shop.totals as select 1 as one");
        CHECK(scene.run(words, fresh.name()).exit_code != 0);
    };
    check_fails(command(text, "zcat "));
    if (client_is_later()) {
        check_fails(command(text, "pg_restore -f - "));
        check_fails(command(text, "LC_ALL=C pg_restore -j 4 ") + command(text, "tail "));
    } else {
        check_fails(command(text, "pg_restore --exit-on-error --single-transaction "));
        check_fails(command(text, "pg_restore --exit-on-error -j 4 "));
    }
}
