#pragma once

#include <string>

namespace dbbackup::pg {

/// A common table expression `part (classid, objid, whole_class, whole)`: what belongs to another
/// object, and to which. For constraints, defaults, rules, triggers, policies and indexes that is
/// their relation, for a domain's constraints the domain; for row types, arrays, multiranges and
/// range constructors what they are created with; for a published table the publication.
[[nodiscard]] std::string part_sql(int server_version_number);

} // namespace dbbackup::pg
