#include "cli/terminal/text_width.hpp"

#include <algorithm>
#include <clocale>
#include <cwchar>

namespace dbbackup::cli {

namespace {

/// Lets wcwidth() and mbrtowc() read UTF-8 in this thread, whatever the user's locale: names are
/// always in UTF-8.
class Utf8Locale {
public:
    Utf8Locale() : before_(of_utf8() == nullptr ? nullptr : ::uselocale(of_utf8())) {}

    ~Utf8Locale() {
        if (before_ != nullptr) {
            ::uselocale(before_);
        }
    }

    Utf8Locale(const Utf8Locale&) = delete;
    Utf8Locale& operator=(const Utf8Locale&) = delete;

    [[nodiscard]] bool works() const noexcept { return before_ != nullptr; }

private:
    static locale_t of_utf8() {
        static const locale_t k_locale = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
        return k_locale;
    }

    locale_t before_;
};

struct Character {
    std::size_t bytes = 1;
    std::size_t columns = 1;
};

Character first_character(std::string_view text, const Utf8Locale& locale) {
    if (static_cast<unsigned char>(text.front()) < 0x80) {
        return {};
    }
    if (!locale.works()) {
        std::size_t bytes = 1;
        while (bytes < text.size() && (text[bytes] & 0xC0) == 0x80) {
            ++bytes;
        }
        return {.bytes = bytes, .columns = 1};
    }
    std::mbstate_t state{};
    wchar_t character = 0;
    const std::size_t bytes = std::mbrtowc(&character, text.data(), text.size(), &state);
    if (bytes == 0 || bytes > text.size()) {
        return {}; // not UTF-8
    }
    const int columns = ::wcwidth(character);
    // A character that the library does not know is usually one column wide.
    return {.bytes = bytes, .columns = columns < 0 ? 1U : static_cast<std::size_t>(columns)};
}

/// The length in bytes of the colour at the start of `text`, as Screen::paint() writes it.
std::size_t colour_length(std::string_view text) {
    if (!text.starts_with("\x1b[")) {
        return 0;
    }
    const std::size_t end = text.find('m');
    return end == std::string_view::npos ? 0 : end + 1;
}

} // namespace

std::size_t width_of(std::string_view text) {
    const Utf8Locale locale;
    std::size_t width = 0;
    while (!text.empty()) {
        if (const std::size_t colour = colour_length(text); colour > 0) {
            text.remove_prefix(colour);
            continue;
        }
        const Character character = first_character(text, locale);
        width += character.columns;
        text.remove_prefix(character.bytes);
    }
    return width;
}

std::string_view first_columns(std::string_view text, std::size_t width) {
    const Utf8Locale locale;
    std::size_t end = 0;
    std::size_t columns = 0;
    while (end < text.size()) {
        const Character character = first_character(text.substr(end), locale);
        if (columns + character.columns > width) {
            break;
        }
        columns += character.columns;
        end += character.bytes;
    }
    return text.substr(0, end);
}

std::string cut_to_width(const std::string& text, std::size_t width) {
    if (width_of(text) <= width) {
        return text;
    }
    return width == 0 ? "" : std::string{first_columns(text, width - 1)} + "…";
}

} // namespace dbbackup::cli
