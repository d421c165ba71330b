#pragma once

#include <string>
#include <vector>

namespace dbbackup::ops {

/// What to install on a server's machine for `extensions` that it lacks, for people: the packages
/// of Debian, Ubuntu and apt.postgresql.org for PostgreSQL `major`, as far as they are known.
[[nodiscard]] std::string how_to_install(const std::vector<std::string>& extensions, int major);

} // namespace dbbackup::ops
