#pragma once

#include <dbbackup/pg/compare_outlines.hpp>

// The individual comparisons of compare_outlines(), each with its findings.

namespace dbbackup::pg {

[[nodiscard]] std::vector<ComparedTable> compare_tables(const DumpOutline& dump,
                                                        const DumpOutline& copy);

[[nodiscard]] std::vector<std::string> compare_objects(const DumpOutline& dump,
                                                       const DumpOutline& copy);

[[nodiscard]] std::vector<std::string> compare_sequences(const OutlineDetails& dump,
                                                         const OutlineDetails& copy);

[[nodiscard]] std::vector<std::string> compare_large_objects(const DumpOutline& dump,
                                                             const DumpOutline& copy);

struct StatementFindings {
    std::vector<std::string> lone;      ///< OutlineDifference::statements
    std::vector<std::string> rewritten; ///< OutlineDifference::rewritten
};

[[nodiscard]] StatementFindings compare_statements(const OutlineDetails& dump,
                                                   const OutlineDetails& copy, ComparedText text);

} // namespace dbbackup::pg
