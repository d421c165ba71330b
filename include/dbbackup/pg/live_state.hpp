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
    bool is_foreign = false; ///< on another server
};

struct LiveState {
    std::vector<LiveTable> tables; ///< by schema and name
    std::vector<SequenceState> sequences;
    std::vector<StatePart> not_validated;
    std::vector<StatePart> invalid_indexes;
    std::vector<MigrationState> migrations;
};

/// Makes a session write rows and names as in a dump in `encoding` (empty: the session's own), and
/// lets its transactions last as long as they take. Throws ServerError.
void prepare_reading(Session& session, const std::string& encoding);

/// Begins a read-only transaction with the snapshot of another session. Throws ServerError.
void join_snapshot(Session& session, const std::string& snapshot);

/// The name of the session's snapshot, for join_snapshot() of others. Throws ServerError.
[[nodiscard]] std::string export_snapshot(Session& session);

/// Whether a table or a sequence counts.
using RelationFilter = std::function<bool(const RelationName&)>;

/// The user's tables and what belongs to them, of those that are `wanted`, as of one moment: begins
/// a read-only transaction, which stays open. Locks them first against changes of their structure,
/// and waits at most `lock_timeout` for each. Throws ServerError, and base::Error{failed} if tables
/// come and go too fast.
[[nodiscard]] LiveState read_live_state(Session& session, int server_version_number,
                                        const RelationFilter& wanted,
                                        std::chrono::milliseconds lock_timeout);

/// COPY … TO STDOUT of these columns, as quoted text in SQL; all of an empty list are none.
[[nodiscard]] std::string copy_statement(const LiveTable& table,
                                         const std::vector<std::string>& columns);

/// How many rows copy_statement() would give. Throws ServerError.
[[nodiscard]] std::uint64_t count_rows(Session& session, const LiveTable& table);

/// The partitions that have the rows of a partitioned table, by schema and name; none of another
/// table. Throws ServerError.
[[nodiscard]] std::vector<RelationName> find_partitions(Session& session,
                                                        const RelationName& table);

} // namespace dbbackup::pg
