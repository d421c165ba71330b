#include "pg/sql/routine_body.hpp"

#include "pg/sql/sql_chars.hpp"

#include <algorithm>

namespace dbbackup::pg {

void RoutineBody::take_word(std::string_view word, unsigned parentheses) {
    static constexpr std::array<std::string_view, 5> k_header_words = {
        "create", "function", "procedure", "or", "replace"};
    if (words_ == 0) {
        initials_.fill('\0');
    }
    if (words_ < initials_.size() &&
        std::any_of(k_header_words.begin(), k_header_words.end(),
                    [word](std::string_view known) { return equals_folded(word, known); })) {
        initials_[words_] = to_lower(word.front());
    }
    ++words_;
    if (parentheses > 0 || !is_create_routine()) {
        return;
    }
    if (equals_folded(word, "begin") || (depth_ > 0 && equals_folded(word, "case"))) {
        ++depth_;
    } else if (depth_ > 0 && equals_folded(word, "end")) {
        --depth_;
    }
}

bool RoutineBody::is_create_routine() const noexcept {
    const auto names_routine = [](char initial) { return initial == 'f' || initial == 'p'; };
    return initials_[0] == 'c' &&
           (names_routine(initials_[1]) ||
            (initials_[1] == 'o' && initials_[2] == 'r' && names_routine(initials_[3])));
}

} // namespace dbbackup::pg
