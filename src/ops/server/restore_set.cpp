#include "ops/restore/look_at_target.hpp"
#include "ops/server/find_set.hpp"
#include "ops/server/read_set_dumps.hpp"
#include "ops/server_access.hpp"
#include "ops/target/created_database.hpp"
#include "ops/target/target_server.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/interrupted_operation.hpp>
#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/restore_set.hpp>
#include <dbbackup/pg/server_databases.hpp>
#include <dbbackup/pg/sqlstates.hpp>

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <utility>

namespace dbbackup::ops {

namespace {

using Fate = PlannedDatabase::Fate;

/// A set, and what becomes of it on a server.
struct PreparedSet {
    FoundSet found;
    TargetServer server;
    pg::RoleTarget target;
    pg::RolePlan roles;
    SetRestoreReport report;
};

/// The targets are new or empty, so there is nothing to ask.
class EmptyTarget : public Approver {
public:
    void require_approval(const RestorePlan& plan) override {
        if (!plan.target_empty) {
            throw base::Error{
                base::ErrorKind::refused,
                fmt::format("database '{}' holds objects", base::printable(plan.database))};
        }
    }
};

void require_tablespaces(const pg::Globals& globals, const pg::RoleTarget& target) {
    std::vector<std::string> missing;
    for (const pg::GlobalTablespace& tablespace : globals.tablespaces) {
        if (!target.tablespaces.contains(tablespace.name)) {
            missing.push_back(tablespace.name);
        }
    }
    if (!missing.empty()) {
        throw base::Error{base::ErrorKind::refused,
                          "the server lacks these tablespaces: " + base::list_all(missing),
                          "Nothing was changed. Only you know which directories they belong in: "
                          "CREATE TABLESPACE NAME LOCATION 'DIRECTORY'; for each, then restore "
                          "again."};
    }
}

void require_server_version(const SetRestoreRequest& request, const store::DumpSet& set,
                            int major) {
    const int of_set = std::atoi(set.server_version.c_str());
    if (of_set > major && request.restore.downgrade == Downgrade::refuse) {
        throw base::Error{
            base::ErrorKind::refused,
            fmt::format("the set is of PostgreSQL {}, the server is {}: later versions write what "
                        "earlier ones may not know",
                        of_set, major),
            "Nothing was changed. Use a server of that version or later, or --allow-downgrade."};
    }
}

/// A role that is no superuser cannot give objects to roles that it is no member of. Those of new
/// roles it can be a member of.
void require_owners(const SetRestoreRequest& request, const store::DumpSet& set,
                    const pg::RoleTarget& target, pg::Session& session) {
    if (target.superuser || request.restore.owners == pg::Treatment::leave_out) {
        return;
    }
    std::vector<std::string> unreachable;
    for (const store::DumpSet::Database& database : set.databases) {
        const bool is_reachable =
            !target.roles.contains(database.owner) ||
            session.query("select pg_catalog.pg_has_role($1, 'member')", {database.owner})
                    .at(0)
                    .at(0) == "t";
        if (!is_reachable && std::ranges::count(unreachable, database.owner) == 0) {
            unreachable.push_back(database.owner);
        }
    }
    if (!unreachable.empty()) {
        throw base::Error{
            base::ErrorKind::refused,
            "databases of the set belong to roles that your role is no member of: " +
                base::list_all(unreachable),
            "Nothing was changed. Restore as a superuser, or let your role own everything: " +
                request.restore.command_line.again({"--no-owner"})};
    }
}

std::vector<PlannedDatabase> plan_databases(const SetRestoreRequest& request, const FoundSet& found,
                                            const TargetServer& server, const Context& context) {
    pg::Session session = server.open();
    std::vector<PlannedDatabase> planned;
    std::vector<std::string> in_use;
    for (const store::DumpSet::Database& database : found.entry.set.value().databases) {
        PlannedDatabase one{.name = database.name,
                            .dump = found.directory.files().path_of(database.dump.file)};
        const bool exists =
            !session
                 .query("select 1 from pg_catalog.pg_database where datname = $1", {database.name})
                 .empty();
        if (exists) {
            const bool is_used = surely_holds_something(TargetServer{
                server.connection_to(database.name), context.environment, CreateTarget::no});
            one.fate = is_used ? Fate::skip : Fate::fill;
            if (is_used) {
                in_use.push_back(database.name);
            }
        }
        planned.push_back(std::move(one));
    }
    if (!in_use.empty() && request.existing == ExistingDatabases::refuse) {
        throw base::Error{
            base::ErrorKind::refused,
            "these databases hold objects already: " + base::list_all(in_use),
            "Nothing was changed. To leave them as they are and restore the others: " +
                request.restore.command_line.again({"--skip-existing"})};
    }
    return planned;
}

PreparedSet prepare(const SetRestoreRequest& request, const Context& context) {
    FoundSet found = find_set(request.restore.directory, request.set, request.restore.command_line);
    const store::DumpSet& set = found.entry.set.value();
    TargetServer server{request.restore.connection, context.environment, CreateTarget::no};
    const pg::Globals globals = read_globals_of(found, context);
    require_own_dumps(found, context);
    pg::Session session = server.open();
    pg::RoleTarget target = pg::read_role_target(session);
    require_server_version(request, set, target.major);
    require_tablespaces(globals, target);
    require_owners(request, set, target, session);
    pg::RolePlan roles = pg::plan_roles(globals, target, request.attributes);
    SetRestoreReport report{.set_path = found.directory.files().path_of(found.entry.name),
                            .host = server.info().host,
                            .port = server.info().port,
                            .server_version = server.info().version,
                            .new_roles = roles.created,
                            .existing_roles = roles.existing,
                            .left_out = roles.left_out,
                            .databases = plan_databases(request, found, server, context)};
    return {.found = std::move(found),
            .server = std::move(server),
            .target = std::move(target),
            .roles = std::move(roles),
            .report = std::move(report)};
}

/// Runs what is ours. What the role may not do is left out and named, unless it is needed.
void run_statements(pg::Session& session, const std::vector<pg::RoleStatement>& statements,
                    std::vector<std::string>& left_out) {
    for (const pg::RoleStatement& statement : statements) {
        session.execute("savepoint one");
        try {
            session.execute(statement.sql);
        } catch (const pg::ServerError& error) {
            if (statement.is_needed || error.sqlstate() != pg::k_insufficient_privilege) {
                throw pg::ServerError{error.sqlstate(), error.server_message(),
                                      base::printable(statement.what), error.hint()};
            }
            session.execute("rollback to savepoint one");
            left_out.push_back(statement.what + ": your role may not give it");
        }
        session.execute("release savepoint one");
    }
}

/// All in one transaction.
void run_together(pg::Session& session, const std::vector<pg::RoleStatement>& statements,
                  std::vector<std::string>& left_out) {
    session.execute("set client_encoding = 'UTF8'");
    session.execute("begin");
    run_statements(session, statements, left_out);
    session.execute("commit");
}

pg::ServerDatabase properties_of(const store::DumpSet::Database& database) {
    pg::ServerDatabase properties{.name = database.name,
                                  .owner = database.owner,
                                  .tablespace = database.tablespace,
                                  .connection_limit = database.connection_limit,
                                  .comment = database.comment,
                                  .settings = {},
                                  .grants = std::nullopt};
    for (const store::DumpSet::Setting& setting : database.settings) {
        properties.settings.push_back(
            {.role = setting.role, .setting = {.name = setting.name, .values = setting.values}});
    }
    if (database.grants) {
        properties.grants.emplace();
        for (const store::DumpSet::Grant& grant : *database.grants) {
            properties.grants->push_back(
                {.role = grant.role, .privilege = grant.privilege, .grantable = grant.grantable});
        }
    }
    return properties;
}

/// Restores the databases of a set, one after the other.
class SetRestore {
public:
    SetRestore(const SetRestoreRequest& request, PreparedSet& prepared, const Context& context)
        : request_(request), prepared_(prepared), context_(context) {}

