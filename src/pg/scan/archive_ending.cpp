#include "pg/scan/archive_reader.hpp"

#include <dbbackup/base/bytes.hpp>
#include <dbbackup/pg/archive_ending.hpp>

#include <algorithm>
#include <utility>

namespace dbbackup::pg {

namespace {

/// PostgreSQL 8.0 to 18.
constexpr unsigned k_first_format = 10;
constexpr unsigned k_last_format = 16;

/// The state of an entry's offset (K_OFFSET_POS_NOT_SET, K_OFFSET_POS_SET): the entry has data.
constexpr unsigned k_offset_not_set = 1;
constexpr unsigned k_offset_set = 2;

/// Kinds of blocks.
constexpr char k_rows = 1;
constexpr char k_large_objects = 3;

/// More is no table of contents, but damage.
constexpr std::size_t k_most_contents = std::size_t{256} << 20U;

bool is_known(const ArchiveFormat& format) {
    return format.minor >= k_first_format && format.minor <= k_last_format;
}

/// Whose statements pg_dump 18 writes only once: a second table is shorter by these.
constexpr std::string_view k_statistics = "STATISTICS DATA";

/// An entry's texts up to its dependencies; `minor` as in 1.N. Returns the bytes that a second
/// table of contents need not repeat.
std::size_t skip_texts(ArchiveReader& reader, unsigned minor) {
    reader.text(); // OID of the catalog
    reader.text(); // OID
    reader.text(); // tag
    const auto kind = reader.text();
    if (minor >= 11) {
        reader.number(); // section
    }
    const std::size_t statement_at = reader.position();
    reader.text(); // statement
    const std::size_t statement_size = reader.position() - statement_at;
    reader.text(); // DROP
    reader.text(); // COPY
    reader.text(); // schema
    reader.text(); // tablespace
    if (minor >= 14) {
        reader.text(); // access method
    }
    if (minor >= 16) {
        reader.number(); // relkind
    }
    reader.text(); // owner
    reader.text(); // WITH OIDS
    return kind == k_statistics ? statement_size : 0;
}

} // namespace

std::optional<ArchiveContents> read_archive_contents(std::string_view beginning) {
    ArchiveReader reader{beginning};
    const auto format = reader.format();
    if (!format || !is_known(*format)) {
        return std::nullopt;
    }
    skip_to_name(reader, *format);
    reader.text(); // database
    reader.text(); // version of the server
    reader.text(); // version of pg_dump
    const std::size_t table_at = reader.position();
    const std::int64_t entries = reader.number();
    if (!reader.good()) {
        return std::nullopt;
    }
    ArchiveContents contents{
        .size = 0,
        .number_size = format->number_size,
        .second_table_size = 0,
        .table_start = std::string{beginning.substr(table_at, reader.position() - table_at)},
        .expected = {}};
    std::size_t not_repeated = 0;
    for (std::int64_t i = 0; i < entries && reader.good(); ++i) {
        const std::int64_t id = reader.number();
        reader.number(); // whether it had data when it was dumped
        not_repeated += skip_texts(reader, format->minor);
        while (reader.text()) { // dependencies
        }
        const unsigned state = reader.byte();
        reader.bytes(format->offset_size);
        if (state == k_offset_set || state == k_offset_not_set) {
            contents.expected.insert(static_cast<std::uint64_t>(id));
        }
    }
    if (!reader.good()) {
        return std::nullopt;
    }
    contents.size = reader.position();
    contents.second_table_size = contents.size - table_at - not_repeated;
    return contents;
}

void ArchiveEnding::observe(base::Bytes bytes) {
    if (next_ == Next::contents) {
        read_contents(base::as_text(bytes));
    } else {
        walk(base::as_text(bytes));
    }
}

void ArchiveEnding::read_contents(std::string_view text) {
    beginning_ += text;
    if (beginning_.size() < worth_reading_) {
        return;
    }
    worth_reading_ = 2 * beginning_.size(); // so that the time stays proportional to the size
    if (auto contents = read_archive_contents(beginning_)) {
        contents_ = std::move(*contents);
        next_ = Next::block_type;
        const std::string rest = beginning_.substr(contents_.size);
        beginning_ = {};
        walk(rest);
    } else if (beginning_.size() > k_most_contents) {
        next_ = Next::not_judged;
        beginning_ = {};
    }
}

void ArchiveEnding::walk(std::string_view text) {
    while (!text.empty() && next_ != Next::not_judged) {
        if (next_ == Next::after_end) {
            after_end_ += text.substr(0, contents_.table_start.size() - after_end_.size());
            size_after_end_ += text.size();
            return;
        }
        if (next_ == Next::data) {
            const std::uint64_t taken = std::min<std::uint64_t>(data_left_, text.size());
            text.remove_prefix(taken);
            data_left_ -= taken;
            next_ = data_left_ == 0 ? Next::length : Next::data;
        } else if (next_ == Next::block_type && contents_.expected.empty()) {
            next_ = Next::after_end;
        } else if (next_ == Next::block_type) {
            take_type(text.front());
            text.remove_prefix(1);
        } else if (const auto number = collect_number(text)) {
            take_number(*number);
        }
    }
}

void ArchiveEnding::take_type(char type) {
    // Whatever follows the last block is no part of the archive.
    const bool is_block =
        !contents_.expected.empty() && (type == k_rows || type == k_large_objects);
    in_large_objects_ = type == k_large_objects;
    next_ = is_block ? Next::block_id : Next::not_judged;
}

void ArchiveEnding::take_number(std::uint64_t number) {
    switch (next_) {
    case Next::block_id:
        contents_.expected.erase(number);
        next_ = in_large_objects_ ? Next::large_object : Next::length;
        break;
    case Next::large_object: // its OID; 0 after the last one
        next_ = number == 0 ? Next::block_type : Next::length;
        break;
    default: // of a piece of data; 0 after the last one
        data_left_ = number;
        if (number > 0) {
            next_ = Next::data;
        } else {
            next_ = in_large_objects_ ? Next::large_object : Next::block_type;
        }
    }
}

std::optional<std::uint64_t> ArchiveEnding::collect_number(std::string_view& text) {
    const std::size_t taken = std::min(1 + contents_.number_size - number_.size(), text.size());
    number_ += text.substr(0, taken);
    text.remove_prefix(taken);
    if (number_.size() <= contents_.number_size) {
        return std::nullopt;
    }
    const std::uint64_t value = unsigned_number(std::string_view{number_}.substr(1));
    number_.clear();
    return value;
}

bool ArchiveEnding::ends_within_second_table() const {
    return size_after_end_ < contents_.second_table_size &&
           contents_.table_start.starts_with(after_end_);
}

std::string ArchiveEnding::incompleteness() {
    if (next_ == Next::contents) {
        worth_reading_ = 0; // not all of it was read when the last bytes came
        read_contents({});
    }
    switch (next_) {
    case Next::contents: {
        const auto format = ArchiveReader{beginning_}.format();
        return format && is_known(*format) ? "the file ends within its table of contents" : "";
    }
    case Next::block_type:
        return contents_.expected.empty() ? "" : "the file ends before the last of its data";
    case Next::after_end: // whatever else is there is no part of the archive
        return ends_within_second_table() ? "the file ends within its second table of contents"
                                          : "";
    case Next::not_judged:
        return {};
    default:
        return "the file ends within its data";
    }
}

} // namespace dbbackup::pg
