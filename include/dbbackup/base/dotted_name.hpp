#pragma once

#include <string>

namespace dbbackup::base {

/// "schema.name", or only the name if the schema is unknown; without quotes, for people.
[[nodiscard]] inline std::string dotted_name(const std::string& schema, const std::string& name) {
    return schema.empty() ? name : schema + "." + name;
}

} // namespace dbbackup::base
