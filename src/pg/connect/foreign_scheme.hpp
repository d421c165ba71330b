#pragma once

#include <dbbackup/base/error.hpp>

#include <string_view>

namespace dbbackup::pg {

/// The error for a `url` that does not begin as PostgreSQL's do, with what to write instead,
/// depending on whose syntax it looks like. Holds no part of the URL.
[[nodiscard]] base::Error scheme_error(std::string_view url);

} // namespace dbbackup::pg
