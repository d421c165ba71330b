#include "ops/dump/free_space.hpp"

#include <dbbackup/base/byte_size.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

/// Room for a manifest and an empty dump.
constexpr std::uint64_t k_least = 64 * 1024;

std::optional<std::uint64_t> size_of_last(const store::DumpDirectory& directory,
                                          const std::string& database, const std::string& suffix) {
    for (const store::DumpName& name : directory.names_of(database)) {
        if (name.suffix == suffix) {
            return directory.files().find_file_size(store::format_dump_name(name));
        }
    }
    return std::nullopt;
}

std::uint64_t least_room(const DumpRequest& request, const pg::ServerInfo& server,
                         const store::DumpDirectory& directory, const std::string& suffix) {
    // Filters differ from run to run: there is nothing to compare with.
    if (!request.options.unfiltered()) {
        return k_least;
    }
    if (const auto last = size_of_last(directory, request.connection.database, suffix)) {
        return std::max(k_least, *last / 5 * 4);
    }
    const bool compressed = request.options.format == pg::DumpFormat::custom ||
                            request.compression.method != stream::CompressionMethod::none;
    return std::max(k_least, server.table_size.value_or(0) / (compressed ? 20 : 3));
}

} // namespace

void require_room(const DumpRequest& request, const pg::ServerInfo& server,
                  const store::DumpDirectory& directory, const std::string& suffix) {
    const std::uint64_t least = least_room(request, server, directory, suffix);
    const std::uint64_t free = directory.files().free_space();
    if (free < least) {
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format("not enough space in '{}': {} free, but the dump needs at least {}",
                        base::printable(directory.files().path().native()),
                        base::format_byte_size(free), base::format_byte_size(least)),
            "Free some space there, delete old dumps, or choose another directory with --dir."};
    }
}

} // namespace dbbackup::ops
