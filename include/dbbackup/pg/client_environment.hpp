#pragma once

#include <dbbackup/pg/connection_url.hpp>
#include <dbbackup/sys/fd.hpp>

#include <string>
#include <vector>

// How a Connection reaches a PostgreSQL client: everything but secrets on its command line, so that
// neither its environment nor a service file overrides the URL; the password in its environment,
// which only the same user and root can read; other secrets in a file without a name.
//
//     const SecretServiceFile secrets{connection};
//     command.arguments = {"--dbname", conninfo(connection), …};
//     command.environment = client_environment(connection, current_environment());
//     append(command.environment, secrets.environment());
//     command.inherited_fds = secrets.inherited_fds();

namespace dbbackup::pg {

/// A libpq connection string of all parameters but the secret ones: `keyword='value' …`. Unlike a
/// bare database name it is read as it is meant, whatever the name looks like.
[[nodiscard]] std::string conninfo(const Connection& connection);

/// The environment of this process, as "NAME=value". Take it at the start, before
/// clean_own_environment() changes it.
[[nodiscard]] std::vector<std::string> current_environment();

/// The complete environment for a PostgreSQL client: what the caller has, without DATABASE_URL,
/// psql's settings and all PG* variables that could lead elsewhere than the URL or change what a
/// dump holds; with the URL's password, and with messages in English.
[[nodiscard]] std::vector<std::string> client_environment(const Connection& connection,
                                                          const std::vector<std::string>& caller);

/// Makes the PG* variables of this process those that client_environment() would pass on, for a
/// libpq connection opened here; password and other parameters are for that connection's call.
/// Needed before each connection of its own URL. Not safe while another thread reads the
/// environment.
void clean_own_environment(const Connection& connection, const std::vector<std::string>& caller);

/// The secret parameters that libpq reads from no environment variable, such as `sslpassword`.
[[nodiscard]] std::vector<ConnectionParameter> secrets_without_variable(const Connection&);

/// Carries secrets_without_variable() to a client: a libpq service file in memory, which has no
/// name and which only children that inherit its descriptor can open. Holds nothing if there
/// are no such secrets. Must live until the client has connected.
class SecretServiceFile {
public:
    /// Throws base::Error{usage} if the URL names a service itself, or for a value that a
    /// service file cannot hold: with a line end in it, white space at its end, or over 900 bytes.
    explicit SecretServiceFile(const Connection& connection);

    /// To be added to client_environment().
    [[nodiscard]] std::vector<std::string> environment() const;
    /// For sys::Command.
    [[nodiscard]] std::vector<int> inherited_fds() const;

private:
    sys::Fd file_;
};

} // namespace dbbackup::pg
