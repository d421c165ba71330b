#pragma once

#include <dbbackup/pg/dump_outline.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace dbbackup::pg {

enum class TableMatch {
    equal,
    rows_counted,      ///< as many rows; one of the dumps has them as INSERTs, not as COPY
    columns_reordered, ///< as many rows, and the same columns in another order
    rows_differ,       ///< more or fewer rows
    contents_differ,   ///< as many rows, but different ones, or other columns
    missing,           ///< in the copy
    unexpected,        ///< only in the copy
};

struct ComparedTable {
    std::string schema; ///< as in the dump; if unexpected, as in the copy
    std::string name;
    std::uint64_t rows_in_dump = 0; ///< INSERTs included
    std::uint64_t rows_in_copy = 0;
    TableMatch match = TableMatch::equal;

    bool operator==(const ComparedTable&) const = default;
};

/// How the dump of a copy differs from the dump that the copy was made from. Findings are for
/// people: safe to print, and without the literals of statements.
struct OutlineDifference {
    std::vector<ComparedTable> tables;      ///< all, in the order of the dump, unexpected ones last
    std::vector<std::string> objects;       ///< "view public.v is missing in the copy"
    std::vector<std::string> sequences;     ///< "sequence public.s: 42 in the dump, 41 in the copy"
    std::vector<std::string> large_objects; ///< "large object 7 has another content in the copy"
    std::vector<std::string> statements;    ///< "only in the dump: CREATE INDEX …"
    /// Likewise, in pairs that have the same skeleton (OutlinedStatement).
    std::vector<std::string> rewritten;

    bool operator==(const OutlineDifference&) const = default;
};

/// Other versions of pg_dump or the server can write the same statement differently. The objects
/// that the statements make are always compared.
enum class ComparedText {
    nothing,
    version_neutral, ///< as far as every major version writes it alike
    statements,
};

/// Both outlines are finished. If one of them does not name a schema, as before 10.3, a name is
/// matched without it if it is unique on both sides. A missing schema public or plpgsql is not
/// reported: every new database has them, and not every version writes them.
[[nodiscard]] OutlineDifference compare_outlines(const DumpOutline& dump, const DumpOutline& copy,
                                                 ComparedText text);

} // namespace dbbackup::pg
