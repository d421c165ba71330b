#include "support/server/server_side.hpp"

#include "support/program/processes.hpp"

#include <atomic>
#include <fmt/format.h>
#include <stdexcept>
#include <unistd.h>

namespace dbbackup::test {

namespace {

std::string own_name(const char* prefix) {
    static std::atomic<int> count{0};
    return fmt::format("{}{}_{}", prefix, ::getpid(), count++);
}

bool some_session(const Cluster& cluster, const std::string& condition) {
    return cluster.psql("postgres", "select exists (select from pg_stat_activity where " +
                                        condition + ")") == "t";
}

} // namespace

TestRole::TestRole(const std::string& attributes, const Cluster& cluster)
    : cluster_(cluster), name_(own_name("r")) {
    cluster_.psql("postgres", fmt::format("create role {} {}", name_, attributes));
}

TestRole::~TestRole() {
    try {
        cluster_.psql("postgres", "drop role if exists " + name_);
    } catch (const std::exception&) {
        // It still owns something; the whole server is removed at the end of the run.
    }
}

std::string TestRole::with_password(const std::string& password) {
    // pg_hba.conf asks members of canary for their password. Tests run in parallel: the first one
    // creates it.
    Cluster::shared().psql("postgres", "do $$ begin create role canary; exception when "
                                       "duplicate_object or unique_violation then null; end $$");
    std::string quoted;
    for (const char c : password) {
        quoted += c == '\'' ? "''" : std::string{c};
    }
    return fmt::format("login superuser password '{}' in role canary", quoted);
}

HeldLock::HeldLock(const TestDatabase& database, const std::string& table, const std::string& mode)
    : database_(database), mark_(own_name("lock")) {
    ProgramOptions options;
    options.input = fmt::format("set application_name = 'psql'; begin; "
                                "lock table {} in {} mode; "
                                "select '{}', pg_sleep(100);",
                                table, mode, mark_);
    psql_ = std::make_unique<Program>(
        std::vector<std::string>{(Cluster::shared().bin_dir() / "psql").string(), "-Xq",
                                 database.url()},
        options);
    if (!eventually([this] {
            return some_session(Cluster::shared(),
                                fmt::format("query like 'select ''{}''%'", mark_));
        })) {
        throw std::runtime_error("no lock on " + table);
    }
}

HeldLock::~HeldLock() {
    try {
        database_.psql(fmt::format("select pg_terminate_backend(pid) from pg_stat_activity where "
                                   "query like 'select ''{}''%'",
                                   mark_));
    } catch (const std::exception&) {
        // It ends by itself.
    }
}

SlowTable::SlowTable(const Cluster& cluster, const std::string& database, const TestRole& role)
    : cluster_(cluster), database_(database) {
    cluster_.psql(database_,
                  fmt::format("create table slow as select g as id, repeat('x', 4000) as filler "
                              "from generate_series(1, 2000) g; "
                              "alter table slow enable row level security; "
                              "create policy slowly on slow using (pg_sleep(0.05)::text is not "
                              "null); "
                              "grant select on slow to {}",
                              role.name()));
}

void SlowTable::wait_for_copy() const {
    const std::string copying =
        fmt::format("datname = '{}' and query like 'COPY %slow%'", database_);
    if (!eventually([&] { return some_session(cluster_, copying); })) {
        throw std::runtime_error("pg_dump does not come to the rows");
    }
}

} // namespace dbbackup::test
