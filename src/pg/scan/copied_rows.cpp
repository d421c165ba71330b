#include "pg/scan/copied_rows.hpp"

namespace dbbackup::pg {

namespace {

/// True if a row with this beginning can still become the end of the data.
bool may_be_end_of_data(std::string_view row_start) {
    return std::string_view{"\\.\r"}.starts_with(row_start);
}

} // namespace

void CopiedRows::take(std::string_view lines, bool ended, std::uint64_t rows_of_block) {
    std::string joined;
    if (!held_.empty()) {
        joined = held_ + std::string{lines};
        lines = joined;
        held_.clear();
    }
    const std::size_t last_line = lines.substr(0, lines.size() - (ended ? 1 : 0)).rfind('\n');
    const std::size_t tail_start = last_line == std::string_view::npos ? 0 : last_line + 1;
    if (ended) {
        pass(lines.substr(0, tail_start)); // what follows is the `\.`
        listener_.on_rows_end(rows_of_block);
        return;
    }
    const std::string_view tail = lines.substr(tail_start);
    if (!tail.empty() && may_be_end_of_data(tail)) {
        held_ = tail;
        lines.remove_suffix(tail.size());
    }
    pass(lines);
}

void CopiedRows::pass(std::string_view rows) {
    if (!rows.empty()) {
        listener_.on_rows(base::as_bytes(rows));
    }
}

} // namespace dbbackup::pg
