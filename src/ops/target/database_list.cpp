#include "ops/target/database_list.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/list_some.hpp>
#include <dbbackup/pg/session.hpp>

#include <fmt/format.h>
#include <vector>

namespace dbbackup::ops {

namespace {

constexpr std::size_t k_most_names = 20;

std::vector<std::string> list_databases(pg::Connection connection) {
    for (const char* database : {"postgres", "template1"}) {
        try {
            connection.database = database;
            connection.set("dbname", database);
            connection.remove("client_encoding"); // it was chosen for another database
            pg::Session session{connection};
            std::vector<std::string> names;
            for (const auto& row : session.query(
                     "select datname from pg_catalog.pg_database where datallowconn and not "
                     "datistemplate order by 1")) {
                names.push_back(row.front());
            }
            return names;
        } catch (const base::Error&) {
            continue; // the list is optional
        }
    }
    return {};
}

} // namespace

std::string tell_databases(const pg::Connection& connection) {
    const std::string list = base::list_some(list_databases(connection), k_most_names);
    return list.empty() ? "" : fmt::format(" The server has: {}.", list);
}

} // namespace dbbackup::ops
