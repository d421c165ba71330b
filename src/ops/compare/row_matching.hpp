#pragma once

#include <dbbackup/sys/fd.hpp>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace dbbackup::ops {

/// XXH3-128 of a text.
struct RowHash {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    auto operator<=>(const RowHash&) const = default;
};

[[nodiscard]] RowHash hash_row(std::string_view text);

enum class Side : std::uint64_t { then, now };
enum class RowChange { added, gone, changed };

struct ChosenRow {
    RowChange change = RowChange::added;
    std::uint64_t number = 0; ///< its place among the rows of its side: now if added, else then
    RowHash key;
};

/// The rows of two states of one table that have no equal in the other state.
struct UnmatchedRows {
    std::uint64_t added = 0; ///< how many there are
    std::uint64_t gone = 0;
    std::uint64_t changed = 0;
    std::vector<ChosenRow> chosen; ///< the first `limit` of each kind, in their order
};

/// Matches the rows of two states by their keys. Keeps only hashes: in memory up to a fixed amount,
/// the rest in a temporary file without a name, 48 bytes a row (a hash join in partitions).
class RowMatching {
public:
    RowMatching();

    /// Throws base::Error if the temporary file cannot be written.
    void add(Side side, const RowHash& key, const RowHash& row);

    /// Throws base::Error.
    [[nodiscard]] UnmatchedRows finish(std::uint64_t limit);

private:
    struct Record {
        RowHash key;
        RowHash row;
        Side side = Side::then;
        std::uint64_t number = 0; ///< its place among the rows of its side

        auto operator<=>(const Record&) const = default;
    };

    static constexpr std::size_t k_partitions = 64;
    static constexpr std::size_t k_buffered = 4096; ///< records of each partition: 12 MiB in all

    struct Partition {
        std::vector<Record> buffer;
        sys::Fd file; ///< without a name; opened when the buffer is full for the first time
        std::uint64_t spilled = 0;
    };

    void spill(Partition& partition);
    [[nodiscard]] std::vector<Record> take(Partition& partition) const;

    std::array<Partition, k_partitions> partitions_;
    std::array<std::uint64_t, 2> rows_{}; ///< of each side
};

} // namespace dbbackup::ops
