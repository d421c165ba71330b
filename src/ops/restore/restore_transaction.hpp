#pragma once

#include "ops/read/dump_check.hpp"
#include "ops/read/dump_file.hpp"
#include "ops/target/target_server.hpp"

#include <dbbackup/ops/context.hpp>
#include <dbbackup/ops/restore.hpp>
#include <dbbackup/pg/target.hpp>

#include <functional>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// With more memory than the default of 64 MB, indexes are built faster.
inline constexpr const char* k_maintenance_memory = "256MB";

/// What the transaction of a restore needs.
struct RestoreJob {
    const RestoreRequest& request;
    const TargetServer& server;
    const DumpFile& file;
    const CheckedDump& dump;         ///< all of it
    const pg::DumpSummary& restored; ///< the part that is restored
    pg::DropScope scope;
    std::string part;                 ///< from part_of_database()
    pg::ChosenPart chosen;            ///< of the dump
    const pg::TargetSurvey& approved; ///< the basis of the loss that was shown
    const Context& context;
};

/// Makes the session use the dump's encoding for names, so that they can be compared with the
/// dump's.
void set_client_encoding(pg::Session& session, const std::string& encoding);

/// Throws base::Error{locked} if another restore into the database of `session`, which is not in a
/// transaction, is running: this one would only wait for its locks.
void require_no_other_restore(pg::Session& session);

/// Locks the target for this restore until the session ends; throws base::Error{locked} if another
/// restore holds it.
void take_turn_for_session(pg::Session& session);

/// Drops the objects to drop, runs the dump, proves that it ran what was checked, and commits.
/// Starts over, with every check, if the server rolled it back because of another session and
/// `prepare_again` returns true: others may have committed rows meanwhile that no safety dump has.
/// Returns what was left out, for people. When it throws, nothing is committed; if the connection
/// broke at the commit, it asks the server in a new session, and only if that fails too, the error
/// says that the outcome is unknown.
[[nodiscard]] std::vector<std::string>
run_restore_transaction(const RestoreJob& job, const std::function<bool()>& prepare_again);

} // namespace dbbackup::ops
