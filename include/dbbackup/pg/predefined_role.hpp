#pragma once

#include <string_view>

namespace dbbackup::pg {

/// True for a role that only PostgreSQL itself creates. Each version has its own set of them.
[[nodiscard]] inline bool is_predefined_role(std::string_view role) noexcept {
    return role.starts_with("pg_");
}

} // namespace dbbackup::pg
