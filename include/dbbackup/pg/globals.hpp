#pragma once

#include <dbbackup/stream/pump.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::pg {

/// A setting of a role: ALTER ROLE … SET. Of a list of names, each is a value.
struct RoleSetting {
    std::string name;
    std::vector<std::string> values;

    bool operator==(const RoleSetting&) const = default;
};

struct GlobalRole {
    std::string name;
    bool superuser = false;
    bool inherit = true;
    bool create_role = false;
    bool create_db = false;
    bool login = false;
    bool replication = false;
    bool bypass_rls = false;
    std::optional<std::int64_t> connection_limit = std::nullopt;
    std::optional<std::string> password_hash = std::nullopt;
    std::optional<std::string> valid_until = std::nullopt;
    std::optional<std::string> comment = std::nullopt;
    std::vector<RoleSetting> settings = {};

    bool operator==(const GlobalRole&) const = default;
};

/// `member` is a member of `role`.
struct GlobalMembership {
    std::string role;
    std::string member;
    bool admin = false;
    std::optional<bool> inherit = std::nullopt; ///< said since PostgreSQL 16
    std::optional<bool> set = std::nullopt;     ///< likewise

    bool operator==(const GlobalMembership&) const = default;
};

struct GlobalTablespace {
    std::string name;
    std::string owner;

    bool operator==(const GlobalTablespace&) const = default;
};

/// What a server has besides its databases.
struct Globals {
    std::vector<GlobalRole> roles;
    std::vector<GlobalMembership> memberships;
    std::vector<GlobalTablespace> tablespaces;
    /// What is understood but never restored, for people: "privileges on parameter work_mem".
    std::vector<std::string> left_out;

    [[nodiscard]] const GlobalRole* find_role(const std::string& name) const noexcept;
    bool operator==(const Globals&) const = default;
};

/// Reads what `pg_dumpall --globals-only` writes into values. Nothing of its text is ever run.
class GlobalsReader : public stream::Observer {
public:
    /// Throws base::Error{damaged} if there is more than any server has.
    void observe(base::Bytes bytes) override;

    /// The stream has ended. Call once, before the questions below.
    void finish();

    /// Nothing if all of it was read: pg_dumpall's completion line is the last thing at the top
    /// level, and nothing is open. Otherwise the reason, safe to print.
    [[nodiscard]] const std::string& incompleteness() const noexcept { return incompleteness_; }

    /// The beginning of the first statement that pg_dumpall does not write, safe to print; empty if
    /// there is none.
    [[nodiscard]] const std::string& refused() const noexcept { return refused_; }

    [[nodiscard]] const Globals& globals() const noexcept { return globals_; }

private:
    std::string text_;
    std::string incompleteness_;
    std::string refused_;
    Globals globals_;
};

} // namespace dbbackup::pg
