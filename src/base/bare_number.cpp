#include "base/bare_number.hpp"

#include <dbbackup/base/error.hpp>

#include <fmt/format.h>

namespace dbbackup::base {

namespace {

/// Nobody means a number with more digits; the message does not repeat it.
constexpr std::size_t k_most_digits = 9;

} // namespace

bool is_bare_number(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

void require_unit(std::string_view text, std::initializer_list<std::string_view> units) {
    if (!is_bare_number(text) || text.size() > k_most_digits) {
        return;
    }
    std::string choice;
    for (const std::string_view& unit : units) {
        choice += &unit == units.begin() ? "" : &unit + 1 == units.end() ? " or " : ", ";
        choice += fmt::format("{}{}", text, unit);
    }
    throw Error{ErrorKind::usage, fmt::format("'{}' has no unit", text),
                fmt::format("{} what? Write {}.", text, choice)};
}

} // namespace dbbackup::base
