#pragma once

#include <dbbackup/pg/dump_outline.hpp>
#include <dbbackup/pg/dump_scanner.hpp>
#include <dbbackup/pg/session.hpp>

#include <cstdint>
#include <string>

namespace dbbackup::pg {

struct RowDigest {
    std::uint64_t rows = 0;
    Fingerprint fingerprint; ///< as DumpScanner computes it

    bool operator==(const RowDigest&) const = default;
};

/// Makes the session write rows as pg_dump does, in `encoding` (DumpInventory::encoding; the
/// session's own where that is empty), for as long as it lives. Throws ServerError.
void write_rows_as_dumped(Session& session, const std::string& encoding);

/// Reads `table` in the columns' order of its COPY, from a session that writes rows as dumped: the
/// dump's COPY turned around. Its schema must be known. Only what the table holds itself, without
/// tables that inherit from it. Throws ServerError.
[[nodiscard]] RowDigest read_row_digest(Session& session, const CopiedTable& table);

} // namespace dbbackup::pg
