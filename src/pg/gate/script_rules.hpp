#pragma once

#include "pg/sql/statement.hpp"

#include <optional>
#include <string>
#include <string_view>

// What a restore must know about individual statements of a dump.

namespace dbbackup::pg {

/// pg_dump's last line, except for an `\unrestrict`.
inline constexpr std::string_view k_completion_line = "-- PostgreSQL database dump complete";

/// `restrict KEY` or `unrestrict KEY`, in exactly the form that pg_dump writes.
[[nodiscard]] bool is_restriction(std::string_view meta_command);

/// Why a statement that is not in allowed_statements() is dangerous, if more can be said, as text
/// to follow "at byte 7 of its SQL ". It would end or control our transaction, change the server
/// outside the database, or access its files and programs.
[[nodiscard]] std::string find_offence(const Statement& statement);

/// The bare `BEGIN;` and `COMMIT;` that pg_dump writes around large objects.
enum class TransactionMark { begin, commit };
[[nodiscard]] std::optional<TransactionMark> find_transaction_mark(const Statement& statement);

/// What `pg_dump --clean` writes before it creates anything.
[[nodiscard]] bool clears_the_way(const Statement& statement);

/// True for what may come before and among that: settings.
[[nodiscard]] bool only_prepares(const Statement& statement);

/// What `pg_restore --no-owner` leaves out; and the comment of an extension, which only its owner
/// may set.
[[nodiscard]] bool sets_owner(const Statement& statement);

/// The comment or security label of the dumped database, by its name: before version 11 pg_dump
/// wrote it into every dump.
[[nodiscard]] bool is_about_database(const Statement& statement);

/// What `pg_restore --no-privileges` leaves out.
[[nodiscard]] bool sets_privileges(const Statement& statement);

} // namespace dbbackup::pg
