#include "ops/prune/prune_locked.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/ops/prune.hpp>
#include <dbbackup/pg/connection_url.hpp>
#include <dbbackup/store/dump_directory.hpp>
#include <dbbackup/store/dump_set.hpp>
#include <dbbackup/store/server_file.hpp>

#include <fmt/format.h>
#include <list>
#include <set>

namespace dbbackup::ops {

namespace {

/// The names in their locks: a dump of a database holds the lock with its name.
std::set<std::string> databases_of(const store::DumpDirectory& directory,
                                   const PruneRequest& request) {
    if (!request.series.empty()) {
        std::set<std::string> databases;
        for (const store::Series& series : request.series) {
            databases.insert(series.identity.database);
        }
        return databases;
    }
    if (request.database) {
        return {*request.database};
    }
    std::set<std::string> databases;
    for (const store::DumpEntry& dump : directory.list()) {
        // A longer name is not a database's, and too long for the name of a lock. And an untrusted
        // user's manifest is no reason to wait for a lock.
        if (dump.manifest && !dump.is_foreign() &&
            dump.manifest->database.name.size() <= pg::k_longest_database_name) {
            databases.insert(dump.manifest->database.name);
        }
    }
    if (!store::list_globals(directory).empty() || !store::list_sets(directory).empty()) {
        databases.insert(store::k_no_database);
    }
    for (const store::Leftover& leftover : store::find_leftovers(directory)) {
        databases.insert(leftover.database);
    }
    return databases;
}

} // namespace

PruneReport prune(const PruneRequest& request, const Context& context) {
    if (request.accept_loss == AcceptLoss::no) {
        store::require_usable(request.policy);
    }
    if (request.database && request.database->size() > pg::k_longest_database_name) {
        throw base::Error{base::ErrorKind::usage,
                          fmt::format("the database name has {} bytes, PostgreSQL allows {}",
                                      request.database->size(), pg::k_longest_database_name),
                          "Give the name as PostgreSQL shows it."};
    }
    const auto directory = store::DumpDirectory::open(request.directory);
    const std::set<std::string> databases = databases_of(directory, request);
    std::list<sys::FileLock> locks;
    if (request.dry_run == DryRun::no) {
        for (const std::string& database : databases) {
            locks.push_back(directory.lock(database));
        }
    }
    // Only now: dumps may have been added before the locks were held.
    return prune_locked(directory, databases, request, context.listener, context.clock.now());
}

} // namespace dbbackup::ops