    void restore_roles() {
        pg::Session session = prepared_.server.open();
        run_together(session, prepared_.roles.statements, prepared_.report.left_out);
    }

    void restore_database(const store::DumpSet::Database& database, const PlannedDatabase& plan) {
        if (plan.fate == Fate::skip) {
            return;
        }
        if (plan.fate == Fate::fill) {
            prepared_.report.left_out.push_back(fmt::format(
                "properties of database {}: it was there, and keeps its own", database.name));
            restore_rows(plan);
            return;
        }
        const TargetServer target = prepared_.server.with_target(database.name);
        CreatedDatabase created{target,
                                database.name,
                                database.encoding,
                                {.provider = database.locale_provider,
                                 .collate = database.collate,
                                 .ctype = database.ctype,
                                 .icu_locale = database.icu_locale,
                                 .icu_rules = database.icu_rules,
                                 .builtin_locale = database.builtin_locale},
                                context_.listener};
        give_away(database);
        restore_rows(plan);
        const auto statements = pg::plan_database_properties(
            properties_of(database), prepared_.target, prepared_.roles.created, request_.attributes,
            prepared_.report.left_out);
        pg::Session session = prepared_.server.open();
        run_together(session, statements, prepared_.report.left_out);
        created.keep();
    }

private:
    /// Before its objects are there, because what the owner of schema public may do depends on it.
    void give_away(const store::DumpSet::Database& database) {
        std::vector<pg::RoleStatement> statements;
        if (request_.restore.owners == pg::Treatment::run) {
            statements.push_back({pg::owner_statement(database.name, database.owner),
                                  "owner of database " + database.name});
        }
        pg::Session session = prepared_.server.open();
        run_together(session, statements, prepared_.report.left_out);
        if (database.tablespace != "pg_default") { // not in a transaction
            session.execute(pg::tablespace_statement(database.name, database.tablespace));
        }
    }

