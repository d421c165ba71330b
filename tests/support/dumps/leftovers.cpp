#include "support/dumps/leftovers.hpp"

#include "support/catch.hpp"
#include "support/program/processes.hpp"
#include "support/server/cluster.hpp"

#include <fmt/format.h>

namespace dbbackup::test {

namespace {

int sessions_in(const std::string& database) {
    return std::stoi(Cluster::shared().psql(
        "postgres", fmt::format("select count(*) from pg_stat_activity where datname = '{}' and "
                                "backend_type = 'client backend' and application_name <> 'psql'",
                                database)));
}

} // namespace

void check_nothing_left(const std::string& mark, const std::string& database) {
    (void)eventually([&] { return processes_with(mark).empty(); });
    CHECK(processes_with(mark) == std::vector<std::string>{});
    CHECK(eventually([&] { return sessions_in(database) == 0; }));
}

} // namespace dbbackup::test
