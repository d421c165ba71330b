#pragma once

#include <dbbackup/ops/context.hpp>
#include <dbbackup/pg/client_environment.hpp>
#include <dbbackup/pg/client_tools.hpp>
#include <dbbackup/pg/connection_url.hpp>
#include <dbbackup/pg/session.hpp>
#include <dbbackup/sys/child_process.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// The value of PATH in `environment`, or nothing.
[[nodiscard]] std::string path_variable(const std::vector<std::string>& environment);

/// Warns about ignored parts of a URL, and if it leads to a pooler.
void warn_of_url(const pg::Connection& connection, Listener& listener);

/// The server of one URL, as this process and as PostgreSQL's client programs reach it.
class ServerAccess {
public:
    /// Queries the server's version and picks matching client programs. Throws base::Error.
    ServerAccess(const pg::Connection& connection, const Context& context);
    /// With `tools`, whatever the server's version.
    ServerAccess(const pg::Connection& connection, const Context& context, pg::ClientTools tools);

    [[nodiscard]] const pg::ServerInfo& server() const noexcept { return server_; }

    [[nodiscard]] const pg::ClientTools& tools() const noexcept { return tools_; }

    [[nodiscard]] pg::Session open() const;

    /// A client program that connects to the database. The secrets live as long as this object.
    [[nodiscard]] sys::Command connected_command(std::string_view program,
                                                 std::vector<std::string> arguments) const;
    /// A client program that connects to nothing.
    [[nodiscard]] sys::Command offline_command(std::string_view program,
                                               std::vector<std::string> arguments) const;

private:
    [[nodiscard]] pg::ServerInfo ask_server() const;

    std::vector<std::string> caller_environment_;
    pg::Connection connection_;
    pg::ServerInfo server_;
    pg::ClientTools tools_;
    pg::SecretServiceFile secrets_;
};

} // namespace dbbackup::ops
