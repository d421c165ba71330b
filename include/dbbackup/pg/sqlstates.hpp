#pragma once

#include <string_view>

// Errors of the server that several operations explain (PostgreSQL's manual, appendix A).

namespace dbbackup::pg {

inline constexpr std::string_view k_lock_not_available = "55P03"; ///< also if lock_timeout passed
inline constexpr std::string_view k_insufficient_privilege = "42501";

} // namespace dbbackup::pg
