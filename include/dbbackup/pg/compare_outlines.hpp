#pragma once

#include <dbbackup/pg/dump_outline.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace dbbackup::pg {

enum class TableMatch {
    equal,
    rows_counted,      ///< as many rows; they stand in one of the dumps as INSERTs, unlike COPY
    columns_reordered, ///< as many rows, with the same columns in another order
    rows_differ,       ///< more or fewer rows
    contents_differ,   ///< as many rows, but not the same ones, or of other columns
    missing,           ///< in the copy
    unexpected,        ///< in the copy alone
};

struct ComparedTable {
    std::string schema; ///< as the dump has it; of an unexpected one as the copy has it
    std::string name;
    std::uint64_t rows_in_dump = 0; ///< INSERTs included
    std::uint64_t rows_in_copy = 0;
    TableMatch match = TableMatch::equal;

    bool operator==(const ComparedTable&) const = default;
};

/// In what the dump of a copy differs from the dump that it was made from. Findings are for people:
/// safe to print, and without the literals of statements.
struct OutlineDifference {
    std::vector<ComparedTable> tables;  ///< all, in the order of the dump, unexpected ones behind
    std::vector<std::string> objects;   ///< "view public.v is missing in the copy"
    std::vector<std::string> sequences; ///< "sequence public.s: 42 in the dump, 41 in the copy"
    std::vector<std::string> large_objects; ///< "large object 7 has another content in the copy"
    std::vector<std::string> statements;    ///< "only in the dump: CREATE INDEX …"

    bool operator==(const OutlineDifference&) const = default;
};

/// Statements of different versions of pg_dump or the server can be written differently and mean
/// the same. What they make is compared always.
enum class ComparedText { nothing, statements };

/// Both outlines are finished. Where one of them does not say a schema, as dumps of before 10.3 may
/// not, a name is matched by itself if only one on either side can be meant. A schema public, and
/// plpgsql, which every new database has and not every version writes, are not missed.
[[nodiscard]] OutlineDifference compare_outlines(const DumpOutline& dump, const DumpOutline& copy,
                                                 ComparedText text);

} // namespace dbbackup::pg
