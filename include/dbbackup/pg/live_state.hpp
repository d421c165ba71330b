#pragma once

#include <dbbackup/pg/database_state.hpp>
#include <dbbackup/pg/row_digest.hpp>
#include <dbbackup/pg/session.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

// A database as it is now, read so that it can be compared with a dump.

namespace dbbackup::pg {

/// A table whose rows pg_dump would copy.
struct LiveTable {
    StateTable state;
    std::string condition;   ///< of an extension's table: which rows are the user's; or empty
    std::uint64_t pages = 0; ///< roughly, for the order of reading; 0 if never analysed
};

struct LiveState {
    std::vector<LiveTable> tables; ///< by schema and name
    std::vector<SequenceState> sequences;
    std::vector<StatePart> not_validated;
    std::vector<StatePart> invalid_indexes;
    std::vector<MigrationState> migrations;
};

/// Begins a read-only transaction with one snapshot, and settings that keep it alive however long
/// it lasts. Rows and names are written as in a dump in `encoding` (empty: the session's own).
/// `snapshot`: of another session (export_snapshot), or empty. Throws ServerError.
void begin_reading(Session& session, const std::string& encoding, const std::string& snapshot = {});

/// The name of the session's snapshot, for begin_reading() of others. Throws ServerError.
[[nodiscard]] std::string export_snapshot(Session& session);

/// Whether a table or a sequence counts.
using RelationFilter = std::function<bool(const RelationName&)>;

/// The user's tables and what belongs to them, of those that are `wanted`. Locks them against
/// changes of their structure until the end of the transaction, and waits at most `lock_timeout`
/// for each. Throws ServerError.
[[nodiscard]] LiveState read_live_state(Session& session, int server_version_number,
                                        const RelationFilter& wanted,
                                        std::chrono::milliseconds lock_timeout);

/// COPY … TO STDOUT of these columns, as quoted text in SQL; all of an empty list are none.
[[nodiscard]] std::string copy_statement(const LiveTable& table,
                                         const std::vector<std::string>& columns);

/// How many rows copy_statement() would give. Throws ServerError.
[[nodiscard]] std::uint64_t count_rows(Session& session, const LiveTable& table);

} // namespace dbbackup::pg
