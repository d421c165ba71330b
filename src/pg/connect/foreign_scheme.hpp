#pragma once

#include <dbbackup/base/error.hpp>

#include <string_view>

namespace dbbackup::pg {

/// What to say of `url`, which does not begin as a URL of PostgreSQL's does: an error for each way
/// in which others write theirs, with what to write instead. Holds no part of the URL.
[[nodiscard]] base::Error scheme_error(std::string_view url);

} // namespace dbbackup::pg
