#pragma once

#include "support/program/program.hpp"
#include "support/server/cluster.hpp"

#include <memory>
#include <string>

namespace dbbackup::test {

/// A role with a unique name, dropped at the end.
class TestRole {
public:
    /// `attributes` as in CREATE ROLE.
    explicit TestRole(const std::string& attributes = "login",
                      const Cluster& cluster = Cluster::shared());
    ~TestRole();
    TestRole(const TestRole&) = delete;
    TestRole& operator=(const TestRole&) = delete;

    [[nodiscard]] const std::string& name() const noexcept { return name_; }

    /// As a role that needs its password to connect.
    [[nodiscard]] static std::string with_password(const std::string& password);

private:
    const Cluster& cluster_;
    std::string name_;
};

/// Another session that holds a lock, from construction to destruction.
class HeldLock {
public:
    /// `mode` as in LOCK TABLE.
    HeldLock(const TestDatabase& database, const std::string& table,
             const std::string& mode = "access exclusive");
    ~HeldLock();
    HeldLock(const HeldLock&) = delete;
    HeldLock& operator=(const HeldLock&) = delete;

private:
    const TestDatabase& database_;
    std::string mark_;
    std::unique_ptr<Program> psql_;
};

/// A database with a table that the real pg_dump needs about 100 s to read, so that things can
/// happen meanwhile: a policy sleeps for each row. To be dumped by `role` with `k_slow_arguments`.
class SlowTable {
public:
    SlowTable(const Cluster& cluster, const std::string& database, const TestRole& role);
    /// Waits until pg_dump is in the middle of its rows.
    void wait_for_copy() const;

private:
    const Cluster& cluster_;
    std::string database_;
};

/// For dbbackup, after everything else.
inline const std::vector<std::string> k_slow_arguments{"--", "--enable-row-security"};

} // namespace dbbackup::test
