#include "ops/loss/record_own_restore.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/ops/loss.hpp>
#include <dbbackup/pg/database_identity.hpp>
#include <dbbackup/store/manifest_update.hpp>

#include <exception>
#include <filesystem>
#include <fmt/format.h>
#include <set>

namespace dbbackup::ops {

namespace {

/// The target under all names that its server has in the dumps: `localhost`, its address, …
std::set<store::Identity> names_of_target(const std::vector<store::DumpEntry>& dumps,
                                          const TargetServer& server,
                                          const pg::DatabaseIdentity& target) {
    std::set<store::Identity> names;
    for (const store::DumpEntry& dump : dumps) {
        if (dump.is_foreign() || dump.database() != server.connection().database ||
            !dump.manifest) {
            continue;
        }
        const store::Manifest::Database& database = dump.manifest->database;
        const bool is_same_server = !target.system_identifier.empty() &&
                                    database.system_identifier == target.system_identifier;
        if (is_same_server ||
            (database.host == server.info().host && database.port == server.info().port)) {
            names.insert(store::identity_of(*dump.manifest));
        }
    }
    return names;
}

void record(const PreparedRestore& prepared, const Context& context) {
    if (!std::filesystem::is_directory(prepared.request.directory)) {
        return;
    }
    const auto directory = store::DumpDirectory::open(prepared.request.directory);
    const std::vector<store::DumpEntry> dumps = directory.list();
    pg::Session session = prepared.server.open();
    const pg::DatabaseIdentity target = pg::read_database_identity(session);
    const base::UtcTime now = context.clock.now();
    const bool is_whole = prepared.part.empty() && prepared.chosen.part.whole;
    for (const store::Identity& identity : names_of_target(dumps, prepared.server, target)) {
        if (const auto* dump = find_recording_dump(dumps, identity, now)) {
            store::record_restore(directory, dump->name,
                                  {.at = now,
                                   .dump_id = is_whole ? prepared.dump_id : std::string{},
                                   .system_identifier = target.system_identifier,
                                   .oid = target.database_oid});
        }
    }
}

} // namespace

void record_own_restore(const PreparedRestore& prepared, const Context& context) {
    const auto warn = [&context](const std::string& why) {
        context.listener.on_warning(fmt::format(
            "the restore is done, but the dumps of this database do not record it, so the next "
            "one may look as if something was lost (then: dbbackup prune --accept-loss): {}",
            why));
    };
    try {
        record(prepared, context);
    } catch (const base::Interrupted&) {
        warn("a signal interrupted that");
    } catch (const std::exception& error) {
        warn(error.what());
    }
}

} // namespace dbbackup::ops
