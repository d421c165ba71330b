#pragma once

namespace dbbackup::test {

/// The major version of the clients that the tests use, and of the servers that drills start.
[[nodiscard]] int client_major();

} // namespace dbbackup::test
