#pragma once

#include "pg/placing/placing_work.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace dbbackup::pg {

/// An order in which the rows of dbbackup_rows_N can be written one by one: parents of the same
/// table before their children, and rows that leave unique values before those that take them.
/// Rows that need each other have the same place. It is made only once the server has refused rows,
/// as it takes memory for each.
class WritingOrder {
public:
    WritingOrder(PlacingWork& work, std::size_t number) : work_(work), number_(number) {}

    /// Makes pg_temp.dbbackup_order_N, unless it is there.
    void find();
    /// So that another one can be made.
    void drop();

    [[nodiscard]] std::uint64_t last() const noexcept { return last_; }
    /// The condition that `s`, of dbbackup_rows_N, has one of these places.
    [[nodiscard]] std::string between(std::uint64_t first, std::uint64_t last) const;
    [[nodiscard]] std::string among(const std::vector<std::uint64_t>& places) const;
    [[nodiscard]] std::map<std::uint64_t, std::vector<std::uint64_t>>
    rows_at(const std::vector<std::uint64_t>& places) const;

private:
    [[nodiscard]] std::vector<std::string> find_links() const;
    void order_by_links(const std::vector<std::string>& links);

    PlacingWork& work_;
    std::size_t number_;
    bool is_found_ = false;
    std::uint64_t last_ = 0;
};

} // namespace dbbackup::pg
