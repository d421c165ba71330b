#pragma once

#include "ops/compare/compared_side.hpp"

#include <dbbackup/ops/context.hpp>
#include <dbbackup/pg/connection_url.hpp>
#include <dbbackup/pg/live_state.hpp>
#include <dbbackup/pg/session.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace dbbackup::ops {

struct LiveRequest {
    pg::Connection connection;
    std::string encoding; ///< of the dump that it is compared with; empty: the database's own
    std::chrono::milliseconds lock_timeout;
    std::uint64_t estimated_bytes; ///< of all rows, for progress
    pg::RelationFilter wanted;     ///< names as a manifest spells them
};

/// A database as it is now: one snapshot, read by several sessions at a time.
class LiveSide : public ComparedSide {
public:
    /// Throws base::Error.
    LiveSide(const LiveRequest& request, const Context& context);

    [[nodiscard]] ComparedState describe() const override { return description_; }

    [[nodiscard]] const pg::DatabaseState& state() const override { return state_; }

    [[nodiscard]] std::vector<pg::StatePart> invalid_indexes() const override {
        return invalid_indexes_;
    }

    [[nodiscard]] std::string rows_unknown(const pg::RelationName&) const override { return {}; }

    [[nodiscard]] std::vector<pg::RowDigest>
    digests(const std::vector<TableColumns>& tables) override;
    [[nodiscard]] std::vector<std::uint64_t>
    count_rows(const std::vector<pg::RelationName>& tables) override;
    void read_rows(const TableColumns& table, const RowReader& read) override;

    /// The partitions that have the rows of a partitioned table; none of another table. Throws
    /// base::Error.
    [[nodiscard]] std::vector<pg::RelationName> partitions_of(const pg::RelationName& table);

private:
    using Work = std::function<void(pg::Session&, std::size_t index)>;

    [[nodiscard]] pg::LiveState read_state(const pg::ServerInfo& server);
    [[nodiscard]] const pg::LiveTable& find(const pg::RelationName& table) const;
    /// The names of the columns as the server spells them.
    [[nodiscard]] std::string copy_statement(const TableColumns& table) const;
    /// Calls `work` for each of `tables`, the largest first, in several threads with their own
    /// sessions. Reports progress.
    void for_each(const std::vector<pg::RelationName>& tables, const Work& work);

    const Context& context_;
    LiveRequest request_;
    pg::Session leader_; ///< whose transaction keeps the snapshot
    std::string snapshot_;
    ComparedState description_;
    pg::DatabaseState state_;
    std::map<pg::RelationName, pg::LiveTable> tables_;
    std::vector<pg::StatePart> invalid_indexes_;
    std::atomic<std::uint64_t> bytes_{0}; ///< of the rows read so far
};

} // namespace dbbackup::ops
