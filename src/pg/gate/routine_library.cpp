#include "pg/gate/routine_library.hpp"

#include "pg/sql/sql_chars.hpp"

#include <string_view>

namespace dbbackup::pg {

namespace {

constexpr std::string_view k_library_directory = "$libdir/";
constexpr std::string_view k_search_path = "dynamic_library_path";

/// pg_dump writes `AS '$libdir/name', 'symbol'`; a backslash may be an escape.
bool is_in_library_directory(const Token& token) {
    std::string_view name = token.text;
    if (token.kind != TokenKind::string || name.size() >= k_token_text) {
        return false; // a dollar string has no text, and a truncated one has more
    }
    if (name.starts_with(k_library_directory)) {
        name.remove_prefix(k_library_directory.size());
    }
    return !name.empty() && name != ".." && name.front() != '$' &&
           name.find_first_of("/\\") == std::string_view::npos;
}

/// Also what may be c after its escapes are undone, and $$c$$, whose text is not kept.
bool may_name_c(const Token& token) {
    return equals_folded(token.text, "c") || token.kind == TokenKind::dollar_string ||
           (token.kind == TokenKind::string && token.text.find('\\') != std::string_view::npos);
}

} // namespace

void RoutineLibrary::take(const Token& token) {
    if (behind_ == Behind::language) {
        is_c_ = is_c_ || may_name_c(token);
    } else if (behind_ == Behind::as && outside_file_.empty() &&
               (token.kind == TokenKind::string || token.kind == TokenKind::dollar_string) &&
               !is_in_library_directory(token)) {
        outside_file_ = token.text.empty() ? "$$…$$" : token.text;
    }
    // In any spelling: the server accepts names of settings in any case.
    sets_path_ = sets_path_ || (is_name(token) && equals_folded(token.text, k_search_path));
    behind_ = is_keyword(token, "language") ? Behind::language
              : is_keyword(token, "as")     ? Behind::as
                                            : Behind::anything;
}

std::string RoutineLibrary::outside_file() const {
    if (!is_c_) {
        return {};
    }
    return outside_file_.empty() && sets_path_ ? std::string{k_search_path} : outside_file_;
}

} // namespace dbbackup::pg
