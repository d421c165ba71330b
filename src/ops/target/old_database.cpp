#include "ops/target/old_database.hpp"

#include <dbbackup/base/command_line.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/other_sessions.hpp>
#include <dbbackup/pg/target.hpp>
#include <dbbackup/pg/target_limits.hpp>
#include <dbbackup/sys/signals.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <string_view>
#include <vector>

namespace dbbackup::ops {

namespace {

void execute_on(pg::Session& session, std::string_view format, const std::string& database) {
    session.execute(
        session.query(fmt::format("select pg_catalog.format('{}', $1::text)", format), {database})
            .at(0)
            .at(0));
}

/// Whether `database` is empty, and no session could add something before it is dropped. New
/// sessions must be blocked already.
bool is_surely_empty(pg::Session& maintenance, pg::Session& inside, const std::string& database) {
    const auto sessions = pg::find_sessions_in(maintenance, database);
    if (std::ranges::any_of(sessions, [&](const pg::OtherSession& session) {
            return session.process_id != inside.process_id();
        })) {
        return false;
    }
    const pg::TargetSurvey found = pg::survey_target(inside, {}, pg::DropScope::everything);
    return found.empty && found.changes.empty() && pg::was_never_used(inside);
}

} // namespace

OldDatabase drop_if_empty(const TargetServer& server, const std::string& name, Listener& listener) {
    const sys::CleanupScope although_interrupted;
    try {
        pg::Session maintenance = server.open_maintenance();
        bool is_empty = false;
        {
            pg::Session inside = server.open(server.connection_to(name));
            execute_on(maintenance, "alter database %I allow_connections false", name);
            is_empty = is_surely_empty(maintenance, inside, name);
        }
        try {
            if (is_empty) {
                execute_on(maintenance, "drop database %I", name);
                return OldDatabase::dropped;
            }
        } catch (const pg::ServerError& error) {
            listener.on_warning(fmt::format("the old database '{}', which is empty, could not be "
                                            "dropped: {}",
                                            base::printable(name), error.what()));
        }
        execute_on(maintenance, "alter database %I allow_connections true", name);
        return is_empty ? OldDatabase::kept : OldDatabase::filled;
    } catch (const base::Error& error) {
        listener.on_warning(fmt::format("could not tell whether the old database '{}' is empty, so "
                                        "it is kept: {}",
                                        base::printable(name), error.what()));
        return OldDatabase::kept;
    }
}

std::string psql_command(const TargetServer& server, const std::string& name) {
    std::vector<std::string> words{"psql", "-h", server.info().host, "-p",
                                   std::to_string(server.info().port)};
    if (const std::string* user = server.connection().find("user")) {
        words.insert(words.end(), {"-U", *user});
    }
    words.insert(words.end(), {"-d", name});
    return base::shell_words(words);
}

} // namespace dbbackup::ops
