#pragma once

#include <dbbackup/pg/dump_inventory.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace dbbackup::pg {

/// Which of two lists of objects are the same.
struct NamePairs {
    /// For each of the first list its partner in the second.
    std::vector<std::optional<std::size_t>> partners;
    std::vector<std::size_t> unpaired; ///< of the second list, in its order
};

/// Pairs by kind, schema and name; the rest, if it names no schema, by kind and name if that is
/// unique.
[[nodiscard]] NamePairs pair_names(const std::vector<DumpObject>& first,
                                   const std::vector<DumpObject>& second);

} // namespace dbbackup::pg
