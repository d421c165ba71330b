#pragma once

#include "pg/target/target_objects.hpp"

namespace dbbackup::pg {

/// Gives `Fate::emptied` to partitioned tables with foreign keys that lose all rows anyway:
/// TRUNCATE takes a table that such a one references only together with it, even if all its
/// partitions are emptied too.
void empty_parents(TargetObjects& target);

} // namespace dbbackup::pg
