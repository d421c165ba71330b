#include "pg/statement_text.hpp"

#include <algorithm>

namespace dbbackup::pg {

void StatementText::append(std::string_view piece, std::uint64_t offset, std::size_t most) {
    if (text_.empty()) {
        text_offset_ = offset;
    } else if (start_ && *start_ > text_offset_) {
        text_.erase(0, static_cast<std::size_t>(*start_ - text_offset_));
        text_offset_ = *start_;
    }
    // Behind a cut there is no place for what comes later.
    if (text_offset_ + text_.size() == offset) {
        text_.append(piece.substr(0, most - std::min(most, text_.size())));
    }
}

std::string_view StatementText::up_to(std::uint64_t end) const {
    const std::string_view text = text_;
    const auto from = static_cast<std::size_t>(start_.value() - text_offset_);
    return text.substr(std::min(from, text.size()), static_cast<std::size_t>(end - *start_));
}

void StatementText::clear() noexcept {
    text_.clear();
    start_.reset();
}

} // namespace dbbackup::pg
