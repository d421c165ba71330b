#pragma once

#include "pg/sql_lexer.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace dbbackup::pg {

struct QualifiedName {
    std::string schema; ///< empty where the name is not qualified
    std::string name;
};

/// The head of a statement: its first k_words_kept words outside parentheses and routine bodies,
/// which is enough to know what it does.
class Statement {
public:
    /// Unquoted identifiers in lower case, as the server folds them.
    struct Word {
        TokenKind kind;
        std::string text;
    };

    static constexpr std::size_t k_words_kept = 40;

    void add(const Token& token);

    void clear() noexcept { words_.clear(); }

    [[nodiscard]] std::span<const Word> words() const noexcept { return words_; }

private:
    std::vector<Word> words_;
};

/// COPY … FROM stdin: the table whose rows follow in the next line.
[[nodiscard]] std::optional<QualifiedName> find_copied_table(const Statement& statement);

/// CREATE TABLE: a table that holds rows of its own and outlives the session. Not a foreign one,
/// nor one that only has partitions.
[[nodiscard]] std::optional<QualifiedName> find_created_table(const Statement& statement);

/// The schema that a CREATE statement makes, or makes something in.
[[nodiscard]] std::optional<std::string> find_schema_created_in(const Statement& statement);

/// SET `name`: the new value, without its quotes.
[[nodiscard]] std::optional<std::string> find_setting(const Statement& statement,
                                                      std::string_view name);

/// SET standard_conforming_strings: the new value.
[[nodiscard]] std::optional<bool> find_standard_strings(const Statement& statement);

/// SELECT pg_catalog.lo_create(…), as pg_dump writes it for each large object.
[[nodiscard]] bool creates_large_object(const Statement& statement);

/// INSERT, as pg_dump --inserts writes rows.
[[nodiscard]] bool inserts_rows(const Statement& statement);

} // namespace dbbackup::pg
