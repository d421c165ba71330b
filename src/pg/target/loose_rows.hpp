#pragma once

#include "pg/target/target_objects.hpp"

#include <dbbackup/pg/dump_summary.hpp>

#include <set>
#include <string>

namespace dbbackup::pg {

/// The rows of a dump for tables that it does not make: the target must have these.
class LooseRows {
public:
    LooseRows(const DumpSummary& dump, const TargetObjects& target);

    /// True if there are rows for that table of the target, which is no extension's.
    [[nodiscard]] bool are_for(const DumpObject& table) const;
    /// True if there are rows for tables of that extension, which the target has.
    [[nodiscard]] bool are_for_extension(const std::string& name) const;
    /// True if there are rows for tables in `schema`, without those that may be for an extension
    /// that the dump makes and the target does not have yet.
    [[nodiscard]] bool need_tables_in(const std::string& schema) const;

private:
    std::set<RelationName> tables_;
    std::set<std::string> extensions_;
    std::vector<DumpedExtension> new_extensions_;
};

} // namespace dbbackup::pg
