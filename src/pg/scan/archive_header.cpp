#include <dbbackup/pg/archive_header.hpp>
#include <dbbackup/pg/connection_url.hpp>

#include <cstdint>

namespace dbbackup::pg {

namespace {

constexpr std::string_view k_magic = "PGDMP";
constexpr int k_major_version = 1;
constexpr unsigned k_first_with_name = 4;
/// From this version on, one byte names the compression, before it a number.
constexpr unsigned k_first_with_algorithm = 15;
constexpr int k_numbers_of_date = 7;

/// Bytes of a number, without its sign: the size of an int on pg_dump's machine.
constexpr std::size_t k_shortest_number = 4;
constexpr std::size_t k_longest_number = 8;

/// Reads from the front; once something is missing, everything after it is missing too.
class HeaderReader {
public:
    explicit HeaderReader(std::string_view rest) : rest_(rest) {}

    std::optional<unsigned> byte() {
        const auto taken = bytes(1);
        return taken ? std::optional<unsigned>{static_cast<unsigned char>(taken->front())}
                     : std::nullopt;
    }

    /// A sign and `size` bytes, the least significant first; nothing for a negative number.
    std::optional<std::uint64_t> number(std::size_t size) {
        const auto sign = byte();
        const auto digits = bytes(size);
        if (!sign || *sign != 0 || !digits) {
            return std::nullopt;
        }
        std::uint64_t value = 0;
        for (auto digit = digits->rbegin(); digit != digits->rend(); ++digit) {
            value = value << 8U | static_cast<unsigned char>(*digit);
        }
        return value;
    }

    std::optional<std::string_view> bytes(std::size_t size) {
        if (size > rest_.size()) {
            rest_ = {};
            return std::nullopt;
        }
        const std::string_view taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }

private:
    std::string_view rest_;
};

} // namespace

std::optional<std::string> find_archived_database(std::string_view beginning) {
    if (!beginning.starts_with(k_magic)) {
        return std::nullopt;
    }
    HeaderReader header{beginning.substr(k_magic.size())};
    const auto major = header.byte();
    const auto minor = header.byte();
    header.bytes(1); // revision
    const auto number_size = header.byte();
    header.bytes(2); // size of offsets, format
    if (major != k_major_version || !minor || *minor < k_first_with_name || !number_size ||
        *number_size < k_shortest_number || *number_size > k_longest_number) {
        return std::nullopt;
    }
    header.bytes(*minor >= k_first_with_algorithm ? 1 : 1 + *number_size);
    header.bytes(k_numbers_of_date * (1 + *number_size));
    const auto length = header.number(*number_size);
    if (!length || *length == 0 || *length > k_longest_database_name) {
        return std::nullopt;
    }
    const auto name = header.bytes(*length);
    return name ? std::optional{std::string{*name}} : std::nullopt;
}

} // namespace dbbackup::pg
