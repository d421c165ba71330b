#pragma once

#include <dbbackup/pg/chosen_part.hpp>
#include <dbbackup/pg/session.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>

namespace dbbackup::ops {

/// The names of the target's objects, as far as a restore of a part needs them.
struct TargetNames {
    std::set<pg::RelationName> relations; ///< tables, views, sequences
    std::set<std::string> schemas;
    /// The table that owns each sequence; nothing for a sequence without an owner.
    std::map<pg::RelationName, std::optional<pg::RelationName>> sequence_owners;
    std::map<std::string, std::string> extension_schemas;
};

[[nodiscard]] TargetNames read_target_names(pg::Session& session);

} // namespace dbbackup::ops
