#include "pg/sql/sql_casts.hpp"

#include "pg/sql/word_reader.hpp"

#include <array>

namespace dbbackup::pg {

namespace {

bool take_empty_brackets(WordReader& reader) {
    WordReader ahead = reader;
    const bool fits = ahead.take_symbol("[") && ahead.take_symbol("]");
    reader = fits ? ahead : reader;
    return fits;
}

void take_more_words(WordReader& reader, const Word& first) {
    static constexpr auto k_fields =
        std::to_array<std::string_view>({"year", "month", "day", "hour", "minute", "second", "to"});
    if (is_keyword(first, "double")) {
        reader.take_keyword("precision");
    } else if (is_keyword(first, "character") || is_keyword(first, "bit")) {
        reader.take_keyword("varying");
    } else if (is_keyword(first, "interval")) {
        while (reader.take_any_keyword(k_fields)) {
        }
    }
}

/// How many words the type at the front has. The forms in the grammar: `double precision`,
/// `interval day to second(3)[]`, `timestamp(3) without time zone`, `public."My Type"(5)`.
std::size_t length_of_type(WordSpan words) {
    WordReader reader{words};
    const auto first = reader.take_word();
    if (!first || !is_name(*first)) {
        return 0;
    }
    while (reader.rest().size() > 1 && is_name(reader.rest()[1]) && reader.take_symbol(".")) {
        reader.take_word();
    }
    take_more_words(reader, *first);
    reader.take_group();
    if ((is_keyword(*first, "timestamp") || is_keyword(*first, "time")) &&
        !reader.take_phrase("with time zone")) {
        reader.take_phrase("without time zone");
    }
    while (take_empty_brackets(reader)) {
    }
    return words.size() - reader.rest().size();
}

} // namespace

Words without_casts(WordSpan words) {
    Words kept;
    kept.reserve(words.size());
    while (!words.empty()) {
        const std::size_t type =
            is_symbol(words.front(), "::") ? length_of_type(words.subspan(1)) : 0;
        if (type == 0) {
            kept.push_back(words.front());
        }
        const bool is_text = type == 1 && is_keyword(words[1], "text");
        WordReader rest{words.subspan(type + 1)};
        if (is_text) {
            rest.take_phrase("as text");
        }
        words = rest.rest();
    }
    return kept;
}

} // namespace dbbackup::pg
