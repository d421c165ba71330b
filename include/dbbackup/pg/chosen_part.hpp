#pragma once

#include <compare>
#include <string>
#include <vector>

namespace dbbackup::pg {

/// A table, a view, a sequence: whatever pg_dump --table takes for a table.
struct RelationName {
    std::string schema;
    std::string name;

    auto operator<=>(const RelationName&) const = default;
};

/// What of a dump is restored: all of it, or what is named here, each as the dump has it.
struct ChosenPart {
    bool whole = true; ///< all; the rest is empty then
    std::vector<RelationName> relations;
    std::vector<std::string> schemas;    ///< with all that is in them
    std::vector<std::string> extensions; ///< that the dump puts into one of `schemas`
};

} // namespace dbbackup::pg
