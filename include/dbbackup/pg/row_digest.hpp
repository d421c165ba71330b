#pragma once

#include <dbbackup/pg/dump_outline.hpp>
#include <dbbackup/pg/dump_scanner.hpp>
#include <dbbackup/pg/session.hpp>

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace dbbackup::pg {

struct RowDigest {
    std::uint64_t rows = 0;
    Fingerprint fingerprint; ///< as DumpScanner computes it

    bool operator==(const RowDigest&) const = default;
};

/// Makes the session write rows as pg_dump does, in `encoding` (DumpInventory::encoding; if empty,
/// the session's own), for the rest of the session. Throws ServerError.
void write_rows_as_dumped(Session& session, const std::string& encoding);

/// Counts and adds a row in COPY's text format, without its line end.
void add_row(RowDigest& digest, std::string_view row);

/// Reads the rows of a COPY … TO STDOUT. `table` names what it copies in errors; `bytes`, if not
/// null, grows as they arrive. Throws ServerError.
[[nodiscard]] RowDigest read_row_digest(Session& session, const std::string& copy_statement,
                                        const RelationName& table,
                                        std::atomic<std::uint64_t>* bytes = nullptr);

/// Reads `table` in the column order of its COPY, from a session that writes rows as dumped: the
/// reverse of the dump's COPY. Its schema must be known. Only the table's own rows, without those
/// of tables that inherit from it. Throws ServerError.
[[nodiscard]] RowDigest read_row_digest(Session& session, const CopiedTable& table);

} // namespace dbbackup::pg
