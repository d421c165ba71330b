#pragma once

#include "pg/sql/script_listener.hpp"

#include <dbbackup/pg/dump_scanner.hpp>

// What every reader of a whole dump requires.

namespace dbbackup::pg {

/// The server accepts no longer message.
inline constexpr std::size_t k_longest_statement = 1'000'000'000;

/// Throws base::Error{damaged} if `statement` is truncated, with a longest_statement() of
/// k_longest_statement.
void require_whole(const ScriptStatement& statement);

/// The stream has ended. Throws base::Error{damaged} if the dump is not complete.
void finish_complete(DumpScanner& scanner);

} // namespace dbbackup::pg
