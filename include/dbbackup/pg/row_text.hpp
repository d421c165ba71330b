#pragma once

#include <dbbackup/pg/row_source.hpp>

#include <string>
#include <string_view>

// Rows of an export as text. All of it is UTF-8.

namespace dbbackup::pg {

/// NULL in COPY's text format, and in our CSV.
inline constexpr std::string_view k_null_field = "\\N";

/// Adds `value` to a row in COPY's text format, byte for byte as the server writes it.
void append_copied_field(std::string& row, std::string_view value);

/// Adds a JSON string, in ASCII wherever a terminal or a JavaScript parser could take it for more
/// than text.
void append_json_string(std::string& json, std::string_view text);

/// The form of a value in JSON. A number or a boolean is one only if nothing of its text is lost in
/// a reader that knows no other numbers than doubles; all else is a string.
enum class JsonForm {
    text,
    integer,        ///< smallint and integer
    floating_point, ///< but NaN, infinities and -0 are strings
    boolean,
    key, ///< a reference of several columns: an array of strings
};

[[nodiscard]] JsonForm json_form(const SourceColumn& column);

/// Writes the rows of one table.
class RowText {
public:
    /// `table` must outlive it.
    explicit RowText(const SourceTable& table);

    /// Adds a row in COPY's text format (without its line end) as a JSON object with the columns'
    /// names. Throws base::Error{failed} if it is not such a row, or not UTF-8.
    void append_json(std::string& json, std::string_view row) const;

    /// The same as a line of CSV (RFC 4180) with its line end, as COPY … (FORMAT csv, NULL '\N')
    /// reads it: a value that could be taken for NULL or for nothing is quoted.
    void append_csv(std::string& csv, std::string_view row) const;

    /// The first line of CSV: the columns' names.
    void append_csv_head(std::string& csv) const;

private:
    [[nodiscard]] std::vector<std::string_view> fields_of(std::string_view row) const;

    const SourceTable& table_;
    std::vector<std::string> keys_; ///< `"name":`, each with its separator
    std::vector<JsonForm> forms_;
};

} // namespace dbbackup::pg
