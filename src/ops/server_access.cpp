#include "ops/server_access.hpp"

#include "ops/target/database_list.hpp"

#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/connect_error.hpp>

#include <string_view>
#include <utility>

namespace dbbackup::ops {

namespace {

constexpr std::string_view k_path_variable = "PATH=";

pg::ClientTools pick_tools(const Context& context, const pg::ServerInfo& server) {
    const auto installed =
        pg::find_client_tools(context.bin_dir, path_variable(context.environment));
    return pg::choose_client_tools(installed, pg::major_version(server.version_number));
}

} // namespace

std::string path_variable(const std::vector<std::string>& environment) {
    for (const std::string& entry : environment) {
        if (entry.starts_with(k_path_variable)) {
            return entry.substr(k_path_variable.size());
        }
    }
    return {};
}

void warn_of_url(const pg::Connection& connection, Listener& listener) {
    if (!connection.dropped.empty()) {
        listener.on_notice("ignored in the URL, because libpq does not know it: " +
                           base::list_all(connection.dropped));
    }
    if (!connection.dropped_of_orms.empty()) {
        listener.on_detail("ignored in the URL, because only ORMs use it: " +
                           base::list_all(connection.dropped_of_orms));
    }
    if (connection.pooler_hint) {
        listener.on_warning("the URL leads to a connection pooler, through which a dump can fail "
                            "or be inconsistent; " +
                            *connection.pooler_hint);
    }
}

ServerAccess::ServerAccess(const pg::Connection& connection, const Context& context)
    : caller_environment_(context.environment), connection_(connection), server_(ask_server()),
      tools_(pick_tools(context, server_)), secrets_(connection) {
    connection_ = pg::pin_to_server(connection, server_);
}

ServerAccess::ServerAccess(const pg::Connection& connection, const Context& context,
                           pg::ClientTools tools)
    : caller_environment_(context.environment), connection_(connection), server_(ask_server()),
      tools_(std::move(tools)), secrets_(connection) {
    connection_ = pg::pin_to_server(connection, server_);
}

pg::ServerInfo ServerAccess::ask_server() const {
    try {
        return open().server_info();
    } catch (const pg::ConnectError& error) {
        if (error.sqlstate() == pg::k_no_such_database) {
            throw pg::ConnectError{error.what(), error.hint() + tell_databases(connection_),
                                   error.sqlstate()};
        }
        throw;
    }
}

pg::Session ServerAccess::open() const {
    pg::clean_own_environment(connection_, caller_environment_);
    return pg::Session{connection_};
}

sys::Command ServerAccess::connected_command(std::string_view program,
                                             std::vector<std::string> arguments) const {
    // Ours first: an option after -- without its value must not swallow them.
    arguments.insert(arguments.begin(), {"--no-password", "--dbname=" + pg::conninfo(connection_)});
    sys::Command command{.program = tools_.program(program),
                         .arguments = std::move(arguments),
                         .environment = pg::client_environment(connection_, caller_environment_),
                         .inherited_fds = secrets_.inherited_fds()};
    for (std::string& entry : secrets_.environment()) {
        command.environment.push_back(std::move(entry));
    }
    return command;
}

sys::Command ServerAccess::offline_command(std::string_view program,
                                           std::vector<std::string> arguments) const {
    return {.program = tools_.program(program),
            .arguments = std::move(arguments),
            .environment = {"PATH=/usr/bin:/bin", "LC_ALL=C"}};
}

} // namespace dbbackup::ops
