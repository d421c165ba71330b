#pragma once

#include <string>
#include <vector>

namespace dbbackup::cli {

enum class Align { left, right };

/// Rows of cells in columns that are as wide as their widest cell, two spaces apart. Cells are made
/// printable. Wide characters count as one column.
class TextTable {
public:
    struct Column {
        std::string title;
        Align align = Align::left;
    };

    explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

    /// As many cells as there are columns.
    void add(const std::vector<std::string>& cells);
    [[nodiscard]] std::string to_string() const;

private:
    std::vector<Column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

} // namespace dbbackup::cli
