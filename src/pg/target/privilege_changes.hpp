#pragma once

#include <dbbackup/pg/dumped_public.hpp>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace dbbackup::pg {

/// What is granted on a schema: whether with grant option.
using SchemaPrivileges = std::map<SchemaPrivilege, bool>;

void apply_change(SchemaPrivileges& granted, const PrivilegeChange& change);

/// What of `granted` would be different after `changes`, as statements that make it so. Superusers
/// need no grants, so what changes for them does not count.
[[nodiscard]] std::vector<std::string>
effect_of_changes(const SchemaPrivileges& granted, const std::vector<PrivilegeChange>& changes,
                  const std::set<std::string>& superusers);

} // namespace dbbackup::pg
