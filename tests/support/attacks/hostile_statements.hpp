#pragma once

#include <string>
#include <vector>

namespace dbbackup::test {

/// A statement that pg_dump never writes, and that would do something at once if a superuser ran
/// it: call public.evil(), take another role, change the catalogs, read or write a file.
struct HostileStatement {
    std::string name;
    std::string sql; ///< with the rows behind it, where it is a COPY
};

/// Those that write a file write `marker`; those that name the database they run in name
/// `database`.
[[nodiscard]] std::vector<HostileStatement>
hostile_statements(const std::string& marker, const std::string& database = "hostile");

/// What they need to run: tables, roles that are named after the database, and public.evil(), which
/// leaves a row in public.evidence.
[[nodiscard]] std::string hostile_surroundings(const std::string& database);

/// Removes the roles of it.
[[nodiscard]] std::string without_hostile_surroundings(const std::string& database);

} // namespace dbbackup::test
