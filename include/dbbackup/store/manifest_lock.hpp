#pragma once

#include <dbbackup/store/dump_directory.hpp>
#include <dbbackup/store/manifest.hpp>
#include <dbbackup/sys/locked_file.hpp>

#include <string>

namespace dbbackup::store {

/// Holds the manifest of the dump `dump_name`: as long as it lives, nobody else rewrites it. For
/// whoever rewrites it, and for whoever removes the dump, who looks at it again under the lock.
/// Other programs, and whoever only reads, are not kept out.
class ManifestLock {
public:
    /// Waits some seconds for another holder; `directory` must stay where it is for as long. Throws
    /// base::Error{locked} where that one stays, {failed} where there is no manifest that this user
    /// may write, or it is a stranger's (sys::Directory::trusts), and base::Interrupted.
    ManifestLock(const DumpDirectory& directory, const std::string& dump_name);

    /// What it says now. Throws base::Error{failed} if it cannot be read.
    [[nodiscard]] Manifest read() const;

    /// Writes `json` in its place: durable, with the same owner and permissions, and at any moment
    /// there is the old one or the new one, whole. From then on the lock holds nobody back. Throws
    /// base::Error with nothing changed, or if only the directory could not be synced.
    void replace(const std::string& json) const;

    /// The text of it, as it lies there.
    [[nodiscard]] std::string text() const;

    [[nodiscard]] const std::string& name() const noexcept { return name_; }

private:
    const sys::Directory* files_;
    std::string name_; ///< of the manifest
    std::string partial_name_;
    sys::LockedFile file_;
};

/// Where a manifest is written before it takes the place of the old one. Not the name that `dump`
/// writes a new manifest under: what is left of an update can be told from that, and removed.
[[nodiscard]] std::string manifest_update_partial_name(const std::string& dump_name);

} // namespace dbbackup::store
