#pragma once

#include "ops/transfer/export_header.hpp"

#include <dbbackup/ops/context.hpp>
#include <dbbackup/ops/export.hpp>
#include <dbbackup/pg/exported_rows.hpp>
#include <dbbackup/pg/session.hpp>

#include <cstdint>
#include <map>
#include <vector>

namespace dbbackup::ops {

/// A table of an export.
struct PlannedTable {
    pg::CatalogTable catalog;
    pg::ExportedRows rows;
    std::uint64_t undated = 0; ///< rows whose date is NULL
};

struct ExportPlan {
    ExportHeader header; ///< its tables are in the same order
    std::vector<PlannedTable> tables;
    std::vector<pg::CatalogTable> catalog; ///< all of the database
};

/// Finds out what to export, and begins the transaction that sees the database as of one moment.
/// Throws base::Error.
[[nodiscard]] ExportPlan plan_export(pg::Session& session, int server_version_number,
                                     const ExportRequest& request, const Context& context);

} // namespace dbbackup::ops
