#include <dbbackup/pg/dump_summary.hpp>

#include <algorithm>

namespace dbbackup::pg {

std::uint64_t DumpSummary::rows() const noexcept {
    std::uint64_t inserted = 0;
    for (const InsertedTable& table : inventory.inserted) {
        inserted += table.rows;
    }
    return contents.total_rows() + inserted;
}

bool DumpSummary::holds_rows_alone() const noexcept {
    return rows() > 0 && std::ranges::none_of(inventory.objects, [](const DumpObject& object) {
               return object.kind == "table";
           });
}

} // namespace dbbackup::pg
