#include <dbbackup/pg/dump_scanner.hpp>

#include <fmt/format.h>

namespace dbbackup::pg {

void Fingerprint::add(const Fingerprint& row) noexcept {
    low += row.low;
    high += row.high + (low < row.low ? 1 : 0);
}

std::string Fingerprint::hex() const {
    return fmt::format("{:016x}{:016x}", high, low);
}

std::uint64_t DumpContents::total_rows() const noexcept {
    std::uint64_t rows = 0;
    for (const ScannedTable& table : tables) {
        rows += table.rows;
    }
    return rows;
}

} // namespace dbbackup::pg
