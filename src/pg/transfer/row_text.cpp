#include "pg/transfer/json_text.hpp"

#include <dbbackup/base/dotted_name.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/copied_fields.hpp>
#include <dbbackup/pg/row_text.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace dbbackup::pg {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// The length of digits at `at`.
std::size_t digits_at(std::string_view text, std::size_t at) {
    const auto* begin = text.begin() + static_cast<std::ptrdiff_t>(std::min(at, text.size()));
    return static_cast<std::size_t>(std::find_if_not(begin, text.end(), is_digit) - begin);
}

/// Whether it is a number by JSON's grammar (RFC 8259), which comes back as the same text.
bool is_json_number(std::string_view text) {
    std::size_t at = text.starts_with('-') ? 1 : 0;
    const std::size_t whole = digits_at(text, at);
    if (whole == 0 || (whole > 1 && text[at] == '0') || text == "-0") {
        return false;
    }
    at += whole;
    if (at < text.size() && text[at] == '.') {
        const std::size_t fraction = digits_at(text, ++at);
        if (fraction == 0) {
            return false;
        }
        at += fraction;
    }
    if (at < text.size() && text[at] == 'e') {
        ++at;
        at += at < text.size() && (text[at] == '+' || text[at] == '-') ? 1 : 0;
        const std::size_t exponent = digits_at(text, at);
        if (exponent == 0) {
            return false;
        }
        at += exponent;
    }
    return at == text.size();
}

bool is_integer(std::string_view text) {
    return text.find_first_of(".e") == std::string_view::npos && is_json_number(text);
}

/// A field of COPY's text as a JSON string, without unescaping it first. See has_other_escapes().
void append_field_as_string(std::string& json, std::string_view field) {
    json += '"';
    for (std::size_t at = 0; at < field.size();) {
        if (field[at] != '\\' || at + 1 == field.size()) {
            at += append_json_character(json, field, at);
            continue;
        }
        // The escapes of COPY are those of JSON, but for one.
        json += field[at + 1] == 'v' ? std::string{"\\u000b"} : std::string{field.substr(at, 2)};
        at += 2;
    }
    json += '"';
}

bool has_other_escapes(std::string_view field) {
    for (std::size_t at = field.find('\\'); at != std::string_view::npos;
         at = field.find('\\', at + 2)) {
        if (at + 1 >= field.size() ||
            std::string_view{"\\bfnrtv"}.find(field[at + 1]) == std::string_view::npos) {
            return true;
        }
    }
    return false;
}

void append_json_value(std::string& json, std::string_view field, JsonForm form) {
    if (field == k_null_field) {
        json += "null";
        return;
    }
    const bool is_number = (form == JsonForm::integer && is_integer(field)) ||
                           (form == JsonForm::floating_point && is_json_number(field));
    if (is_number) {
        json += field;
    } else if (form == JsonForm::boolean && (field == "t" || field == "f")) {
        json += field == "t" ? "true" : "false";
    } else if (form == JsonForm::key) {
        json += *read_copied_field(field); // the server made it
    } else if (has_other_escapes(field)) {
        append_json_string(json, *read_copied_field(field));
    } else {
        append_field_as_string(json, field);
    }
}

void append_csv_value(std::string& csv, std::string_view value) {
    const bool is_plain = !value.empty() && value.find_first_of(",\"\r\n\\") == value.npos &&
                          value.front() != ' ' && value.back() != ' ';
    if (is_plain) {
        csv += value;
        return;
    }
    csv += '"';
    for (const char c : value) {
        csv.append(c == '"' ? 2 : 1, c);
    }
    csv += '"';
}

} // namespace

void append_copied_field(std::string& row, std::string_view value) {
    for (const char c : value) {
        switch (c) {
        case '\b':
            row += "\\b";
            break;
        case '\f':
            row += "\\f";
            break;
        case '\n':
            row += "\\n";
            break;
        case '\r':
            row += "\\r";
            break;
        case '\t':
            row += "\\t";
            break;
        case '\v':
            row += "\\v";
            break;
        case '\\':
            row += "\\\\";
            break;
        default:
            row += c;
        }
    }
}

JsonForm json_form(const SourceColumn& column) {
    if (column.reference && column.reference->columns.size() > 1) {
        return JsonForm::key;
    }
    if (column.reference) {
        return JsonForm::text;
    }
    if (column.type == "smallint" || column.type == "integer") {
        return JsonForm::integer;
    }
    if (column.type == "real" || column.type == "double precision") {
        return JsonForm::floating_point;
    }
    return column.type == "boolean" ? JsonForm::boolean : JsonForm::text;
}

RowText::RowText(const SourceTable& table) : table_(table) {
    for (const SourceColumn& column : table.columns) {
        std::string& key = keys_.emplace_back(keys_.empty() ? "" : ",");
        append_json_string(key, column.name);
        key += ':';
        forms_.push_back(json_form(column));
    }
}

std::vector<std::string_view> RowText::fields_of(std::string_view row) const {
    std::vector<std::string_view> fields = split_copied_row(row);
    if (table_.columns.empty() && row.empty()) {
        fields.clear();
    }
    const std::string name =
        base::printable(base::dotted_name(table_.table.schema, table_.table.name));
    if (fields.size() != table_.columns.size()) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("the server sent a row of {} with {} columns instead of {}",
                                      name, fields.size(), table_.columns.size())};
    }
    if (!base::is_valid_utf8(row)) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("a row of {} holds text that is not UTF-8", name),
                          "The database does not check the encoding of its text (SQL_ASCII). "
                          "Correct that row, or leave the table out with -T."};
    }
    return fields;
}

void RowText::append_json(std::string& json, std::string_view row) const {
    const auto fields = fields_of(row);
    json += '{';
    for (std::size_t i = 0; i < fields.size(); ++i) {
        json += keys_[i];
        append_json_value(json, fields[i], forms_[i]);
    }
    json += '}';
}

void RowText::append_csv(std::string& csv, std::string_view row) const {
    const auto fields = fields_of(row);
    for (std::size_t i = 0; i < fields.size(); ++i) {
        csv += i == 0 ? "" : ",";
        if (const auto value = read_copied_field(fields[i])) {
            append_csv_value(csv, *value);
        } else {
            csv += k_null_field;
        }
    }
    csv += '\n';
}

void RowText::append_csv_head(std::string& csv) const {
    for (const SourceColumn& column : table_.columns) {
        csv += &column == table_.columns.data() ? "" : ",";
        append_csv_value(csv, column.name);
    }
    csv += '\n';
}

} // namespace dbbackup::pg
