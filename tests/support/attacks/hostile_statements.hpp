#pragma once

#include <string>
#include <vector>

namespace dbbackup::test {

/// A statement that pg_dump never writes, and that would act at once if a superuser ran it: call
/// public.evil(), take another role, change the catalogs, read or write a file.
struct HostileStatement {
    std::string name;
    std::string sql; ///< with its rows, if it is a COPY
    int since = 0;   ///< the major version that first knows it
};

/// Those that write a file write `marker`; those that name their own database name `database`.
[[nodiscard]] std::vector<HostileStatement>
hostile_statements(const std::string& marker, const std::string& database = "hostile");

/// Objects that they need to run: tables, roles named after the database, and public.evil(), which
/// adds a row to public.evidence.
[[nodiscard]] std::string hostile_surroundings(const std::string& database);

/// Removes its roles.
[[nodiscard]] std::string without_hostile_surroundings(const std::string& database);

} // namespace dbbackup::test
