#pragma once

#include <initializer_list>
#include <string_view>

namespace dbbackup::base {

/// Whether `text` is a number without a unit: only decimal digits.
[[nodiscard]] bool is_bare_number(std::string_view text);

/// Throws Error{usage} if it is: "26 what? Write 26h (hours) or 26d (days)." for the `units`
/// "h (hours)" and "d (days)".
void require_unit(std::string_view text, std::initializer_list<std::string_view> units);

} // namespace dbbackup::base
