#include "pg/sql/statement_text.hpp"

#include <dbbackup/base/text.hpp>

#include <algorithm>

namespace dbbackup::pg {

std::string shown_beginning(std::string_view sql) {
    constexpr std::size_t k_shown = 80; // bytes
    const std::size_t end = std::min({sql.find_first_of("'$"), k_shown, sql.size()});
    std::string beginning{sql.substr(0, end)};
    std::ranges::replace(beginning, '\n', ' ');
    const std::string line = base::printable_line(beginning);
    return end < sql.size() ? line + "…" : line;
}

void StatementText::show(std::string_view piece, std::uint64_t offset, std::size_t most) noexcept {
    piece_ = piece;
    piece_offset_ = offset;
    most_ = most;
}

void StatementText::begin_at(std::uint64_t offset) noexcept {
    if (start_) {
        return;
    }
    start_ = offset;
    keep_from(offset);
}

std::string_view StatementText::up_to(std::uint64_t end) {
    if (*start_ >= piece_offset_) {
        return piece_.substr(static_cast<std::size_t>(*start_ - piece_offset_),
                             std::min(static_cast<std::size_t>(end - *start_), most_));
    }
    append(piece_offset_, end);
    return kept_;
}

void StatementText::end() noexcept {
    start_.reset();
    kept_.clear();
}

void StatementText::settle(const SqlLexer& lexer) {
    const SqlLexer::Inside inside = lexer.inside();
    const bool between = inside == SqlLexer::Inside::nothing || inside == SqlLexer::Inside::comment;
    if (between && !begun()) {
        drop();
    } else {
        keep(lexer.token_start());
    }
}

void StatementText::keep(std::uint64_t token_start) {
    const std::uint64_t from = start_.value_or(token_start);
    keep_from(from);
    append(std::max(from, piece_offset_), piece_offset_ + piece_.size());
}

/// What was kept may turn out not to be a token.
void StatementText::keep_from(std::uint64_t start) noexcept {
    if (kept_offset_ != start) {
        kept_.clear();
        kept_offset_ = start;
    }
}

void StatementText::append(std::uint64_t from, std::uint64_t to) {
    const std::string_view text = piece_.substr(static_cast<std::size_t>(from - piece_offset_),
                                                static_cast<std::size_t>(to - from));
    kept_.append(text.substr(0, most_ - std::min(most_, kept_.size())));
}

} // namespace dbbackup::pg
