#pragma once

#include <string>

namespace dbbackup::test {

/// Checks that no process is left whose command line or environment contains `mark`, and no session
/// in `database` except those of psql, which tests use to look and to hold locks; or that soon none
/// is.
void check_nothing_left(const std::string& mark, const std::string& database);

} // namespace dbbackup::test
