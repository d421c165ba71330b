#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <fmt/format.h>
#include <iterator>

namespace dbbackup::base {

namespace {

struct DecodedCharacter {
    std::uint32_t code_point = 0;
    std::size_t length = 0; ///< 0: no valid sequence starts here
};

/// The first character of `text`, by the table of well-formed sequences of the Unicode Standard
/// (3.9, table 3-7): no overlong forms, no surrogates, nothing past U+10FFFF.
DecodedCharacter decode_first(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) {
        return {lead, 1};
    }
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < length) {
        return {};
    }
    std::uint32_t code_point = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) {
            return {};
        }
        code_point = (code_point << 6) | (byte(i) & 0x3FU);
    }
    const bool overlong =
        (length == 3 && code_point < 0x800) || (length == 4 && code_point < 0x10000);
    const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
    if (overlong || surrogate || code_point > 0x10FFFF) {
        return {};
    }
    return {code_point, length};
}

/// All of these have at most 16 bits. Invisible characters that change the text around them or make
/// two names look alike: Unicode's categories Cc, Cf, Zl and Zp.
bool is_control(std::uint32_t c) {
    struct Range {
        std::uint32_t first;
        std::uint32_t last;
    };
    static constexpr Range k_ranges[] = {
        {0x0, 0x1F},        {0x7F, 0x9F},       {0xAD, 0xAD},       {0x600, 0x605},
        {0x61C, 0x61C},     {0x6DD, 0x6DD},     {0x70F, 0x70F},     {0x890, 0x891},
        {0x8E2, 0x8E2},     {0x180E, 0x180E},   {0x200B, 0x200F},   {0x2028, 0x202E},
        {0x2060, 0x206F},   {0xFEFF, 0xFEFF},   {0xFFF9, 0xFFFB},   {0x110BD, 0x110BD},
        {0x110CD, 0x110CD}, {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A},
        {0xE0001, 0xE0001}, {0xE0020, 0xE007F},
    };
    for (const Range& range : k_ranges) {
        if (c >= range.first && c <= range.last) {
            return true;
        }
    }
    return false;
}

/// True if `text` starts like one of our escapes.
bool looks_escaped(std::string_view text) {
    const auto is_hex = [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; };
    return text.size() >= 4 && text.starts_with("\\x") && is_hex(text[2]) && is_hex(text[3]);
}

/// What to escape besides bytes that are not UTF-8.
enum class Escape {
    controls,              ///< for people
    backslashes,           ///< those that look like one of our escapes
    controls_unambiguously ///< both
};

void append_byte(std::string& out, char byte) {
    fmt::format_to(std::back_inserter(out), "\\x{:02X}", static_cast<unsigned char>(byte));
}

void append_readable(std::string& out, std::string_view bytes) {
    for (const char c : bytes) {
        switch (c) {
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            append_byte(out, c);
        }
    }
}

std::string escape(std::string_view text, Escape what) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const DecodedCharacter character = decode_first(text);
        const std::string_view bytes = text.substr(0, character.length == 0 ? 1 : character.length);
        if (character.length == 0 || (what != Escape::controls && looks_escaped(text)) ||
            (what == Escape::controls_unambiguously && is_control(character.code_point))) {
            std::ranges::for_each(bytes, [&](char byte) { append_byte(out, byte); });
        } else if (what == Escape::controls && is_control(character.code_point)) {
            append_readable(out, bytes);
        } else {
            out += bytes;
        }
        text.remove_prefix(bytes.size());
    }
    return out;
}

/// As in RFC 8259: above U+FFFF, a pair of surrogates.
void append_json_escape(std::string& out, std::uint32_t code_point) {
    if (code_point > 0xFFFF) {
        append_json_escape(out, 0xD800 + ((code_point - 0x10000) >> 10));
        code_point = 0xDC00 + ((code_point - 0x10000) & 0x3FF);
    }
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", code_point);
}

} // namespace

std::string printable(std::string_view text) {
    return escape(text, Escape::controls);
}

std::string printable_unambiguously(std::string_view text) {
    return escape(text, Escape::controls_unambiguously);
}

std::string printable_json(std::string_view json) {
    std::string out;
    out.reserve(json.size());
    while (!json.empty()) {
        const DecodedCharacter character = decode_first(json);
        const std::string_view bytes = json.substr(0, character.length == 0 ? 1 : character.length);
        if (character.code_point >= 0x20 && is_control(character.code_point)) {
            append_json_escape(out, character.code_point);
        } else {
            out += bytes;
        }
        json.remove_prefix(bytes.size());
    }
    return out;
}

std::string printable_line(std::string_view text) {
    std::string line;
    std::string_view gap;
    for (const char c : text) {
        if (c == '\n') {
            gap = "; ";
        } else if (c == ' ' || c == '\t' || c == '\r') {
            gap = gap.empty() ? " " : gap;
        } else {
            line += line.empty() ? "" : gap;
            line += c;
            gap = {};
        }
    }
    return printable(line);
}

std::string to_valid_utf8(std::string_view text) {
    return escape(text, Escape::backslashes);
}

bool is_valid_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        const std::size_t length = decode_first(text).length;
        if (length == 0) {
            return false;
        }
        text.remove_prefix(length);
    }
    return true;
}

int leading_number(std::string_view text) noexcept {
    int number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::string with_thousands(unsigned long long number) {
    const std::string digits = fmt::format("{}", number);
    std::string grouped;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0) {
            grouped += ',';
        }
        grouped += digits[i];
    }
    return grouped;
}

} // namespace dbbackup::base
