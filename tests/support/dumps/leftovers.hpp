#pragma once

#include <string>

namespace dbbackup::test {

/// Checks that no process in whose command line or environment `mark` stands is left, and no
/// session in `database` but those of psql, by which tests look and hold locks; or that soon none
/// is.
void check_nothing_left(const std::string& mark, const std::string& database);

} // namespace dbbackup::test
