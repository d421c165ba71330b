#pragma once

#include "cli/terminal/screen.hpp"

#include <string>
#include <utility>
#include <vector>

namespace dbbackup::cli {

enum class Align { left, right };

/// What a column does if a terminal is too narrow for all columns.
enum class Fit {
    whole,  ///< nothing is cut
    shorten ///< wide cells end with `…`
};

/// Rows of cells in columns, two spaces apart. Cells are made printable.
///
/// In a file or a pipe, columns are as wide as their widest cell. If a terminal is too narrow for
/// that, columns are shortened where possible, then left out. People copy the first column, so it
/// is never cut: a name that is too long gets a line of its own.
class TextTable {
public:
    struct Column {
        std::string title;
        Align align = Align::left;
        Fit fit = Fit::whole;
        int leave_out = 0;     ///< 1 is left out first, then 2; 0 never
        std::size_t least = 8; ///< minimum width; below that it would be useless
    };

    struct Cell {
        // Most cells are plain text.
        Cell(std::string its_text) : text(std::move(its_text)) {}
        Cell(const char* its_text) : text(its_text) {}
        Cell(std::string its_text, Tone its_tone) : text(std::move(its_text)), tone(its_tone) {}

        std::string text;
        Tone tone = Tone::plain;
    };

    explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

    /// As many cells as there are columns.
    void add(std::vector<Cell> cells);
    [[nodiscard]] std::string to_string(const Screen& screen = {}) const;

private:
    struct Layout;

    [[nodiscard]] Layout plan_layout(const Screen& screen) const;
    [[nodiscard]] std::string line_of(const std::vector<Cell>& row, const Layout& layout,
                                      const Screen& screen) const;

    std::vector<Column> columns_;
    std::vector<std::vector<Cell>> rows_;
};

} // namespace dbbackup::cli
