#include <dbbackup/pg/copied_fields.hpp>

#include <algorithm>

namespace dbbackup::pg {

namespace {

constexpr std::string_view k_null = "\\N";

bool is_octal(char c) {
    return c >= '0' && c <= '7';
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

char unescaped(char c) {
    switch (c) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'v':
        return '\v';
    default:
        return c;
    }
}

/// Reads up to `most` digits at `at`.
template <typename Digit>
char read_number(std::string_view text, std::size_t& at, std::size_t most, int base, Digit digit) {
    int number = 0;
    for (std::size_t i = 0; i < most && at < text.size() && digit(text[at]) >= 0; ++i, ++at) {
        number = number * base + digit(text[at]);
    }
    return static_cast<char>(number);
}

} // namespace

std::vector<std::string_view> split_copied_row(std::string_view row) {
    std::vector<std::string_view> fields;
    while (true) {
        const std::size_t tab = row.find('\t'); // one in a value is written as \t
        fields.push_back(row.substr(0, tab));
        if (tab == std::string_view::npos) {
            return fields;
        }
        row.remove_prefix(tab + 1);
    }
}

std::optional<std::string> read_copied_field(std::string_view field) {
    if (field == k_null) {
        return std::nullopt;
    }
    std::string value;
    value.reserve(field.size());
    for (std::size_t at = 0; at < field.size();) {
        if (field[at] != '\\' || at + 1 == field.size()) {
            value += field[at++];
            continue;
        }
        const char escape = field[++at];
        if (is_octal(escape)) {
            value +=
                read_number(field, at, 3, 8, [](char c) { return is_octal(c) ? c - '0' : -1; });
        } else if (escape == 'x' && at + 1 < field.size() && hex_digit(field[at + 1]) >= 0) {
            value += read_number(field, ++at, 2, 16, hex_digit);
        } else {
            value += unescaped(escape);
            ++at;
        }
    }
    return value;
}

} // namespace dbbackup::pg
