#pragma once

#include "ops/compare/compared_side.hpp"
#include "ops/read/dump_file.hpp"

#include <dbbackup/ops/context.hpp>
#include <dbbackup/store/dump_query.hpp>
#include <dbbackup/store/manifest.hpp>

#include <map>

namespace dbbackup::ops {

/// Whether the primary keys must be known, which a manifest does not have.
enum class Keys { needed, not_needed };

/// A dump. What its manifest records is not read again.
class DumpSide : public ComparedSide {
public:
    /// Reads the dump if its manifest does not record enough. Throws base::Error.
    DumpSide(store::FoundDump found, Keys keys, const Context& context);

    /// Of all rows, in COPY's text format.
    [[nodiscard]] std::uint64_t row_bytes() const noexcept;

    [[nodiscard]] ComparedState describe() const override { return description_; }

    [[nodiscard]] const pg::DatabaseState& state() const override { return state_; }

    [[nodiscard]] std::vector<pg::StatePart> invalid_indexes() const override { return {}; }

    [[nodiscard]] std::string rows_unknown(const pg::RelationName& table) const override;
    [[nodiscard]] std::vector<pg::RowDigest>
    digests(const std::vector<TableColumns>& tables) override;
    [[nodiscard]] std::vector<std::uint64_t>
    count_rows(const std::vector<pg::RelationName>& tables) override;
    void read_rows(const TableColumns& table, const RowReader& read) override;

private:
    void read_all();
    void read(stream::Observer& observer, pg::DumpScanner& scanner);
    [[nodiscard]] ChildWatch watch() const;

    store::FoundDump found_;
    const Context& context_;
    DumpFile file_;
    ComparedState description_;
    pg::DatabaseState state_;
    std::map<pg::RelationName, store::Manifest::Table> tables_; ///< with the recorded fingerprints
    bool loads_via_root_ = false; ///< rows of partitions are under their partitioned tables
    bool has_inserts_ = false;    ///< rows are in INSERT statements, which are not counted
};

} // namespace dbbackup::ops