    void restore_rows(const PlannedDatabase& plan) {
        RestoreRequest one = request_.restore;
        one.connection = prepared_.server.connection_to(plan.name);
        one.dump = plan.dump;
        EmptyTarget approver;
        (void)restore(one, approver, context_);
    }

    const SetRestoreRequest& request_;
    PreparedSet& prepared_;
    const Context& context_;
};

std::string names_of(const std::vector<PlannedDatabase>& databases, std::size_t begin,
                     std::size_t end) {
    std::vector<std::string> names;
    for (std::size_t i = begin; i < end; ++i) {
        names.push_back(databases[i].name);
    }
    return names.empty() ? "none" : base::list_all(names);
}

std::string state_after(const PreparedSet& prepared, std::size_t failed) {
    const auto& databases = prepared.report.databases;
    return fmt::format("roles are restored; databases done: {}; not restored: {}",
                       names_of(databases, 0, failed),
                       names_of(databases, failed, databases.size()));
}

void tell_left_out(const PreparedSet& prepared, Listener& listener) {
    for (const std::string& what : prepared.report.left_out) {
        listener.on_warning("not restored: " + base::printable(what));
    }
}

} // namespace

SetRestoreReport plan_set_restore(const SetRestoreRequest& request, const Context& context) {
    SetRestoreReport report = prepare(request, context).report;
    report.dry_run = true;
    return report;
}

SetRestoreReport restore_set(const SetRestoreRequest& request, const Context& context) {
    warn_of_url(request.restore.connection, context.listener);
    PreparedSet prepared = prepare(request, context);
    SetRestore run{request, prepared, context};
    run.restore_roles();
    const auto& databases = prepared.found.entry.set.value().databases;
    for (std::size_t i = 0; i < databases.size(); ++i) {
        try {
            context.listener.on_detail("restoring database " + base::printable(databases[i].name));
            run.restore_database(databases[i], prepared.report.databases[i]);
        } catch (const base::Interrupted& interrupted) {
            throw base::InterruptedOperation{interrupted.signal_number(), state_after(prepared, i)};
        } catch (const base::Error& error) {
            tell_left_out(prepared, context.listener);
            // Its own hint would be about a restore of this database alone.
            throw base::Error{error.kind(),
                              fmt::format("database '{}': {}; {}",
                                          base::printable(databases[i].name), error.what(),
                                          state_after(prepared, i)),
                              fmt::format("What is done stays. Once the cause is gone, go on: {}",
                                          request.restore.command_line.again({"--skip-existing"}))};
        }
    }
    tell_left_out(prepared, context.listener);
    return std::move(prepared.report);
}

} // namespace dbbackup::ops
