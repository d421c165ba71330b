#include "packaging/completions.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include <algorithm>
#include <sstream>

using namespace dbbackup::test;

namespace {

/// All values of `key` in one of our units, in order.
std::vector<std::string> values_of(const std::string& unit, const std::string& key) {
    std::vector<std::string> values;
    std::istringstream lines{read_file(project_file("packaging/systemd/" + unit))};
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(key + "=")) {
            values.push_back(line.substr(key.size() + 1));
        }
    }
    return values;
}

using Values = std::vector<std::string>;

bool names(const Values& values, const std::string& word) {
    return std::ranges::any_of(values, [&](const std::string& value) {
        return (" " + value + " ").find(" " + word + " ") != std::string::npos;
    });
}

const std::string k_dump = "dbbackup@.service";
const std::string k_drill = "dbbackup-drill@.service";

} // namespace

TEST_CASE("the dump's unit uses a separate user for each database, and a credential for the URL") {
    CHECK(values_of(k_dump, "User") == Values{"dbbackup-%i"});
    CHECK(values_of(k_dump, "DynamicUser") == Values{"yes"});
    CHECK(values_of(k_dump, "CapabilityBoundingSet") == Values{""});
    CHECK(values_of(k_dump, "EnvironmentFile").empty());
    CHECK(values_of(k_dump, "LoadCredential") == Values{"env:/etc/dbbackup/%i.env"});
    const Values commands = values_of(k_dump, "ExecStart");
    CHECK(commands.size() == 3);
    for (const std::string& command : commands) {
        CHECK(command.starts_with("dbbackup --env-file %d/env "));
    }
}

TEST_CASE("the drill's unit gives the dump's code no secret, no server and not the dumps' user") {
    for (const char* key : {"EnvironmentFile", "LoadCredential", "DynamicUser", "StateDirectory"}) {
        INFO(key);
        CHECK(values_of(k_drill, key).empty());
    }
    CHECK(values_of(k_drill, "User") == Values{"root"}); // only root can start it as another user
    CHECK(values_of(k_drill, "PrivateNetwork") == Values{"yes"});
    CHECK(values_of(k_drill, "RestrictAddressFamilies") == Values{"AF_UNIX"});
    CHECK(values_of(k_drill, "TemporaryFileSystem") == Values{"/run:ro"});
    for (const char* variable : {"DATABASE_URL", "PGPASSWORD", "PGPASSFILE", "PGHOST"}) {
        CHECK(names(values_of(k_drill, "UnsetEnvironment"), variable));
    }
    for (const char* path : {"-/etc/dbbackup", "-/var/lib/postgresql"}) {
        CHECK(names(values_of(k_drill, "InaccessiblePaths"), path));
    }
    for (const char* capability : {"CAP_SYS_ADMIN", "CAP_SYS_PTRACE", "CAP_NET_ADMIN"}) {
        CHECK_FALSE(names(values_of(k_drill, "CapabilityBoundingSet"), capability));
    }
}

TEST_CASE("both units write no core dumps, and cannot gain rights") {
    for (const std::string& unit : {k_dump, k_drill}) {
        INFO(unit);
        CHECK(values_of(unit, "LimitCORE") == Values{"0"});
        CHECK(values_of(unit, "NoNewPrivileges") == Values{"yes"});
        CHECK(values_of(unit, "ProtectSystem") == Values{"strict"});
        CHECK(values_of(unit, "PrivateTmp") == Values{"yes"});
        CHECK(values_of(unit, "UMask") == Values{"0077"});
        CHECK(values_of(unit, "RestrictNamespaces") == Values{"yes"});
    }
}
