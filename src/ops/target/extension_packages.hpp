#pragma once

#include <string>
#include <vector>

namespace dbbackup::ops {

/// What to install on the server's machine for missing `extensions`, for people: the packages of
/// Debian, Ubuntu and apt.postgresql.org for PostgreSQL `major`, as far as known.
[[nodiscard]] std::string how_to_install(const std::vector<std::string>& extensions, int major);

} // namespace dbbackup::ops
