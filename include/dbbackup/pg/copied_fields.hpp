#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Rows in COPY's text format (PostgreSQL's manual, "COPY", File Formats).

namespace dbbackup::pg {

/// The fields of `row`, a line without its end, as written: views of it, with their escapes.
[[nodiscard]] std::vector<std::string_view> split_copied_row(std::string_view row);

/// The value of a field; nothing for NULL.
[[nodiscard]] std::optional<std::string> read_copied_field(std::string_view field);

} // namespace dbbackup::pg
