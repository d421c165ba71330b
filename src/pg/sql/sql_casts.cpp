#include "pg/sql/sql_casts.hpp"

#include <algorithm>
#include <array>

namespace dbbackup::pg {

namespace {

/// The name of a type takes apart what the grammar has in store: `double precision`,
/// `interval day to second(3)[]`, `timestamp(3) without time zone`, `public."My Type"(5)`.
class TypeReader {
public:
    explicit TypeReader(SqlWordSpan words) : words_(words) {}

    /// How many words the type at the front takes.
    std::size_t length() {
        const SqlWordSpan first = rest();
        if (first.empty() || !is_name(first.front())) {
            return 0;
        }
        ++at_;
        while (rest().size() > 1 && is_symbol(rest()[0], ".") && is_name(rest()[1])) {
            at_ += 2;
        }
        take_more_words(first);
        at_ += group_length(rest(), "(", ")");
        if (begins_with(first, "timestamp") || begins_with(first, "time")) {
            take_time_zone();
        }
        while (rest().size() > 1 && is_symbol(rest()[0], "[") && is_symbol(rest()[1], "]")) {
            at_ += 2;
        }
        return at_;
    }

private:
    [[nodiscard]] SqlWordSpan rest() const { return words_.subspan(at_); }

    void take(std::string_view keyword) { at_ += begins_with(rest(), keyword) ? 1 : 0; }

    void take_more_words(SqlWordSpan first) {
        static constexpr std::array k_fields = std::to_array<std::string_view>(
            {"year", "month", "day", "hour", "minute", "second", "to"});
        if (begins_with(first, "double")) {
            take("precision");
        } else if (begins_with(first, "character") || begins_with(first, "bit")) {
            take("varying");
        } else if (begins_with(first, "interval")) {
            while (std::ranges::any_of(
                k_fields, [this](std::string_view field) { return begins_with(rest(), field); })) {
                ++at_;
            }
        }
    }

    void take_time_zone() {
        if (rest().size() > 2 && is_keyword(rest()[1], "time") && is_keyword(rest()[2], "zone")) {
            at_ += begins_with(rest(), "with") || begins_with(rest(), "without") ? 3 : 0;
        }
    }

    SqlWordSpan words_;
    std::size_t at_ = 0;
};

} // namespace

SqlWords without_casts(SqlWordSpan words) {
    SqlWords kept;
    kept.reserve(words.size());
    while (!words.empty()) {
        const std::size_t type =
            is_symbol(words.front(), "::") ? TypeReader{words.subspan(1)}.length() : 0;
        if (type == 0) {
            kept.push_back(words.front());
        }
        const bool is_text = type == 1 && is_keyword(words[1], "text");
        words = words.subspan(type + 1);
        if (is_text && words.size() > 1 && is_keyword(words[0], "as") &&
            is_keyword(words[1], "text")) {
            words = words.subspan(2);
        }
    }
    return kept;
}

} // namespace dbbackup::pg
