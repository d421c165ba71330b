#pragma once

#include <string>

namespace dbbackup::pg {

/// A common table expression `part (classid, objid, whole_class, whole)`: what belongs to another
/// object, and to which. Of constraints, defaults, rules, triggers, policies and indexes that is
/// their relation, of a domain's constraints the domain; of row types, arrays, multiranges and
/// constructors of ranges what they come with; of a published table the publication.
[[nodiscard]] std::string part_sql(int server_version_number);

} // namespace dbbackup::pg
