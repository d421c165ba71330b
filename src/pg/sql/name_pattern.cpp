#include <dbbackup/base/command_line.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/name_pattern.hpp>

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

namespace dbbackup::pg {

namespace {

/// By characters, so that `?` matches one. A byte that is not UTF-8 matches itself.
std::wstring characters_of(std::string_view text) {
    std::wstring wide;
    for (std::size_t at = 0; at < text.size();) {
        const auto first = static_cast<unsigned char>(text[at]);
        const std::size_t length = first < 0x80    ? 1
                                   : first >= 0xF0 ? 4
                                   : first >= 0xE0 ? 3
                                   : first >= 0xC0 ? 2
                                                   : 1;
        const std::string_view bytes = text.substr(at, length);
        if (length == 1 || !base::is_valid_utf8(std::string{bytes})) {
            wide += static_cast<wchar_t>(first);
            ++at;
            continue;
        }
        auto code = static_cast<unsigned>(first) & (0xFFU >> (length + 1));
        for (const char c : bytes.substr(1)) {
            code = (code << 6U) | (static_cast<unsigned char>(c) & 0x3FU);
        }
        wide += static_cast<wchar_t>(code);
        at += length;
    }
    return wide;
}

/// One name of a pattern, as it is read.
struct Part {
    std::string regex;
    std::string literal;
    bool is_literal = true;

    void add_exact(char c) {
        constexpr std::string_view k_special = "^$\\.*+?()[]{}|";
        if (k_special.find(c) != std::string_view::npos) {
            regex += '\\';
        }
        regex += c;
        literal += c;
    }

    void add_special(char c) {
        constexpr std::string_view k_expression = "+|()[]{}^\\";
        if (c == '*') {
            regex += ".*";
            is_literal = false;
        } else if (c == '?') {
            regex += '.';
            is_literal = false;
        } else if (k_expression.find(c) != std::string_view::npos) {
            regex += c;
            is_literal = false;
        } else { // a dollar sign is literal, as in psql
            add_exact(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
        }
    }
};

[[noreturn]] void refuse(std::string_view text, std::string_view option, std::string_view why) {
    throw base::Error{base::ErrorKind::usage,
                      fmt::format("{} '{}' is not a valid pattern: {}", option,
                                  base::printable(std::string{text}), why),
                      "Write it as for psql's \\d: schema.name, with * and ?, and in double quotes "
                      "what is not in lower case."};
}

std::vector<Part> split(std::string_view text, std::string_view option) {
    std::vector<Part> parts(1);
    bool quoted = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '"' && quoted && at + 1 < text.size() && text[at + 1] == '"') {
            parts.back().add_exact(c);
            ++at;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (quoted) {
            parts.back().add_exact(c);
        } else if (c == '.') {
            parts.emplace_back();
        } else {
            parts.back().add_special(c);
        }
    }
    if (quoted) {
        refuse(text, option, "a double quote is not closed");
    }
    for (const Part& part : parts) {
        if (part.regex.empty()) {
            refuse(text, option, "a name in it is empty");
        }
    }
    return parts;
}

std::wregex compile(const Part& part, std::string_view text, std::string_view option) {
    try {
        return std::wregex{characters_of(part.regex), std::regex::ECMAScript};
    } catch (const std::regex_error&) {
        refuse(text, option, "its regular expression cannot be read");
    }
}

bool is_match(const std::wregex& regex, const std::string& name) {
    return std::regex_match(characters_of(name), regex);
}

} // namespace

NamePattern::NamePattern(std::string_view text, std::string_view option) {
    const std::vector<Part> parts = split(text, option);
    if (parts.size() > 2) {
        refuse(text, option, "it has more dots than one");
    }
    name_ = compile(parts.back(), text, option);
    if (parts.size() == 2) {
        schema_ = compile(parts.front(), text, option);
    }
    if (parts.front().is_literal && parts.back().is_literal) {
        literal_.emplace();
        for (const Part& part : parts) {
            literal_->push_back(part.literal);
        }
    }
}

bool NamePattern::fits(const std::string& schema, const std::string& name) const {
    return (!schema_ || is_match(*schema_, schema)) && is_match(name_, name);
}

bool NamePattern::fits(const std::string& name) const {
    return is_match(name_, name);
}

std::string advice_on_list(std::string_view text, std::string_view option) {
    constexpr std::string_view k_between = ", ";
    if (text.find(',') == std::string_view::npos || text.find('"') != std::string_view::npos) {
        return {};
    }
    std::vector<std::string> words;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of(k_between), text.size());
        if (end > 0) {
            words.emplace_back(option);
            words.emplace_back(text.substr(0, end));
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words.empty()
               ? ""
               : fmt::format("Repeat {} for each: {}. ", option, base::shell_words(words));
}

std::string as_pattern(const std::string& name) {
    constexpr std::string_view k_plain = "abcdefghijklmnopqrstuvwxyz0123456789_";
    if (!name.empty() && name.find_first_not_of(k_plain) == std::string::npos) {
        return name;
    }
    std::string quoted = "\"";
    for (const char c : name) {
        quoted += c == '"' ? "\"\"" : std::string{c};
    }
    return quoted + '"';
}

} // namespace dbbackup::pg
