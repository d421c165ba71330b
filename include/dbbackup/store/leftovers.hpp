#pragma once

#include <dbbackup/base/clock.hpp>
#include <dbbackup/store/dump_directory.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace dbbackup::store {

/// A file that a run has left which was killed, or that a run still works on.
struct Leftover {
    enum class Kind {
        partial, ///< a dump or a manifest that was being written
        removal, ///< a dump whose removal was begun
    };

    std::string name;
    std::string database; ///< by the name of the dump
    Kind kind = Kind::partial;
    std::uint64_t size = 0;      ///< bytes
    base::UtcTime last_change{}; ///< of its content

    /// True if nobody can miss it once its writer is gone: a removal that was begun, or what has
    /// not been written to for a day.
    [[nodiscard]] bool is_stale(base::UtcTime now) const noexcept;
};

/// All that have the names of such, by name. Links, directories and files of strangers
/// (sys::Directory::trusts) are left out.
[[nodiscard]] std::vector<Leftover> find_leftovers(const DumpDirectory& directory);

/// Removes it, and of a begun removal also the manifest. The caller holds the lock of its database:
/// that no run works on it. Durable after sys::Directory::sync(). Throws base::Error.
void remove_leftover(const DumpDirectory& directory, const Leftover& leftover);

} // namespace dbbackup::store
