#pragma once

#include <cstdint>
#include <string>

namespace dbbackup::pg {

class Session;

/// What tells a database from another one of the same name, also after it was created again.
struct DatabaseIdentity {
    std::string system_identifier;  ///< of the server (pg_control_system); empty if unknown
    std::uint32_t database_oid = 0; ///< 0 if unknown

    [[nodiscard]] bool is_known() const { return !system_identifier.empty() && database_oid != 0; }

    bool operator==(const DatabaseIdentity&) const = default;
};

/// Outside of a transaction. What the role may not read is unknown. Throws base::Error if the
/// connection breaks.
[[nodiscard]] DatabaseIdentity read_database_identity(Session& session);

} // namespace dbbackup::pg
