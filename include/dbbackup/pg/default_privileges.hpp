#pragma once

#include <dbbackup/pg/session.hpp>

#include <string>
#include <vector>

// ALTER DEFAULT PRIVILEGES grants and revokes rights on whatever is created from then on. A dump
// writes only how an object's rights differ from PostgreSQL's own defaults, and expects those: with
// default privileges in effect, a restored table would get readers that it never had.

namespace dbbackup::pg {

/// Default privileges of one role for one kind of object.
struct DefaultPrivileges {
    std::string role_oid;
    std::string schema_oid;  ///< "0" for those of all schemas
    std::string object_kind; ///< pg_default_acl.defaclobjtype
    std::vector<std::string> restoring_statements;
};

/// Suspends all default privileges that this user may change. Call it in the restore's transaction,
/// after the drops and before the dump.
[[nodiscard]] std::vector<DefaultPrivileges> suspend_default_privileges(Session& session);

/// Restores those that the dump has not set again. Not for a target that will hold only the dump.
void resume_default_privileges(Session& session, const std::vector<DefaultPrivileges>& suspended);

} // namespace dbbackup::pg
