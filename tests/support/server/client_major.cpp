#include "support/server/client_major.hpp"

#include "support/server/cluster.hpp"

#include <charconv>

namespace dbbackup::test {

int client_major() {
    const std::string said =
        run_program({Cluster::shared().bin_dir() / "pg_restore", "--version"}).out;
    const std::size_t at = said.find(") ") + 2;
    int major = 0;
    std::from_chars(said.data() + at, said.data() + said.size(), major);
    return major;
}

} // namespace dbbackup::test
