#pragma once

#include "pg/sql/statement.hpp"

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace dbbackup::pg {

[[nodiscard]] bool is_keyword(const Statement::Word& word, std::string_view keyword);
[[nodiscard]] bool is_symbol(const Statement::Word& word, std::string_view symbol);
/// An identifier, quoted or not.
[[nodiscard]] bool is_name(const Statement::Word& word);

/// True where the two stand side by side.
[[nodiscard]] bool has_keywords(const Statement& statement, std::string_view first,
                                std::string_view second);

/// Reads a statement's words from the left. What does not fit stays unread, but for a list of
/// keywords, whose first ones are read all the same.
class WordReader {
public:
    explicit WordReader(const Statement& statement) : words_(statement.words()) {}

    bool take_keyword(std::string_view keyword);
    bool take_keywords(std::initializer_list<std::string_view> keywords);
    bool take_symbol(std::string_view symbol);
    std::optional<Statement::Word> take_word();
    std::optional<std::string> take_name();
    /// `[[database.]schema.]name`
    std::optional<QualifiedName> take_qualified_name();
    /// `[schema.]table.column`: the table.
    std::optional<QualifiedName> take_table_of_column();
    /// `words`, with one space between them, or nothing of them.
    bool take_phrase(std::string_view words);
    /// Reads up to and including the next `keyword`; all where there is none.
    bool skip_past(std::string_view keyword);

    [[nodiscard]] bool at_end() const noexcept { return words_.empty(); }

    [[nodiscard]] std::span<const Statement::Word> rest() const noexcept { return words_; }

private:
    std::span<const Statement::Word> words_;
};

} // namespace dbbackup::pg
