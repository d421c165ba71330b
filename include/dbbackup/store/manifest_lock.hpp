#pragma once

#include <dbbackup/store/dump_directory.hpp>
#include <dbbackup/store/manifest.hpp>
#include <dbbackup/sys/locked_file.hpp>

#include <string>

namespace dbbackup::store {

/// Locks the manifest of the dump `dump_name`: during its lifetime, no other run rewrites it.
/// Acquired to rewrite the manifest and to remove the dump, which checks it again under the lock.
/// It does not block other programs or readers.
class ManifestLock {
public:
    /// Waits some seconds for another holder. `directory` must outlive the lock and not move.
    /// Throws base::Error{locked} if the other one keeps the lock, {failed} if there is no manifest
    /// that this user may write, or it is an untrusted user's (sys::Directory::trusts), and
    /// base::Interrupted.
    ManifestLock(const DumpDirectory& directory, const std::string& dump_name);

    /// The current manifest. Throws base::Error{failed} if it cannot be read.
    [[nodiscard]] Manifest read() const;

    /// Replaces it by `json`: durable, atomic, with the same owner and permissions. After that, the
    /// lock no longer blocks anyone. Throws base::Error with nothing changed, or if only the
    /// directory could not be synced.
    void replace(const std::string& json) const;

    /// Its current text.
    [[nodiscard]] std::string text() const;

    [[nodiscard]] const std::string& name() const noexcept { return name_; }

private:
    const sys::Directory* files_;
    std::string name_; ///< of the manifest
    std::string partial_name_;
    sys::LockedFile file_;
};

/// The name under which a manifest is written before it replaces the old one. `dump` uses another
/// name for a new manifest, so that a leftover of an update can be recognized and removed.
[[nodiscard]] std::string manifest_update_partial_name(const std::string& dump_name);

} // namespace dbbackup::store
