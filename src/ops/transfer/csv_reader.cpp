#include "ops/transfer/csv_reader.hpp"

#include <dbbackup/base/dotted_name.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/row_text.hpp>

#include <fmt/format.h>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::ops {

namespace {

/// One line of CSV after the other, whose values may have line ends.
class CsvLines {
public:
    explicit CsvLines(TextReader& text) : text_(text) {}

    /// The next line's values, NULL as nothing; false at the end.
    bool next(std::vector<std::optional<std::string>>& values) {
        if (text_.at_end()) {
            return false;
        }
        values.clear();
        ++line_;
        do {
            values.push_back(read_value());
        } while (take(','));
        take('\r');
        if (!take('\n')) {
            throw_wrong(text_.at_end() ? "is cut off: its last line does not end"
                                       : "has something after a closing quote");
        }
        text_.mark();
        return true;
    }

    [[noreturn]] void throw_wrong(const std::string& what) const {
        throw base::Error{base::ErrorKind::damaged, fmt::format("line {} {}", line_, what)};
    }

private:
    bool take(char c) {
        if (text_.at_end() || text_.current() != c) {
            return false;
        }
        text_.advance();
        return true;
    }

    std::optional<std::string> read_value() {
        std::string value;
        if (take('"')) {
            read_quoted(value);
            return value;
        }
        while (!text_.at_end() && text_.current() != ',' && text_.current() != '\n' &&
               text_.current() != '\r') {
            value += text_.current();
            text_.advance();
        }
        return value == pg::k_null_field ? std::nullopt : std::optional{std::move(value)};
    }

    void read_quoted(std::string& value) {
        while (true) {
            if (text_.at_end()) {
                throw_wrong("is cut off: a quoted value does not end");
            }
            const char c = text_.current();
            text_.advance();
            if (c == '"' && !take('"')) {
                return;
            }
            value += c;
            if (value.size() > k_longest_value) {
                throw_wrong("has a value that is too long");
            }
        }
    }

    TextReader& text_;
    std::uint64_t line_ = 0;
};

std::vector<std::optional<std::string>> names_of(const pg::SourceTable& table) {
    std::vector<std::optional<std::string>> names;
    for (const pg::SourceColumn& column : table.columns) {
        names.emplace_back(column.name);
    }
    if (names.empty()) { // an empty line is one empty value
        names.emplace_back("");
    }
    return names;
}

void make_row(const std::vector<std::optional<std::string>>& values, std::string& row,
              const CsvLines& lines) {
    row.clear();
    for (const auto& value : values) {
        if (&value != values.data()) {
            row += '\t';
        }
        if (!value) {
            row += pg::k_null_field;
            continue;
        }
        if (value->find('\0') != std::string::npos || !base::is_valid_utf8(*value)) {
            lines.throw_wrong("holds text that is not UTF-8, or a NUL character");
        }
        pg::append_copied_field(row, *value);
    }
}

} // namespace

std::uint64_t read_csv(TextReader& text, const pg::SourceTable& table,
                       const CsvRowListener& listener) {
    try {
        CsvLines lines{text};
        std::vector<std::optional<std::string>> values;
        const auto names = names_of(table);
        if (!lines.next(values) || values != names) {
            throw base::Error{base::ErrorKind::damaged,
                              "the first line does not have the names of the table's columns"};
        }
        std::uint64_t rows = 0;
        for (std::string row; lines.next(values); ++rows) {
            if (values.size() != names.size()) {
                lines.throw_wrong(
                    fmt::format("has {} values instead of {}", values.size(), names.size()));
            }
            make_row(values, row, lines);
            if (listener) {
                listener(row);
            }
        }
        return rows;
    } catch (const base::Error& error) {
        throw base::Error{
            error.kind(),
            fmt::format("in the file of {}, {}",
                        base::printable(base::dotted_name(table.table.schema, table.table.name)),
                        error.what()),
            error.hint()};
    }
}

} // namespace dbbackup::ops
