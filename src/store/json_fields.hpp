#pragma once

#include <dbbackup/base/clock.hpp>
#include <dbbackup/base/error.hpp>

#include <concepts>
#include <cstdint>
#include <fmt/format.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dbbackup::store {

// Strict reading of JSON, with errors for people: all throw base::Error{damaged}.

using Json = nlohmann::ordered_json;

/// Parses `text`. Refuses text that is nested deeper than any manifest, which could overflow the
/// stack.
[[nodiscard]] Json parse_json(std::string_view text);

/// The value of `field`, which `object` must have.
[[nodiscard]] const Json& member(const Json& object, const char* field);

[[nodiscard]] std::string read_text(const Json& object, const char* field);
[[nodiscard]] bool read_flag(const Json& object, const char* field);
[[nodiscard]] double read_real(const Json& object, const char* field);
[[nodiscard]] base::UtcTime read_time(const Json& object, const char* field);
[[nodiscard]] std::vector<std::string> read_texts(const Json& object, const char* field);
/// The value of `field`, which must be an array.
[[nodiscard]] const Json& read_list(const Json& object, const char* field);

/// For a field that older manifests lack and that may be null.
template <typename Value>
[[nodiscard]] std::optional<Value> find_known(const Json& object, const char* field,
                                              Value (*read)(const Json&, const char*)) {
    const auto found = object.find(field);
    return found == object.end() || found->is_null() ? std::nullopt
                                                     : std::optional{read(object, field)};
}

/// nlohmann's own conversion would turn `true` into a number, and -1 or 1.5 into another one.
template <std::integral Number>
[[nodiscard]] Number read_number(const Json& object, const char* field) {
    const Json& value = member(object, field);
    if (value.is_number_unsigned() && std::in_range<Number>(value.get<std::uint64_t>())) {
        return value.get<Number>();
    }
    throw base::Error{base::ErrorKind::damaged,
                      fmt::format("'{}' is not a whole number from 0 to {}", field,
                                  std::numeric_limits<Number>::max())};
}

} // namespace dbbackup::store
