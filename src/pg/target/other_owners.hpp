#pragma once

#include "pg/target/target_objects.hpp"

namespace dbbackup::pg {

/// For each of `objects`, in their order: the role that alone can drop it, or nothing if our role
/// may do that as its owner, or as the owner of its schema or, for a cast or transform, of its
/// type.
[[nodiscard]] std::vector<std::string>
find_other_owners(Session& session, const std::vector<const TargetObject*>& objects);

} // namespace dbbackup::pg
