#pragma once

#include "ops/target/target_server.hpp"

#include <dbbackup/ops/listener.hpp>
#include <dbbackup/pg/dump_summary.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// Runs ANALYZE on the tables that were restored into `database`, with one session per processor,
/// at most four. A failure is a warning: the restore itself is complete.
void analyze_tables(const TargetServer& server, const std::string& database,
                    const pg::DumpSummary& restored, Listener& listener);

/// Constraints in the restored schemas that are NOT VALID, as in the dump, for people.
[[nodiscard]] std::vector<std::string>
list_not_validated(const TargetServer& server, const pg::DumpSummary& restored, Listener& listener);

/// A table of the dump in a database.
struct CountedTable {
    std::string name; ///< qualified and quoted
    std::uint64_t rows_wanted = 0;
    std::uint64_t rows_found = 0;
};

/// Counts the rows of the tables that the dump has rows for. Throws base::Error, also if one of
/// them does not exist.
[[nodiscard]] std::vector<CountedTable> count_restored_rows(pg::Session& session,
                                                            const pg::DumpContents& contents);

} // namespace dbbackup::ops
