#pragma once

#include <dbbackup/ops/restore.hpp>
#include <dbbackup/pg/role_plan.hpp>
#include <dbbackup/store/dump_set.hpp>

#include <optional>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// What to do with databases of the set that the server has, with objects in them.
enum class ExistingDatabases { refuse, skip };

struct SetRestoreRequest {
    /// Of any database of the target server, and how each database is restored. What it says of the
    /// dump, of cleaning and creating has no meaning here.
    RestoreRequest restore;
    std::string set = "latest"; ///< a path, a name, the beginning of a name, or "latest"
    pg::RoleAttributes attributes = pg::RoleAttributes::leave_out;
    ExistingDatabases existing = ExistingDatabases::refuse;
};

struct PlannedDatabase {
    /// It is created; or it is there and empty, and keeps its own properties; or it is skipped.
    enum class Fate { create, fill, skip };

    std::string name;
    std::string dump; ///< path
    Fate fate = Fate::create;
};

struct SetRestoreReport {
    std::string set_path;
    std::string host;
    int port = 0;
    std::string server_version;
    std::vector<std::string> new_roles;
    std::vector<std::string> existing_roles; ///< they stay as they are
    /// What is not restored, for people: "superuser of role boss".
    std::vector<std::string> left_out;
    std::vector<PlannedDatabase> databases;
    bool dry_run = false;
};

/// What restore_set() would do. Changes nothing.
[[nodiscard]] SetRestoreReport plan_set_restore(const SetRestoreRequest& request,
                                                const Context& context);

/// Restores the roles that are missing, in one transaction, then one database after the other, each
/// all or nothing. What is left out is also a warning. Throws base::Error before anything changes:
/// {damaged} if the set is not whole, a dump in it is not the one that the set lists, or the
/// globals hold what pg_dumpall does not write; {refused} if databases hold objects, or a
/// tablespace is missing. Throws after a database failed, with what is done and what is not.
[[nodiscard]] SetRestoreReport restore_set(const SetRestoreRequest& request,
                                           const Context& context);

} // namespace dbbackup::ops
