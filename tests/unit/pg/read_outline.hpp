#pragma once

#include "dump_samples.hpp"

#include <dbbackup/pg/dump_outline.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace dbbackup::pg {

/// The outline of `sql` and pg_dump's completion line, read as a first piece of `head` bytes and
/// others of `chunk`.
inline DumpOutline outline_of(const std::string& sql, std::size_t head, std::size_t chunk) {
    const std::string dump = sql + samples::k_end;
    DumpOutline outline;
    std::string_view rest = dump;
    for (std::size_t size = head; !rest.empty(); size = chunk) {
        size = std::min(size, rest.size());
        outline.observe(base::as_bytes(rest.substr(0, size)));
        rest.remove_prefix(size);
    }
    outline.finish();
    return outline;
}

inline DumpOutline outline_of(const std::string& sql) {
    return outline_of(sql, std::string::npos, std::string::npos);
}

} // namespace dbbackup::pg
