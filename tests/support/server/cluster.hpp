#pragma once

#include "support/program/program.hpp"

#include <filesystem>
#include <string>

namespace dbbackup::test {

/// The PostgreSQL server that ctest's fixture started for this run of the tests. It listens on a
/// unix socket; role `postgres` is trusted, members of role `canary` must give their password.
class Cluster {
public:
    /// As written to the file `facts` by tests/support/cluster_fixture.
    explicit Cluster(const std::filesystem::path& facts);

    static const Cluster& shared();

    [[nodiscard]] const std::string& socket_directory() const noexcept { return directory_; }

    /// Of the client programs.
    [[nodiscard]] const std::filesystem::path& bin_dir() const noexcept { return bin_dir_; }

    /// Of the server, which may be of an earlier version.
    [[nodiscard]] const std::filesystem::path& server_bin_dir() const noexcept {
        return server_bin_dir_;
    }

    /// The server's major version.
    [[nodiscard]] int major() const;
    /// That of the client programs.
    [[nodiscard]] int client_major() const;

    /// The URL of `database` for the superuser, whatever bytes its name has.
    [[nodiscard]] std::string url(const std::string& database) const;
    /// The same for `user` with `password`; each percent-encoded here.
    [[nodiscard]] std::string url(const std::string& database, const std::string& user,
                                  const std::string& password) const;
    /// The output of `sql` in `psql -XAtq` as the superuser. Throws std::runtime_error if it fails.
    std::string psql(const std::string& database, const std::string& sql) const;
    /// Loads the SQL file `path`.
    void load(const std::string& database, const std::filesystem::path& path) const;
    /// A PostgreSQL client program run against `database`.
    [[nodiscard]] ProgramResult client(const std::string& program, const std::string& database,
                                       std::vector<std::string> arguments = {},
                                       const std::string& input = {}) const;
    /// The output of pg_dump for `database` now, without its random \restrict keys.
    [[nodiscard]] std::string dump_of(const std::string& database) const;
    /// Client sessions in `database` except our own.
    [[nodiscard]] int sessions_in(const std::string& database) const;

private:
    std::string directory_;
    std::filesystem::path bin_dir_;
    std::filesystem::path server_bin_dir_;
};

/// A new database with a unique name, dropped at the end.
class TestDatabase {
public:
    TestDatabase();
    explicit TestDatabase(std::string name);
    ~TestDatabase();
    TestDatabase(const TestDatabase&) = delete;
    TestDatabase& operator=(const TestDatabase&) = delete;

    [[nodiscard]] const std::string& name() const noexcept { return name_; }

    [[nodiscard]] std::string url() const { return Cluster::shared().url(name_); }

    std::string psql(const std::string& sql) const { return Cluster::shared().psql(name_, sql); }

private:
    std::string name_;
};

/// `text` percent-encoded, all but letters and digits.
[[nodiscard]] std::string percent_encode(const std::string& text);

} // namespace dbbackup::test
