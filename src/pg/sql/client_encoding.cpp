#include "pg/sql/client_encoding.hpp"

#include "pg/sql/sql_chars.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace dbbackup::pg {

namespace {

/// With PostgreSQL's aliases for them (src/common/encnames.c), as normalized() writes them.
constexpr std::array<std::string_view, 18> k_unsafe{
    "sjis",       "shiftjis", "mskanji", "windows932", "win932",  "shiftjis2004",
    "sjis2004",   "big5",     "win950",  "windows950", "gbk",     "win936",
    "windows936", "uhc",      "win949",  "windows949", "gb18030", "johab"};

/// PostgreSQL compares only the letters and digits of encoding names.
std::string normalized(std::string_view name) {
    std::string letters;
    for (const char c : name) {
        const char lower = to_lower(c);
        if ((lower >= 'a' && lower <= 'z') || is_digit(lower)) {
            letters += lower;
        }
    }
    return letters;
}

} // namespace

bool is_unsafe_encoding(std::string_view name) {
    const std::string wanted = normalized(name);
    return std::ranges::find(k_unsafe, wanted) != k_unsafe.end();
}

} // namespace dbbackup::pg
