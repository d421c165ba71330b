#include "pg/connect/answered_number.hpp"

#include <dbbackup/pg/database_identity.hpp>
#include <dbbackup/pg/session.hpp>

namespace dbbackup::pg {

namespace {

/// The only value of the answer; empty if the server refuses it.
std::string ask(Session& session, const char* sql) {
    try {
        return session.query(sql).at(0).at(0);
    } catch (const ServerError& error) {
        if (error.sqlstate().empty()) { // the connection broke
            throw;
        }
        return {};
    }
}

} // namespace

DatabaseIdentity read_database_identity(Session& session) {
    return {ask(session, "select system_identifier from pg_catalog.pg_control_system()"),
            static_cast<std::uint32_t>(
                answered_number(ask(session, "select oid from pg_catalog.pg_database where datname "
                                             "= pg_catalog.current_database()")))};
}

} // namespace dbbackup::pg
