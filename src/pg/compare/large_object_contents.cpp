#include "pg/compare/large_object_contents.hpp"

#include "pg/inventory/created_object.hpp"
#include "pg/sql/read_sql.hpp"
#include "pg/sql/statement_facts.hpp"

#include <algorithm>

namespace dbbackup::pg {

namespace {

/// The hexadecimal digits in `0, '\x…'`, also if standard_conforming_strings is off. pg_dump 8.4
/// and older wrote bytes differently; that text is then hashed instead.
std::string_view written_digits(std::string_view arguments) {
    const std::size_t open = std::min(arguments.find('\''), arguments.size());
    const std::size_t close = std::max(arguments.rfind('\''), open) - open;
    std::string_view text = arguments.substr(open).substr(0, close);
    text.remove_prefix(std::min<std::size_t>(1, text.size()));
    const std::size_t digits = text.find_first_not_of('\\');
    return digits > 0 && digits < text.size() && text[digits] == 'x' ? text.substr(digits + 1)
                                                                     : text;
}

} // namespace

bool LargeObjectContents::take(const ScriptStatement& statement) {
    const std::string function = find_called_function(statement.head);
    if (function != "lo_open" && function != "lowrite" && function != "lo_close") {
        return false;
    }
    const std::string_view arguments = text_in_parentheses(statement.sql);
    if (function == "lo_open") {
        open_ = find_oid(arguments).value_or(0);
        hash_.reset();
    } else if (function == "lowrite") {
        hash_.add(written_digits(arguments));
    } else {
        digests_[open_] = hash_.digest();
    }
    return true;
}

} // namespace dbbackup::pg
