#include "cli/terminal/text_table.hpp"

#include "cli/terminal/text_width.hpp"

#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <numeric>

namespace dbbackup::cli {

namespace {

constexpr std::size_t k_gap = 2;

} // namespace

/// The width of each column; omitted columns have none.
struct TextTable::Layout {
    std::vector<std::optional<std::size_t>> widths;

    [[nodiscard]] std::size_t total() const {
        std::size_t sum = 0;
        std::size_t shown = 0;
        for (const auto& width : widths) {
            sum += width.value_or(0);
            shown += width ? 1U : 0U;
        }
        return sum + k_gap * (shown == 0 ? 0 : shown - 1);
    }

    [[nodiscard]] std::size_t excess(std::size_t most) const {
        const std::size_t sum = total();
        return sum > most ? sum - most : 0;
    }

    /// Shortens the widest column that can be shortened, until all fit or none can be shortened
    /// further.
    void shorten(const std::vector<Column>& columns, std::size_t most) {
        while (excess(most) > 0) {
            std::optional<std::size_t> widest;
            for (std::size_t i = 1; i < columns.size(); ++i) {
                const std::size_t least = std::max(columns[i].title.size(), columns[i].least);
                if (columns[i].fit == Fit::shorten && widths[i] && *widths[i] > least &&
                    (!widest || *widths[i] > *widths[*widest])) {
                    widest = i;
                }
            }
            if (!widest) {
                return;
            }
            --*widths[*widest];
        }
    }
};

void TextTable::add(std::vector<Cell> cells) {
    for (Cell& cell : cells) {
        cell.text = base::printable(cell.text);
    }
    rows_.push_back(std::move(cells));
}

TextTable::Layout TextTable::plan_layout(const Screen& screen) const {
    Layout natural;
    std::vector<std::size_t> names;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        std::size_t width = width_of(columns_[i].title);
        for (const auto& row : rows_) {
            const std::size_t cell = width_of(row[i].text);
            width = std::max(width, cell);
            if (i == 0) {
                names.push_back(cell);
            }
        }
        natural.widths.emplace_back(width);
    }
    if (!screen.width || natural.excess(*screen.width) == 0) {
        return natural;
    }
    // If a few names are much longer, three of four stay in their row.
    std::ranges::sort(names);
    const std::size_t least_first = width_of(columns_.front().title);
    const std::size_t usual_first =
        names.empty() ? least_first : std::max(least_first, names[(names.size() - 1) * 3 / 4]);
    const int most_left_out = std::ranges::max_element(columns_, {}, &Column::leave_out)->leave_out;
    std::vector<std::pair<int, std::size_t>> attempts;
    for (int left_out = 0; left_out <= most_left_out; ++left_out) {
        attempts.emplace_back(left_out, *natural.widths.front());
        attempts.emplace_back(left_out, usual_first);
    }
    for (int left_out = 0; left_out <= most_left_out; ++left_out) {
        attempts.emplace_back(left_out, least_first);
    }
    Layout layout;
    for (const auto& [left_out, first] : attempts) {
        layout = natural;
        layout.widths.front() = first;
        for (std::size_t i = 1; i < columns_.size(); ++i) {
            const int order = columns_[i].leave_out;
            layout.widths[i] = order > 0 && order <= left_out ? std::nullopt : layout.widths[i];
        }
        layout.shorten(columns_, *screen.width);
        if (layout.excess(*screen.width) == 0) {
            break;
        }
    }
    return layout;
}

std::string TextTable::line_of(const std::vector<Cell>& row, const Layout& layout,
                               const Screen& screen) const {
    std::string text;
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (!layout.widths[i]) {
            continue;
        }
        const std::size_t width = *layout.widths[i];
        std::string shown = i == 0 ? row[i].text : cut_to_width(row[i].text, width);
        if (i == 0 && width_of(shown) > width) {
            text = screen.paint(shown, row[i].tone) + "\n";
            shown.clear();
        }
        const std::string padding(width - width_of(shown), ' ');
        const std::string painted = screen.paint(shown, row[i].tone);
        line += i == 0 ? "" : std::string(k_gap, ' ');
        line += columns_[i].align == Align::right ? padding + painted : painted + padding;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return text + line + "\n";
}

std::string TextTable::to_string(const Screen& screen) const {
    const Layout layout = plan_layout(screen);
    std::vector<Cell> titles;
    for (const Column& column : columns_) {
        titles.emplace_back(column.title);
    }
    std::string text = line_of(titles, layout, screen);
    for (const auto& row : rows_) {
        text += line_of(row, layout, screen);
    }
    return text;
}

} // namespace dbbackup::cli
