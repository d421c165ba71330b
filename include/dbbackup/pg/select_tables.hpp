#pragma once

#include <dbbackup/pg/chosen_part.hpp>
#include <dbbackup/pg/dump_summary.hpp>

#include <string>
#include <vector>

// A part of a dump: some of its tables and schemas. Views and sequences count as tables.

namespace dbbackup::pg {

/// What is asked for, as people write it: exact names ("table", in any schema, or "schema.table"),
/// or patterns as pg_dump accepts them.
struct WantedPart {
    std::vector<std::string> tables;
    std::vector<std::string> schemas;
    /// Whether a text with quotes that matches nothing in the dump may be a name that has them.
    bool quotes_may_be_part = true;

    [[nodiscard]] bool is_whole() const noexcept { return tables.empty() && schemas.empty(); }
};

struct FoundPart {
    ChosenPart part;
    // What is asked for, but matches nothing in the dump.
    std::vector<std::string> missing_tables;
    std::vector<std::string> missing_schemas;
};

/// Looks for `wanted` in a dump. An exact name in the dump wins over what it could mean as a
/// pattern; but double quotes quote, and a dot outside them separates schema and table, if that
/// matches anything. Throws base::Error{usage} for an invalid pattern.
[[nodiscard]] FoundPart find_part(const DumpSummary& dump, const WantedPart& wanted);

/// Partitions in `part` whose rows the dump has in a parent table that is not in `part` (pg_dump
/// --load-via-partition-root).
[[nodiscard]] std::vector<std::string> find_tables_without_rows(const DumpSummary& dump,
                                                                const ChosenPart& part);

/// What DumpReplayer runs of a dump with ReplayOptions::part: the tables with their rows, indexes,
/// statistics, partitions and owned sequences, everything in the chosen schemas, the schemas
/// themselves, and the roles that all these need. No types, functions or extensions of other
/// schemas; no large objects.
[[nodiscard]] DumpSummary select_part(const DumpSummary& dump, const ChosenPart& part);

} // namespace dbbackup::pg
