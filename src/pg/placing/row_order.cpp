#include "pg/placing/row_order.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace dbbackup::pg {

namespace {

/// Tarjan's strongly connected components: they come out with what they depend on first.
class Ordering {
public:
    Ordering(const std::vector<std::uint64_t>& rows, const std::vector<RowLink>& links)
        : rows_(rows), first_link_(rows.size() + 1, 0), entered_(rows.size(), 0),
          lowest_(rows.size(), 0), places_(rows.size(), 0) {
        for (const RowLink& link : links) {
            const auto row = index_of(link.row);
            const auto after = index_of(link.after);
            if (row && after) {
                links_.push_back({*row, *after});
            }
        }
        std::ranges::sort(links_);
        for (const RowLink& link : links_) {
            ++first_link_[link.row + 1];
        }
        for (std::size_t i = 1; i < first_link_.size(); ++i) {
            first_link_[i] += first_link_[i - 1];
        }
    }

    std::vector<RowPlace> run() {
        std::vector<RowPlace> ordered;
        ordered.reserve(rows_.size());
        for (std::size_t row = 0; row < rows_.size(); ++row) {
            if (entered_[row] == 0) {
                place(row);
            }
        }
        for (std::size_t row = 0; row < rows_.size(); ++row) {
            ordered.push_back({places_[row], rows_[row]});
        }
        std::ranges::sort(ordered);
        return ordered;
    }

private:
    struct Step {
        std::size_t row;
        std::size_t next_link;
    };

    [[nodiscard]] std::optional<std::size_t> index_of(std::uint64_t row) const {
        const auto found = std::ranges::lower_bound(rows_, row);
        return found == rows_.end() || *found != row
                   ? std::nullopt
                   : std::optional{static_cast<std::size_t>(found - rows_.begin())};
    }

    void enter(std::size_t row) {
        entered_[row] = lowest_[row] = ++last_entered_;
        open_.push_back(row);
        path_.push_back({row, first_link_[row]});
    }

    /// Places `root` after all that it waits for.
    void place(std::size_t root) {
        enter(root);
        while (!path_.empty()) {
            const std::size_t row = path_.back().row;
            if (path_.back().next_link == first_link_[row + 1]) {
                leave(row);
                continue;
            }
            const std::size_t after = links_[path_.back().next_link++].after;
            if (entered_[after] == 0) {
                enter(after);
            } else if (places_[after] == 0) {
                lowest_[row] = std::min(lowest_[row], entered_[after]);
            }
        }
    }

    void leave(std::size_t row) {
        path_.pop_back();
        if (!path_.empty()) {
            std::uint64_t& lowest = lowest_[path_.back().row];
            lowest = std::min(lowest, lowest_[row]);
        }
        if (lowest_[row] != entered_[row]) {
            return; // it waits for one that waits for it
        }
        ++last_place_;
        while (places_[row] == 0) {
            places_[open_.back()] = last_place_;
            open_.pop_back();
        }
    }

    const std::vector<std::uint64_t>& rows_;
    std::vector<RowLink> links_; ///< by the places of rows in rows_
    std::vector<std::size_t> first_link_;
    std::vector<std::uint64_t> entered_;
    std::vector<std::uint64_t> lowest_; ///< the earliest entered row that it waits for
    std::vector<std::uint64_t> places_;
    std::vector<std::size_t> open_; ///< entered, and not placed
    std::vector<Step> path_;
    std::uint64_t last_entered_ = 0;
    std::uint64_t last_place_ = 0;
};

} // namespace

std::vector<RowPlace> order_rows(const std::vector<std::uint64_t>& rows,
                                 const std::vector<RowLink>& links) {
    return Ordering{rows, links}.run();
}

} // namespace dbbackup::pg
