#include <dbbackup/base/outside_text.hpp>

#include <algorithm>

namespace dbbackup::base {

namespace {

// Control characters: no name that went through printable() contains them. If an output forgets to
// remove the marks, printable() shows them as \x0E, \x1F and \x0F.
constexpr char k_begin = '\x0E';    // SHIFT OUT
constexpr char k_code_end = '\x1F'; // UNIT SEPARATOR
constexpr char k_end = '\x0F';      // SHIFT IN
constexpr std::string_view k_not_logged = "(not logged)";

bool is_sqlstate(std::string_view code) {
    constexpr std::size_t k_length = 5;
    return code.size() == k_length && std::ranges::all_of(code, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
           });
}

} // namespace

std::string mark_outside(std::string_view text, std::string_view code) {
    return text.empty() ? std::string{}
                        : k_begin + std::string{code} + k_code_end + without_marks(text) + k_end;
}

std::string without_marks(std::string_view message) {
    std::string text;
    while (!message.empty()) {
        const char first = message.front();
        const std::size_t code_end = first == k_begin ? message.find(k_code_end) : 0;
        if (first == k_begin && code_end != std::string_view::npos) {
            message.remove_prefix(code_end);
        } else if (first != k_begin && first != k_code_end && first != k_end) {
            text += first;
        }
        message.remove_prefix(1);
    }
    return text;
}

std::string without_outside(std::string_view message) {
    std::string text;
    while (!message.empty()) {
        if (message.front() != k_begin) {
            text += message.front() == k_end ? "" : std::string{message.front()};
            message.remove_prefix(1);
            continue;
        }
        // A truncated message has no end mark: the rest of it is outside text.
        const std::size_t code_end = message.find(k_code_end);
        const std::string_view code =
            code_end == std::string_view::npos ? "" : message.substr(1, code_end - 1);
        text += code.empty()        ? std::string{k_not_logged}
                : is_sqlstate(code) ? "SQLSTATE " + std::string{code}
                                    : std::string{code};
        message.remove_prefix(std::min(message.find(k_end), message.size()));
    }
    return text;
}

} // namespace dbbackup::base
