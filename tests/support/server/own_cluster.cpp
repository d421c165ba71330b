#include "support/server/own_cluster.hpp"

#include <cstdlib>
#include <stdexcept>

namespace dbbackup::test {

namespace {

std::string run_fixture(const std::string& action, const std::filesystem::path& facts) {
    const char* fixture = std::getenv("DBBACKUP_TEST_CLUSTER_FIXTURE");
    if (fixture == nullptr) {
        throw std::runtime_error(
            "DBBACKUP_TEST_CLUSTER_FIXTURE is not set; run the tests by ctest");
    }
    const ProgramResult result = run_program({fixture, action, facts.string()});
    if (result.exit_code != 0) {
        throw std::runtime_error("cannot " + action + " a server: " + result.err);
    }
    return facts;
}

} // namespace

OwnCluster::OwnCluster() : cluster_(run_fixture("start", temp_ / "facts")) {
}

OwnCluster::~OwnCluster() {
    try {
        run_fixture("stop", temp_ / "facts");
    } catch (const std::exception&) {
        // A remaining server harms no other test.
    }
}

void OwnCluster::stop(const std::string& mode) const {
    const std::string& directory = cluster_.socket_directory();
    const ProgramResult result =
        run_program(as_owner_of(directory, {cluster_.server_bin_dir() / "pg_ctl", "stop", "-w",
                                            "-m", mode, "-D", directory + "/data"}));
    if (result.exit_code != 0) {
        throw std::runtime_error("pg_ctl: " + result.err);
    }
}

void OwnCluster::restart() const {
    const std::string& directory = cluster_.socket_directory();
    const ProgramResult result = run_program(
        as_owner_of(directory, {cluster_.server_bin_dir() / "pg_ctl", "restart", "-w", "-m", "fast",
                                "-D", directory + "/data", "-l", directory + "/server.log"}));
    if (result.exit_code != 0) {
        throw std::runtime_error("pg_ctl: " + result.err);
    }
}

} // namespace dbbackup::test
