#include "pg/scan/archive_reader.hpp"

namespace dbbackup::pg {

namespace {

constexpr unsigned k_major_version = 1;
constexpr unsigned k_first_with_name = 4;
/// From this version on, one byte names the compression, before it a number.
constexpr unsigned k_first_with_algorithm = 15;
constexpr int k_numbers_of_date = 7;

/// Bytes of a number, without its sign: the size of an int on pg_dump's machine.
constexpr std::size_t k_shortest_number = 4;
constexpr std::size_t k_longest_number = 8;

} // namespace

std::uint64_t unsigned_number(std::string_view bytes) {
    std::uint64_t value = 0;
    for (auto digit = bytes.rbegin(); digit != bytes.rend(); ++digit) {
        value = value << 8U | static_cast<unsigned char>(*digit);
    }
    return value;
}

std::optional<ArchiveFormat> ArchiveReader::format() {
    const bool is_archive = bytes(k_archive_magic.size()) == k_archive_magic;
    const unsigned major = byte();
    const unsigned minor = byte();
    byte(); // revision
    number_size_ = byte();
    const std::size_t offset_size = byte();
    byte(); // format
    if (!good_ || !is_archive || major != k_major_version || minor < k_first_with_name ||
        number_size_ < k_shortest_number || number_size_ > k_longest_number) {
        return std::nullopt;
    }
    return ArchiveFormat{.minor = minor, .number_size = number_size_, .offset_size = offset_size};
}

unsigned ArchiveReader::byte() {
    const std::string_view taken = bytes(1);
    return taken.empty() ? 0 : static_cast<unsigned char>(taken.front());
}

std::int64_t ArchiveReader::number() {
    const unsigned sign = byte();
    const auto value = static_cast<std::int64_t>(unsigned_number(bytes(number_size_)));
    return sign == 0 ? value : -value;
}

std::optional<std::string_view> ArchiveReader::text() {
    const std::int64_t length = number();
    if (length < 0 || !good_) {
        return std::nullopt;
    }
    const std::string_view found = bytes(static_cast<std::size_t>(length));
    return good_ ? std::optional{found} : std::nullopt;
}

std::string_view ArchiveReader::bytes(std::size_t size) {
    if (!good_ || size > archive_.size() - position_) {
        good_ = false;
        return {};
    }
    position_ += size;
    return archive_.substr(position_ - size, size);
}

void skip_to_name(ArchiveReader& reader, const ArchiveFormat& format) {
    reader.bytes(format.minor >= k_first_with_algorithm ? 1 : 1 + format.number_size);
    for (int i = 0; i < k_numbers_of_date; ++i) {
        reader.number();
    }
}

} // namespace dbbackup::pg
