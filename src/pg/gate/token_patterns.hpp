#pragma once

#include "pg/sql/sql_lexer.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::pg {

/// Statements recognized by their tokens, as a list of patterns. A pattern is made of words:
///
///     create     this keyword, unquoted
///     ( , = ::   this symbol; "[" and "]" in quotes
///     'x'        a string with exactly this text
///     [ a | b ]  one of them, or nothing; with ... after it, any number of them
///     { a | b }  one of them
///     WORD       any name of one part, quoted or not
///     SCHEMA     the same, but not a schema of PostgreSQL
///     OWN        the same, but not with the prefix of the system's tables
///     STRING     a string in quotes
///     OWN_STRING a string that names no schema of PostgreSQL, whatever its escapes
///     NUMBER     digits, point and exponent
///     SIGN       an operator character
///     GROUP      parentheses with anything in them
///     EXPRESSION anything to the end, but no comma outside parentheses and brackets
///     REST       anything
///
/// and of abbreviations, each for a part of a pattern.
class TokenPatterns {
public:
    struct Abbreviation {
        std::string_view name;
        std::string_view pattern;
    };

    /// Throws std::invalid_argument if a pattern is malformed, or begins with anything but a
    /// keyword.
    TokenPatterns(std::span<const std::string_view> patterns,
                  std::span<const Abbreviation> abbreviations);

private:
    friend class StatementShape;

    using Place = std::uint16_t; ///< in nodes_

    enum class Kind {
        keyword,
        symbol,
        exact_string,
        word,
        schema,
        own,
        string,
        own_string,
        number,
        sign,
        inside, ///< of parentheses
        no_comma,
        any,
        fork,
        end,
    };

    struct Node {
        Kind kind = Kind::end;
        Place next = 0;
        Place other = 0; ///< of a fork
        std::string text = {};
    };

    class Compiler;

    /// All places that are not forks and may come next if `place` may.
    void add_reachable(Place place, std::vector<Place>& reachable) const;

    std::vector<Node> nodes_;
    std::vector<std::vector<Place>> behind_; ///< by place: what may come next after it
    std::map<std::string, std::vector<Place>, std::less<>> starts_; ///< by the first keyword
};

} // namespace dbbackup::pg
