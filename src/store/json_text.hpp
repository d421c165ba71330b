#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::store {

// Parts of a JSON text as it was written, so that one can be replaced while every other byte stays:
// numbers of any size, escapes, the order of fields. A JSON library returns values, not positions.
// All of these require text that such a library has accepted.

/// The value of the member `key` of the object `json`; of several, the last, as in parsers. A part
/// of `json`.
[[nodiscard]] std::optional<std::string_view> find_member(std::string_view json,
                                                          std::string_view key);

/// The elements of the array `json`, in order. Parts of `json`.
[[nodiscard]] std::vector<std::string_view> elements_of(std::string_view json);

/// The object `json`, which has members, with one more, `key`, at its end; indented by two spaces.
[[nodiscard]] std::string with_member_added(std::string_view json, std::string_view key,
                                            std::string_view value);

/// `json` with `value` instead of `part`, which is a part of it.
[[nodiscard]] std::string with_replaced(std::string_view json, std::string_view part,
                                        std::string_view value);

} // namespace dbbackup::store
