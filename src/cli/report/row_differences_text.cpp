#include "cli/report/row_differences_text.hpp"

#include "cli/terminal/counted.hpp"

#include <dbbackup/base/dotted_name.hpp>
#include <dbbackup/base/text.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <vector>

namespace dbbackup::cli {

namespace {

/// Longer values are cut: a row must not fill the screen. JSON has them whole.
constexpr std::size_t k_longest_value = 200;

std::string shown(const std::optional<std::string>& value) {
    if (!value) {
        return "NULL";
    }
    // Cut between characters.
    std::size_t end = std::min(value->size(), k_longest_value);
    while (end > 0 && end < value->size() &&
           (static_cast<unsigned char>((*value)[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    const std::string text = base::printable(value->substr(0, end));
    return end < value->size()
               ? fmt::format("'{}…' ({} bytes)", text, base::with_thousands(value->size()))
               : fmt::format("'{}'", text);
}

std::string key_of(const ops::RowDifferences& rows, const ops::RowDifference& row) {
    std::vector<std::string> fields;
    for (std::size_t i = 0; i < row.key.size() && i < rows.key.size(); ++i) {
        fields.push_back(fmt::format("{}={}", base::printable(rows.key[i]), shown(row.key[i])));
    }
    return fmt::format("{}", fmt::join(fields, " "));
}

std::string fields_of(const ops::RowDifference& row) {
    std::vector<std::string> fields;
    for (const ops::RowDifference::Field& field : row.changed) {
        fields.push_back(fmt::format("{}: {} -> {}", base::printable(field.column),
                                     shown(field.then), shown(field.now)));
    }
    return fmt::format("{}", fmt::join(fields, ", "));
}

std::string more(std::uint64_t all, std::size_t listed, const std::string& what) {
    return all > listed
               ? fmt::format("  … and {} more {}\n", base::with_thousands(all - listed), what)
               : "";
}

} // namespace

std::string to_text(const ops::RowDifferences& rows, const Screen& screen) {
    std::string text =
        fmt::format("rows of {}: {} added, {} gone, {} changed{}\n",
                    base::printable(base::dotted_name(rows.table.schema, rows.table.name)),
                    base::with_thousands(rows.added), base::with_thousands(rows.gone),
                    base::with_thousands(rows.changed),
                    rows.has_key ? "" : " (it has no primary key, so whole rows are compared)");
    for (const ops::RowDifference& row : rows.added_rows) {
        text += screen.caution("+ " + key_of(rows, row)) + "\n";
    }
    text += more(rows.added, rows.added_rows.size(), "added");
    for (const ops::RowDifference& row : rows.gone_rows) {
        text += screen.bad("- " + key_of(rows, row)) + "\n";
    }
    text += more(rows.gone, rows.gone_rows.size(), "gone");
    for (const ops::RowDifference& row : rows.changed_rows) {
        text += screen.caution("~ " + key_of(rows, row)) + "  " + fields_of(row) + "\n";
    }
    text += more(rows.changed, rows.changed_rows.size(), "changed");
    return text;
}

} // namespace dbbackup::cli
