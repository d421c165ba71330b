#pragma once

#include "cli/terminal/console.hpp"

#include <dbbackup/base/clock.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::cli {

// The parts of reports, as JSON.

using Json = nlohmann::ordered_json;

/// A complete report: one object, with a newline. Safe to show on a terminal.
[[nodiscard]] inline std::string finish(const Json& json) {
    return base::printable_json(json.dump(2, ' ', false, Json::error_handler_t::replace)) + "\n";
}

/// JSON is UTF-8; names in a database may not be.
[[nodiscard]] inline std::string text(const std::string& raw) {
    return base::to_valid_utf8(raw);
}

[[nodiscard]] inline Json texts(const std::vector<std::string>& raw) {
    Json json = Json::array();
    for (const std::string& one : raw) {
        json.push_back(text(one));
    }
    return json;
}

/// Why a command failed.
[[nodiscard]] inline Json error_json(const base::Error& error) {
    return {{"kind", kind_name(error.kind())},
            {"message", text(error.what())},
            {"hint", text(error.hint())}};
}

/// Null if empty.
[[nodiscard]] inline Json text_or_null(const std::string& raw) {
    return raw.empty() ? Json(nullptr) : Json(text(raw));
}

[[nodiscard]] inline Json text_or_null(const std::optional<std::string>& raw) {
    return raw ? Json(text(*raw)) : Json(nullptr);
}

[[nodiscard]] inline Json time_or_null(const std::optional<base::UtcTime>& time) {
    return time ? Json(base::format_utc(*time)) : Json(nullptr);
}

template <typename Number>
[[nodiscard]] Json number_or_null(const std::optional<Number>& number) {
    return number ? Json(*number) : Json(nullptr);
}

} // namespace dbbackup::cli
