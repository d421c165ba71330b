#include "pg/sql/sql_text.hpp"

#include "pg/sql/sql_chars.hpp"

#include <algorithm>

namespace dbbackup::pg {

namespace {

/// `text` between two `mark`s, and each of them in it doubled.
std::string quoted(std::string_view text, char mark) {
    std::string quoted(1, mark);
    for (const char c : text) {
        quoted.append(c == mark ? 2 : 1, c);
    }
    return quoted + mark;
}

} // namespace

std::string quote_identifier(std::string_view name) {
    return quoted(name, '"');
}

std::string quote_literal(std::string_view text) {
    return quoted(text, '\'');
}

std::string array_parameter(const std::vector<std::string>& values) {
    std::string text = "{";
    for (const std::string& value : values) {
        text += text.size() > 1 ? ",\"" : "\"";
        for (const char c : value) {
            if (c == '"' || c == '\\') {
                text += '\\';
            }
            text += c;
        }
        text += '"';
    }
    return text + '}';
}

std::string normalized_types(std::string_view sql) {
    constexpr std::string_view k_system = "pg_catalog.";
    std::string text;
    while (!sql.empty()) {
        const std::size_t close = sql.front() == '"' ? sql.find('"', 1) : std::string_view::npos;
        const std::string_view name =
            close == std::string_view::npos ? std::string_view{} : sql.substr(1, close - 1);
        const bool is_plain = !name.empty() && starts_identifier(name.front()) &&
                              std::ranges::all_of(name, [](char c) {
                                  return continues_identifier(c) && to_lower(c) == c;
                              });
        if (is_plain) {
            text += name;
            sql.remove_prefix(close + 1);
        } else {
            text += sql.front();
            sql.remove_prefix(1);
        }
        if (text.ends_with(k_system)) {
            text.erase(text.size() - k_system.size());
        }
    }
    return text;
}

} // namespace dbbackup::pg
