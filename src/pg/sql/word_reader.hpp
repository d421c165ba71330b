#pragma once

#include "pg/sql/word.hpp"

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace dbbackup::pg {

struct QualifiedName {
    std::string schema; ///< empty if the name is not qualified
    std::string name;

    auto operator<=>(const QualifiedName&) const = default;
};

/// Reads words from the left. What does not match stays unread.
class WordReader {
public:
    explicit WordReader(WordSpan words) : words_(words) {}

    bool take_keyword(std::string_view keyword);
    bool take_any_keyword(std::span<const std::string_view> keywords);
    bool take_symbol(std::string_view symbol);
    /// Parentheses and all in them.
    bool take_group();
    std::optional<Word> take_word();
    /// For the words of a Statement: others have quotes and capitals.
    std::optional<std::string> take_name();
    /// `[[database.]schema.]name`
    std::optional<QualifiedName> take_qualified_name();
    /// `[schema.]table.column`: the table.
    std::optional<QualifiedName> take_table_of_column();
    /// All of `words`, separated by one space, or none.
    bool take_phrase(std::string_view words);
    /// Reads up to and including the next `keyword`; everything if there is none.
    bool skip_past(std::string_view keyword);

    [[nodiscard]] bool at_end() const noexcept { return words_.empty(); }

    [[nodiscard]] WordSpan rest() const noexcept { return words_; }

private:
    bool take_if(bool fits);

    WordSpan words_;
};

} // namespace dbbackup::pg
