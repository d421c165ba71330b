#pragma once

#include <dbbackup/pg/row_source.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::ops {

/// Makes a row in COPY's text format from values that come by column, in any order. All functions
/// throw base::Error{damaged} for what cannot be in a row of this table.
class RowBuilder {
public:
    /// `table` must outlive it.
    explicit RowBuilder(const pg::SourceTable& table);

    void begin();
    /// The next value is of this column.
    void set_column(std::string_view name);
    void add_null();
    void add_boolean(bool value);
    void add_number(std::string_view text);
    void add_text(std::string_view text);
    /// A key of several columns.
    void begin_key();
    void end_key();
    /// The row, until the next begin(). Every column must have had a value.
    [[nodiscard]] std::string_view finish();

private:
    [[noreturn]] void throw_wrong(const std::string& what) const;
    [[nodiscard]] const pg::SourceColumn& column() const { return table_.columns[column_]; }
    [[nodiscard]] bool takes_key() const;
    void require_value() const;
    std::string& field();

    const pg::SourceTable& table_;
    std::map<std::string, std::size_t, std::less<>> places_;
    std::vector<std::string> fields_;
    std::vector<bool> has_;
    std::size_t column_ = 0;
    std::size_t size_ = 0;
    std::optional<std::vector<std::string>> key_; ///< within one
    std::string row_;
    std::uint64_t number_ = 0; ///< of the row, from 1
};

} // namespace dbbackup::ops
