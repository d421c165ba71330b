#pragma once

#include "pg/sql/sql_lexer.hpp"

#include <string>

namespace dbbackup::pg {

/// Reads a CREATE FUNCTION or PROCEDURE token by token, for the file whose code it makes the server
/// load: with LANGUAGE c, and in whatever order its clauses are. It looks into parentheses and
/// bodies too: what is a body for the lexer may not be one for the server.
class RoutineLibrary {
public:
    void take(const Token& token);

    /// The file, or its beginning, unless it is a bare name or in $libdir; then nothing. A bare
    /// name is in $libdir too, unless the routine sets dynamic_library_path: then the result is
    /// "dynamic_library_path".
    [[nodiscard]] std::string outside_file() const;

    /// The next token is the first one of a statement.
    void clear() noexcept { *this = {}; }

private:
    enum class Behind { anything, as, language };

    Behind behind_ = Behind::anything;
    bool is_c_ = false;
    bool sets_path_ = false;
    std::string outside_file_; ///< if the language is C
};

} // namespace dbbackup::pg
