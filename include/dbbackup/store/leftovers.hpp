#pragma once

#include <dbbackup/base/clock.hpp>
#include <dbbackup/store/dump_directory.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace dbbackup::store {

/// A file that a killed run left behind, or that a run is still working on.
struct Leftover {
    enum class Kind {
        partial, ///< a dump or a manifest that was being written
        removal, ///< a dump whose removal has begun
    };

    std::string name;
    std::string database; ///< from the name of the dump
    Kind kind = Kind::partial;
    std::uint64_t size = 0;      ///< bytes
    base::UtcTime last_change{}; ///< of its content

    /// True if it is useless once its writer is gone: its removal has begun, or it has not been
    /// written to for a day.
    [[nodiscard]] bool is_stale(base::UtcTime now) const noexcept;
};

/// All files with such names, sorted. Links, directories and files of untrusted users
/// (sys::Directory::trusts) are left out.
[[nodiscard]] std::vector<Leftover> find_leftovers(const DumpDirectory& directory);

/// Removes it, and for a removal also the manifest. The caller holds the lock of its database, so
/// no run is working on it. Durable after sys::Directory::sync(). Throws base::Error.
void remove_leftover(const DumpDirectory& directory, const Leftover& leftover);

} // namespace dbbackup::store
