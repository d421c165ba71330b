#pragma once

#include "pg/sql/sql_lexer.hpp"
#include "pg/sql/word_reader.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace dbbackup::pg {

/// What a statement does, by its first words.
enum class Verb {
    other,
    alter,
    alter_default_privileges,
    comment,
    copy,
    create,
    drop,
    grant,
    insert,
    refresh,
    reset,
    revoke,
    security_label,
    select,
    set,
};

/// The head of a statement: its first k_words_kept words outside parentheses and routine bodies,
/// which is enough to know what it does. Unquoted identifiers are in lower case, as the server
/// folds them.
class Statement {
public:
    static constexpr std::size_t k_words_kept = 40;

    Statement();
    Statement(Statement&&) noexcept = default; // a copy's words would view another's text
    Statement& operator=(Statement&&) noexcept = default;

    void add(const Token& token);
    /// All of it has been added: from now on it knows its verb and object.
    void end();
    void clear() noexcept;

    [[nodiscard]] WordSpan words() const noexcept { return words_; }

    /// Top-level parentheses, including those after the words kept.
    [[nodiscard]] std::uint64_t groups() const noexcept { return groups_; }

    [[nodiscard]] Verb verb() const noexcept { return verb_; }

    /// The kind of object that CREATE, ALTER, COMMENT ON, REFRESH, GRANT … ON, REVOKE … ON or
    /// SECURITY LABEL … ON is about: one that take_kind() knows, or nothing.
    [[nodiscard]] std::string_view kind() const noexcept { return kind_; }

    /// A reader after the verb, the kind, IF [NOT] EXISTS and ONLY, before the name.
    [[nodiscard]] WordReader object() const noexcept { return object_; }

    [[nodiscard]] bool is(Verb verb, std::string_view kind) const noexcept {
        return verb_ == verb && kind_ == kind;
    }

private:
    std::vector<char> text_; ///< of the words; never grows
    std::size_t text_length_ = 0;
    std::vector<Word> words_;
    std::uint64_t groups_ = 0;
    Verb verb_ = Verb::other;
    std::string_view kind_;
    WordReader object_{WordSpan{}};
};

} // namespace dbbackup::pg
