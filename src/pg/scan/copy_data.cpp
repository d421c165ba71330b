#include "pg/scan/copy_data.hpp"

// For short rows, the inlined functions are much faster than calls to the library.
#define XXH_INLINE_ALL
#include <cstring>
#include <utility>
#include <xxhash.h>

namespace dbbackup::pg {

namespace {

bool is_end_of_data(std::string_view line) {
    return line == "\\." || line == "\\.\r";
}

Fingerprint fingerprint_of(const XXH128_hash_t& hash) {
    return {hash.low64, hash.high64};
}

} // namespace

struct CopyData::RowHash {
    XXH3_state_t state;
};

CopyData::CopyData() : row_hash_(std::make_unique<RowHash>()) {
}

CopyData::~CopyData() = default;

std::size_t CopyData::take(std::string_view text, ScannedTable& table) {
    if (ended_) {
        return 0;
    }
    const std::size_t taken = row_length_ > 0 ? take_split_row(text, table) : 0;
    if (ended_ || row_length_ > 0) {
        return taken;
    }
    return taken + take_whole_rows(text.substr(taken), table);
}

/// The hot loop: every byte of every row passes through it.
std::size_t CopyData::take_whole_rows(std::string_view text, ScannedTable& table) {
    const char* row = text.data();
    const char* const end = row + text.size();
    const auto left = [&] { return static_cast<std::size_t>(end - row); };
    std::uint64_t rows = 0;
    Fingerprint sum = table.fingerprint;
    while (const auto* line_end = static_cast<const char*>(std::memchr(row, '\n', left()))) {
        const auto length = static_cast<std::size_t>(line_end - row);
        if (*row == '\\' && is_end_of_data({row, length})) {
            ended_ = true;
            break;
        }
        sum.add(fingerprint_of(XXH3_128bits(row, length)));
        ++rows;
        row = line_end + 1;
    }
    table.fingerprint = sum;
    table.rows += rows;
    table.bytes += text.size() - left();
    if (ended_) {
        return text.find('\n', text.size() - left()) + 1;
    }
    if (left() > 0) {
        XXH3_128bits_reset(&row_hash_->state);
        add_to_split_row({row, left()});
    }
    return text.size();
}

std::size_t CopyData::take_split_row(std::string_view text, ScannedTable& table) {
    const std::size_t line_end = text.find('\n');
    add_to_split_row(text.substr(0, line_end));
    if (line_end == std::string_view::npos) {
        return text.size();
    }
    const auto length = static_cast<std::size_t>(std::exchange(row_length_, 0));
    if (length <= row_start_.size() && is_end_of_data({row_start_.data(), length})) {
        ended_ = true;
    } else {
        table.fingerprint.add(fingerprint_of(XXH3_128bits_digest(&row_hash_->state)));
        table.bytes += length + 1;
        ++table.rows;
    }
    return line_end + 1;
}

void CopyData::add_to_split_row(std::string_view part) {
    if (row_length_ < row_start_.size()) {
        part.copy(row_start_.data() + row_length_, row_start_.size() - row_length_);
    }
    XXH3_128bits_update(&row_hash_->state, part.data(), part.size());
    row_length_ += part.size();
}

} // namespace dbbackup::pg
