#include "store/json_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace dbbackup::store {

namespace {

constexpr std::string_view k_space = " \t\r\n";

/// Reads a text from its start.
class Cursor {
public:
    explicit Cursor(std::string_view text) : text_(text) {}

    /// The next character, after skipping white space.
    char peek() {
        at_ = text_.find_first_not_of(k_space, at_);
        if (at_ == std::string_view::npos) {
            throw std::logic_error("JSON text ends early");
        }
        return text_[at_];
    }

    void skip() { ++at_; }

    /// The next value.
    std::string_view take_value() {
        const char first = peek();
        const std::size_t start = at_;
        if (first == '"') {
            skip_string();
        } else if (first == '{' || first == '[') {
            skip_nested();
        } else {
            at_ = std::min(text_.find_first_of(",]} \t\r\n", at_), text_.size());
        }
        return text_.substr(start, at_ - start);
    }

private:
    void skip_string() {
        for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
            at_ += text_[at_] == '\\' ? 1 : 0;
        }
        ++at_;
    }

    void skip_nested() {
        std::size_t depth = 0;
        do {
            const char c = peek();
            if (c == '"') {
                skip_string();
                continue;
            }
            depth += c == '{' || c == '[' ? 1 : 0;
            depth -= c == '}' || c == ']' ? 1 : 0;
            skip();
        } while (depth > 0);
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

/// Without a byte order mark, which parsers skip.
std::string_view without_mark(std::string_view json) {
    constexpr std::string_view k_mark = "\xEF\xBB\xBF";
    return json.starts_with(k_mark) ? json.substr(k_mark.size()) : json;
}

} // namespace

std::optional<std::string_view> find_member(std::string_view json, std::string_view key) {
    std::optional<std::string_view> found;
    Cursor cursor{without_mark(json)};
    for (char c = cursor.peek(); c != '}'; c = cursor.peek()) {
        if (c == '{' || c == ',') {
            cursor.skip();
            continue;
        }
        const std::string name = nlohmann::json::parse(cursor.take_value());
        (void)cursor.peek();
        cursor.skip(); // the colon
        const std::string_view value = cursor.take_value();
        found = name == key ? std::optional{value} : found;
    }
    return found;
}

std::vector<std::string_view> elements_of(std::string_view json) {
    std::vector<std::string_view> elements;
    Cursor cursor{json};
    cursor.skip(); // the bracket
    for (char c = cursor.peek(); c != ']'; c = cursor.peek()) {
        if (c == ',') {
            cursor.skip();
        } else {
            elements.push_back(cursor.take_value());
        }
    }
    return elements;
}

std::string with_member_added(std::string_view json, std::string_view key, std::string_view value) {
    const std::size_t brace = json.rfind('}');
    const std::size_t last = json.find_last_not_of(" \t\r\n", brace - 1);
    std::string text{json.substr(0, last + 1)};
    text += ",\n  \"";
    text += key;
    text += "\": ";
    text += value;
    text += "\n";
    text += json.substr(brace);
    return text;
}

std::string with_replaced(std::string_view json, std::string_view part, std::string_view value) {
    const auto start = static_cast<std::size_t>(part.data() - json.data());
    std::string text{json.substr(0, start)};
    text += value;
    text += json.substr(start + part.size());
    return text;
}

} // namespace dbbackup::store
