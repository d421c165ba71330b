#pragma once

#include <dbbackup/pg/connection_url.hpp>
#include <dbbackup/sys/fd.hpp>

#include <string>
#include <vector>

// How a Connection is passed to a PostgreSQL client: everything but secrets on its command line, so
// that neither its environment nor a service file overrides the URL; the password in its
// environment, which only the same user and root can read; other secrets in an unnamed file.
//
//     const SecretServiceFile secrets{connection};
//     command.arguments = {"--dbname", conninfo(connection), …};
//     command.environment = client_environment(connection, current_environment());
//     append(command.environment, secrets.environment());
//     command.inherited_fds = secrets.inherited_fds();

namespace dbbackup::pg {

/// A libpq connection string of all parameters but the secret ones: `keyword='value' …`. Unlike a
/// bare database name, it cannot be misread, whatever the name looks like.
[[nodiscard]] std::string conninfo(const Connection& connection);

/// The environment of this process, as "NAME=value". Take it at the start, before
/// clean_own_environment() changes it.
[[nodiscard]] std::vector<std::string> current_environment();

/// The complete environment for a PostgreSQL client: the caller's, without DATABASE_URL, psql's
/// settings and all PG* variables that could override the URL or change what a dump holds; with the
/// URL's password, and with messages in English.
[[nodiscard]] std::vector<std::string> client_environment(const Connection& connection,
                                                          const std::vector<std::string>& caller);

/// Sets the PG* variables of this process to those that client_environment() would pass on, for a
/// libpq connection opened here; pass the password and other parameters to libpq itself. Call it
/// before each connection to a different URL. Not safe while another thread reads the environment.
void clean_own_environment(const Connection& connection, const std::vector<std::string>& caller);

/// The secret parameters that libpq reads from no environment variable, such as `sslpassword`.
[[nodiscard]] std::vector<ConnectionParameter> secrets_without_variable(const Connection&);

/// Carries secrets_without_variable() to a client: an unnamed libpq service file in memory, which
/// only children that inherit its descriptor can open. Empty if there are no such secrets. Must
/// live until the client has connected.
class SecretServiceFile {
public:
    /// Throws base::Error{usage} if the URL names a service itself, or for a value that a service
    /// file cannot hold: one with a line end in it, with trailing white space, or over 900 bytes.
    explicit SecretServiceFile(const Connection& connection);

    /// Add these to client_environment().
    [[nodiscard]] std::vector<std::string> environment() const;
    /// For sys::Command.
    [[nodiscard]] std::vector<int> inherited_fds() const;

private:
    sys::Fd file_;
};

} // namespace dbbackup::pg
