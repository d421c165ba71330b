#pragma once

#include "ops/read/dump_check.hpp"
#include "ops/read/dump_file.hpp"
#include "ops/target/target_server.hpp"

#include <dbbackup/ops/context.hpp>
#include <dbbackup/ops/restore.hpp>
#include <dbbackup/pg/target.hpp>

#include <string>
#include <vector>

namespace dbbackup::ops {

/// With more memory than the default of 64 MB, indexes are built faster.
inline constexpr const char* k_maintenance_memory = "256MB";

/// Everything that the one transaction of a restore needs.
struct RestoreJob {
    const RestoreRequest& request;
    const TargetServer& server;
    const DumpFile& file;
    const CheckedDump& dump;         ///< all of it
    const pg::DumpSummary& restored; ///< what of it is restored
    pg::DropScope scope;
    std::string part;                 ///< as part_of_database() has it
    pg::ChosenPart chosen;            ///< of the dump
    const pg::TargetSurvey& approved; ///< what the loss was shown from
    const Context& context;
};

/// Has the session speak of names in the dump's own encoding, so that they can be compared with
/// the dump's.
void set_client_encoding(pg::Session& session, const std::string& encoding);

/// Throws base::Error{locked} if another restore into the database of `session`, which is in no
/// transaction, is under way: its locks would only be waited for.
void require_no_other_restore(pg::Session& session);

/// Holds the target for this restore until the session ends; throws base::Error{locked} where
/// another one has it.
void take_turn_for_session(pg::Session& session);

/// Drops what goes, runs the dump, proves that what ran is what was checked, and commits. Returns
/// what was left out, for people. When it throws, nothing is committed; where the connection broke
/// at the commit, the server is asked in a new session, and only if that fails too does the
/// error say that nobody knows.
[[nodiscard]] std::vector<std::string> run_restore_transaction(const RestoreJob& job);

} // namespace dbbackup::ops
