#pragma once

#include <compare>
#include <string>
#include <vector>

namespace dbbackup::pg {

/// A table, a view, a sequence: whatever pg_dump --table accepts as a table.
struct RelationName {
    std::string schema;
    std::string name;

    // clang-tidy 14 takes the comparison with 0 inside for a pointer.
    auto operator<=>(const RelationName&) const = default; // NOLINT(modernize-use-nullptr)
};

/// What is restored from a dump: all of it, or what is named here, spelled as in the dump.
struct ChosenPart {
    bool whole = true; ///< all; the rest is empty then
    std::vector<RelationName> relations;
    std::vector<std::string> schemas;    ///< with everything in them
    std::vector<std::string> extensions; ///< that the dump puts into one of `schemas`
};

} // namespace dbbackup::pg
