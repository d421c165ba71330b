#include "cli/text_table.hpp"

#include <dbbackup/base/text.hpp>

#include <algorithm>

namespace dbbackup::cli {

namespace {

std::size_t width_of(const std::string& text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

} // namespace

void TextTable::add(const std::vector<std::string>& cells) {
    std::vector<std::string> row;
    for (const std::string& cell : cells) {
        row.push_back(base::printable(cell));
    }
    rows_.push_back(std::move(row));
}

std::string TextTable::to_string() const {
    std::vector<std::string> titles;
    std::vector<std::size_t> widths;
    for (const Column& column : columns_) {
        titles.push_back(column.title);
        widths.push_back(width_of(column.title));
    }
    for (const auto& row : rows_) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], width_of(row[i]));
        }
    }
    std::string text;
    const auto append = [&](const std::vector<std::string>& row) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string padding(widths[i] - width_of(row[i]), ' ');
            line += i == 0 ? "" : "  ";
            line += columns_[i].align == Align::right ? padding + row[i] : row[i] + padding;
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    };
    append(titles);
    std::ranges::for_each(rows_, append);
    return text;
}

} // namespace dbbackup::cli
