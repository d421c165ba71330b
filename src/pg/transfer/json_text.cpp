#include "pg/transfer/json_text.hpp"

#include <dbbackup/pg/row_text.hpp>

#include <fmt/format.h>
#include <iterator>

namespace dbbackup::pg {

namespace {

/// The code point of a character of two or three bytes at `at` that begins with one of the few
/// bytes that matter here; 0 for any other.
unsigned special_character(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) {
        return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
    };
    switch (byte(0)) {
    case 0xC2: // C1 control characters
        return byte(1) < 0xA0 ? byte(1) : 0;
    case 0xD8: // Arabic letter mark
        return byte(1) == 0x9C ? 0x61CU : 0;
    case 0xE2: { // marks, line and paragraph separator, bidirectional overrides
        const unsigned point = 0x2000U + ((byte(1) & 0x3FU) << 6U) + (byte(2) & 0x3FU);
        const bool is_special = (point >= 0x200E && point <= 0x200F) ||
                                (point >= 0x2028 && point <= 0x202E) ||
                                (point >= 0x2066 && point <= 0x2069);
        return is_special ? point : 0;
    }
    default:
        return 0;
    }
}

} // namespace

std::size_t append_json_character(std::string& json, std::string_view text, std::size_t at) {
    const auto c = static_cast<unsigned char>(text[at]);
    switch (c) {
    case '"':
        json += "\\\"";
        return 1;
    case '\\':
        json += "\\\\";
        return 1;
    case '\n':
        json += "\\n";
        return 1;
    case '\r':
        json += "\\r";
        return 1;
    case '\t':
        json += "\\t";
        return 1;
    default:
        break;
    }
    if (c < 0x20 || c == 0x7F) {
        fmt::format_to(std::back_inserter(json), "\\u{:04x}", c);
        return 1;
    }
    if (const unsigned point = c < 0xC2 ? 0 : special_character(text, at)) {
        fmt::format_to(std::back_inserter(json), "\\u{:04x}", point);
        return c < 0xE0 ? 2 : 3;
    }
    json += text[at];
    return 1;
}

void append_json_string(std::string& json, std::string_view text) {
    json += '"';
    for (std::size_t at = 0; at < text.size();) {
        at += append_json_character(json, text, at);
    }
    json += '"';
}

} // namespace dbbackup::pg
