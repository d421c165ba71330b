#pragma once

#include <dbbackup/base/error.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace dbbackup::ops {

/// A row of a dump.
struct RowPlace {
    std::string table;     ///< "schema.table", safe to print
    std::uint64_t row = 0; ///< in the order of the dump, from 1
};

/// Where damage was found in a dump, as far as known.
struct DamagePlace {
    std::optional<std::uint64_t> member; ///< of gzip, or frame of zstd, counted from 1
    std::optional<std::uint64_t> offset; ///< of that member in the file, bytes
    std::string table;                   ///< "schema.table", safe to print, or empty
    /// The damage is between these rows; nothing if it is not in rows, or unknown.
    std::optional<RowPlace> first_row;
    std::optional<RowPlace> last_row;
};

/// A dump that is not sound. The message begins with the file.
class DamagedDump : public base::Error {
public:
    DamagedDump(const std::string& message, std::string hint, DamagePlace place)
        : Error(base::ErrorKind::damaged, message, std::move(hint)), place_(std::move(place)) {}

    [[nodiscard]] const DamagePlace& place() const noexcept { return place_; }

private:
    DamagePlace place_;
};

} // namespace dbbackup::ops
