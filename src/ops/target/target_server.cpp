#include "ops/target/target_server.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/pg/client_environment.hpp>

#include <algorithm>
#include <exception>
#include <string_view>

namespace dbbackup::ops {

namespace {

pg::Connection with_database(pg::Connection connection, const std::string& database) {
    connection.database = database;
    connection.set("dbname", database);
    connection.remove("client_encoding"); // it was chosen for another database
    return connection;
}

} // namespace

TargetServer::TargetServer(const pg::Connection& connection,
                           std::vector<std::string> caller_environment, CreateTarget create)
    : connection_(connection),
      caller_environment_(std::move(caller_environment)), maintenance_databases_{"postgres",
                                                                                 "template1"},
      pinned_(connection) {
    if (create == CreateTarget::yes) {
        pg::Session maintenance = open_maintenance();
        target_exists_ = !maintenance
                              .query("select 1 from pg_catalog.pg_database where datname = $1",
                                     {connection.database})
                              .empty();
        info_ = maintenance.server_info();
    }
    if (target_exists_) {
        info_ = ask_target();
    }
    pinned_ = pg::pin_to_server(connection_, info_);
}

pg::ServerInfo TargetServer::ask_target() const {
    try {
        return open(connection_).server_info();
    } catch (const base::Error& error) {
        const std::string_view message = error.what();
        const bool lacks_database = message.find("database \"") != std::string_view::npos &&
                                    message.find("does not exist") != std::string_view::npos;
        if (!lacks_database) {
            throw;
        }
        throw MissingDatabase{error.kind(), error.what(), error.hint()};
    }
}

TargetServer TargetServer::with_target(const std::string& database) const {
    TargetServer other = *this;
    other.maintenance_databases_.insert(other.maintenance_databases_.begin(), connection_.database);
    other.connection_ = with_database(connection_, database);
    other.pinned_ = connection_to(database);
    other.target_exists_ = false;
    return other;
}

pg::Connection TargetServer::connection_to(const std::string& database) const {
    return with_database(pinned_, database);
}

pg::Session TargetServer::open() const {
    return open(pinned_);
}

pg::Session TargetServer::open(const pg::Connection& connection) const {
    pg::clean_own_environment(connection, caller_environment_);
    pg::Session session{connection};
    // A role that may create objects in a schema on the path could add an operator that matches our
    // queries better than PostgreSQL's own, and it would run as us.
    (void)session.query("select pg_catalog.set_config('search_path', '', false)");
    return session;
}

pg::Session TargetServer::open_maintenance() const {
    std::exception_ptr first_failure;
    for (const std::string& database : maintenance_databases_) {
        if (database == connection_.database) {
            continue; // a session in the target would block the changes to it
        }
        try {
            return open(with_database(pinned_, database));
        } catch (const base::Error&) {
            if (!first_failure) {
                first_failure = std::current_exception();
            }
        }
    }
    std::rethrow_exception(first_failure);
}

} // namespace dbbackup::ops
