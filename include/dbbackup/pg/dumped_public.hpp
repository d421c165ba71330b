#pragma once

#include <compare>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::pg {

struct SchemaPrivilege {
    std::string role; ///< empty for PUBLIC
    std::string name; ///< "CREATE" or "USAGE"; of other objects, theirs

    auto operator<=>(const SchemaPrivilege&) const = default;
};

/// One privilege of a GRANT or REVOKE.
struct PrivilegeChange {
    enum class Act { grant, grant_with_option, revoke, revoke_option };

    Act act = Act::grant;
    SchemaPrivilege privilege;

    auto operator<=>(const PrivilegeChange&) const = default;
};

/// What a dump sets for schema `public`, which every database has.
struct DumpedPublic {
    std::optional<std::string> owner;
    std::optional<std::string> comment;      ///< empty: the dump removes it
    std::vector<PrivilegeChange> privileges; ///< in the order of the dump
    std::vector<std::string> object_owners;  ///< of the objects in it; sorted, each once
    /// pg_dump 15 and later writes how the privileges differ from those that 15 gives a new
    /// database, of whatever version the server is: PUBLIC may use the schema, but not create in
    /// it, unless the dump grants that (getNamespaces in pg_dump.c). Earlier versions write how
    /// they differ from the server's own.
    bool starts_closed = false;
};

} // namespace dbbackup::pg
