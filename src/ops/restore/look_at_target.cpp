#include "ops/restore/look_at_target.hpp"

#include "ops/restore/proposal.hpp"
#include "ops/restore/restore_hints.hpp"
#include "ops/restore/restore_transaction.hpp"
#include "ops/server_access.hpp"
#include "ops/target/database_list.hpp"
#include "ops/target/lock_watch.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/connect_error.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <fmt/format.h>
#include <string_view>

namespace dbbackup::ops {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds k_count_patience = 1s;

/// Between two catalog queries, another session can drop what the first one found.
void require_still_there(const pg::ServerError& error, const RestoreRequest& request) {
    // undefined_table, invalid_schema_name, undefined_object (PostgreSQL's manual, appendix A), and
    // the messages of its catalog functions.
    constexpr auto k_gone = std::to_array<std::string_view>({"42P01", "3F000", "42704"});
    const std::string& said = error.server_message();
    if (std::ranges::find(k_gone, error.sqlstate()) != k_gone.end() ||
        said.find("cache lookup failed") != std::string::npos ||
        said.find("could not open relation with OID") != std::string::npos) {
        throw base::Error{base::ErrorKind::refused,
                          fmt::format("database '{}' changed while dbbackup looked at it: {}",
                                      base::printable(request.connection.database), error.what()),
                          "Nothing was changed by this run. Run the same command again when the "
                          "other session is done."};
    }
}

} // namespace

pg::TargetSurvey look_at_target(const RestoreRequest& request, const TargetServer& server,
                                const pg::DumpSummary& restored, pg::DropScope scope,
                                Listener& listener) {
    if (!server.target_exists()) {
        return {};
    }
    const bool disconnects = request.others == OtherSessions::disconnect;
    const auto patience =
        disconnects ? std::min(request.lock_timeout, k_count_patience) : request.lock_timeout;
    pg::Session session = server.open();
    LockWatch watch{server, session.process_id(), OtherSessions::wait_for, listener};
    session.listen([&watch](std::chrono::milliseconds waited) { watch.look(waited); }, nullptr);
    try {
        session.execute(fmt::format("set lock_timeout = {}", patience.count()));
        require_no_other_restore(session);
        set_client_encoding(session, restored.inventory.encoding);
        const auto survey = [&](pg::DropScope of) {
            return pg::survey_target(session, restored, of,
                                     disconnects ? pg::LockedTables::pass_over
                                                 : pg::LockedTables::fail);
        };
        pg::TargetSurvey found = survey(scope);
        if (request.jobs > 0 && found.empty) { // another database replaces it
            found.changes = survey(pg::DropScope::everything).changes;
        }
        return found;
    } catch (const pg::ServerError& error) {
        require_still_there(error, request);
        throw explain(error, request, {.blockers = watch.last_seen(), .lock_timeout = patience});
    }
}

bool surely_holds_something(const TargetServer& server) {
    pg::Session session = server.open();
    return session
               .query("select exists (select from pg_catalog.pg_class c "
                      "join pg_catalog.pg_namespace n on n.oid = c.relnamespace "
                      "where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' "
                      "and not exists (select from pg_catalog.pg_depend d "
                      "where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass "
                      "and d.objid = c.oid and d.deptype = 'e'))")
               .at(0)
               .at(0) == "t";
}

TargetServer connect_to_target(const RestoreRequest& request,
                               const std::vector<std::string>& environment) {
    try {
        return {request.connection, environment, request.create};
    } catch (const MissingDatabase& error) {
        throw pg::ConnectError{
            error.what(),
            fmt::format(
                "Is the name in the URL right?{} To create the database and restore into it: {}",
                tell_databases(request.connection),
                propose_without(request, {"--clean", "--exact", "--drop-missing"}, {"--create"}))};
    }
}

void require_right_target(const RestoreRequest& request, const TargetServer& server) {
    if (request.create == CreateTarget::yes && server.target_exists()) {
        throw base::Error{base::ErrorKind::refused,
                          fmt::format("--create: database '{}' already exists",
                                      base::printable(request.connection.database)),
                          fmt::format("Name another database, or restore into that one: {}",
                                      propose_without(request, {"--create"}))};
    }
}

} // namespace dbbackup::ops
