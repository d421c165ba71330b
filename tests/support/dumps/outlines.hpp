#pragma once

#include <dbbackup/pg/dump_outline.hpp>

#include <string>

namespace dbbackup::test {

/// The outline of a whole dump. Throws base::Error if it is incomplete.
inline pg::DumpOutline outline_of(const std::string& dump) {
    pg::DumpOutline outline;
    outline.observe(base::as_bytes(dump));
    outline.finish();
    return outline;
}

} // namespace dbbackup::test
