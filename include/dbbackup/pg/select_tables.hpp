#pragma once

#include <dbbackup/pg/chosen_part.hpp>
#include <dbbackup/pg/dump_summary.hpp>

#include <string>
#include <vector>

// A dump as far as some of its tables and schemas go; views and sequences count as tables too.

namespace dbbackup::pg {

/// What is asked for, as people write it: exact names ("table", in whatever schema, or
/// "schema.table"), or patterns as pg_dump takes them.
struct WantedPart {
    std::vector<std::string> tables;
    std::vector<std::string> schemas;
    /// Whether what has quotes and is called nothing in the dump may be a name that has them.
    bool quotes_may_be_part = true;

    [[nodiscard]] bool is_whole() const noexcept { return tables.empty() && schemas.empty(); }
};

struct FoundPart {
    ChosenPart part;
    // Of what is asked for, that which nothing in the dump is called.
    std::vector<std::string> missing_tables;
    std::vector<std::string> missing_schemas;
};

/// Looks for `wanted` in a dump. An exact name that the dump has means that, whatever else it
/// could mean as a pattern; but double quotes quote, and a dot outside of them stands between
/// schema and table, if that fits anything. Throws base::Error{usage} for what is no pattern.
[[nodiscard]] FoundPart find_part(const DumpSummary& dump, const WantedPart& wanted);

/// Partitions in `part` whose rows the dump has in a table above them, which is not in `part`
/// (pg_dump --load-via-partition-root).
[[nodiscard]] std::vector<std::string> find_tables_without_rows(const DumpSummary& dump,
                                                                const ChosenPart& part);

/// What DumpReplayer runs of a dump with ReplayOptions::part: the tables with their rows, their
/// indexes, statistics, partitions and owned sequences, all that is in the chosen schemas, the
/// schemas themselves, and the roles that all these need. Of other schemas no types, functions
/// or extensions; no large objects.
[[nodiscard]] DumpSummary select_part(const DumpSummary& dump, const ChosenPart& part);

} // namespace dbbackup::pg
