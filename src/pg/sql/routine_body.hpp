#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace dbbackup::pg {

/// psql's rule for the `;` inside `CREATE FUNCTION … BEGIN ATOMIC …; …; END`, which end no
/// statement: in a statement whose first unquoted words are CREATE [OR REPLACE]
/// {FUNCTION|PROCEDURE}, it counts BEGIN and, within, CASE against END. A heuristic, followed to
/// the letter (psqlscan.l, rule {identifier}) because psql executes the dump.
class RoutineBody {
public:
    /// An unquoted word of the statement, with the number of parentheses open around it.
    void take_word(std::string_view word, unsigned parentheses);

    /// The next word is the first of a statement. Does not leave the bodies that are open.
    void forget_words() noexcept { words_ = 0; }

    /// How many BEGIN and CASE are open.
    [[nodiscard]] unsigned depth() const noexcept { return depth_; }

private:
    [[nodiscard]] bool is_create_routine() const noexcept;

    std::array<char, 4> initials_{}; ///< of those first words of the statement that are in the rule
    std::size_t words_ = 0;
    unsigned depth_ = 0;
};

} // namespace dbbackup::pg
