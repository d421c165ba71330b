#pragma once

#include "pg/placing/placing_work.hpp"
#include "pg/placing/writing_order.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::pg {

enum class Writing { insert, update, set_references };

/// Whether a column gets NULL at first, because its parents come later.
[[nodiscard]] bool is_set_later(const TablePlacing& table, std::size_t place);

/// Writes rows of dbbackup_rows_N, in one way. What the server refuses is found by halving, in an
/// order in which no row waits for a later one.
class RowWriter {
public:
    RowWriter(PlacingWork& work, std::size_t number, Writing writing, WritingOrder& order)
        : work_(work), number_(number), table_(work.table(number)), writing_(writing),
          order_(order) {}

    /// Writes all rows but those that the server refuses.
    void run();

    /// Tries those again that may have been refused for lack of another one. Returns whether
    /// there is now one less.
    bool retry();

    [[nodiscard]] std::uint64_t written() const { return written_; }

    /// Those that no other row can help; if there are none, all.
    [[nodiscard]] RefusedRows refused();

    /// There are rows that no other row can help.
    [[nodiscard]] bool is_certain() const;

private:
    struct Refusal {
        std::string reason;
        bool may_pass = false; ///< once other rows are written
    };

    [[nodiscard]] std::string chosen() const;
    [[nodiscard]] std::string statement(const std::string& which) const;
    [[nodiscard]] std::optional<Refusal> write(const std::string& which);
    void halve(std::uint64_t first, std::uint64_t last);
    RefusedRows find_culprits(const std::vector<std::uint64_t>& rows, const std::string& reason);

    PlacingWork& work_;
    std::size_t number_;
    const TablePlacing& table_;
    Writing writing_;
    WritingOrder& order_;
    std::map<std::uint64_t, Refusal> refused_; ///< by their places
    std::uint64_t written_ = 0;
};

} // namespace dbbackup::pg
