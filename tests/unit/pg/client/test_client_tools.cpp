#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/pg/client_tools.hpp>

using namespace dbbackup;
using namespace dbbackup::pg;

namespace {

ClientTools tools(int major) {
    return {.directory = "/x/" + std::to_string(major),
            .version = std::to_string(major),
            .major = major};
}

void install(const std::filesystem::path& directory, const std::string& version) {
    std::filesystem::create_directories(directory);
    test::write_executable(directory / "pg_dump",
                           "#!/bin/sh\necho 'pg_dump (PostgreSQL) " + version + "'\n");
}

} // namespace

TEST_CASE("a version line gives version and major version") {
    const auto debian = parse_version_line("pg_dump (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)\n");
    REQUIRE(debian);
    CHECK(debian->version == "15.20 (Debian 15.20-0+deb12u1)");
    CHECK(debian->major == 15);
    CHECK(parse_version_line("pg_dump (PostgreSQL) 18beta1\n")->major == 18);
    CHECK(parse_version_line("pg_dump (PostgreSQL) 9.6.24\n")->major == 9);
    CHECK_FALSE(parse_version_line(""));
    CHECK_FALSE(parse_version_line("pg_dump (MySQL) 15"));
    CHECK_FALSE(parse_version_line("pg_dump (PostgreSQL) devel"));
}

TEST_CASE("the lowest sufficiently new client is chosen") {
    const std::vector<ClientTools> installed{tools(17), tools(13), tools(16), tools(15)};
    CHECK(choose_client_tools(installed, 14).major == 15);
    CHECK(choose_client_tools(installed, 13).major == 13);
    CHECK(choose_client_tools(installed, 17).major == 17);
    try {
        (void)choose_client_tools(installed, 18);
        FAIL("chosen");
    } catch (const base::Error& error) {
        CHECK(std::string{error.what()} ==
              "the newest installed pg_dump is version 17, the server is version 18");
        CHECK(error.hint().find("postgresql-client-18") != std::string::npos);
    }
    CHECK_THROWS_AS(choose_client_tools({}, 15), base::Error);
}

TEST_CASE("the lowest pg_restore that can read an archive is chosen") {
    test::TempDir temp;
    std::vector<ClientTools> installed;
    for (const int major : {18, 15, 17, 16}) {
        ClientTools found = tools(major);
        found.directory = temp / std::to_string(major);
        install(found.directory, std::to_string(major));
        installed.push_back(found);
    }
    const auto add = [&installed](std::size_t which) {
        test::write_executable(installed[which].program("pg_restore"), "#!/bin/sh\n");
    };
    const auto message = [&installed](int lowest) {
        try {
            (void)choose_pg_restore(installed, lowest);
        } catch (const base::Error& error) {
            CHECK(error.kind() == base::ErrorKind::failed);
            return std::string{error.what()} + " " + error.hint();
        }
        return std::string{};
    };
    add(0);
    add(1);
    CHECK(choose_pg_restore(installed, 0).major == 15);
    CHECK(choose_pg_restore(installed, 12).major == 15);
    CHECK(choose_pg_restore(installed, 16).major == 18); // 16 and 17 have none
    add(2);
    CHECK(choose_pg_restore(installed, 16).major == 17);
    CHECK(choose_pg_restore(installed, 18).major == 18);
    CHECK(message(19).find("the archive needs pg_restore 19 or later, the newest installed is "
                           "version 18") != std::string::npos);
    CHECK(message(19).find("postgresql-client-19") != std::string::npos);
    installed = {installed.back()};
    CHECK(message(16).find("there is no pg_restore beside pg_dump") != std::string::npos);
    installed.clear();
    CHECK(message(17).find("no pg_restore is installed") != std::string::npos);
    CHECK(message(17).find("postgresql-client-17") != std::string::npos);
    CHECK(message(0).find("Install postgresql-client,") != std::string::npos);
}

TEST_CASE("PATH is searched, and broken and relative entries are skipped") {
    test::TempDir temp;
    install(temp / "a", "47.1");
    install(temp / "b", "48.2");
    std::filesystem::create_directories(temp / "broken");
    test::write_executable(temp / "broken/pg_dump", "#!/bin/sh\nexit 1\n");
    const std::string path = (temp / "broken").string() + ":" + (temp / "a").string() +
                             "::relative:" + (temp / "b").string();
    const auto found = find_client_tools(std::nullopt, path);
    CHECK(choose_client_tools(found, 47).directory == temp / "a");
    CHECK(choose_client_tools(found, 48).program("pg_restore") == temp / "b/pg_restore");
}

TEST_CASE("only the directory of --bin-dir is searched") {
    test::TempDir temp;
    install(temp / "a", "47.1");
    CHECK(find_client_tools(temp / "a", "/usr/bin").size() == 1);
    CHECK_THROWS_AS(find_client_tools(temp / "nothing", "/usr/bin"), base::Error);
}
