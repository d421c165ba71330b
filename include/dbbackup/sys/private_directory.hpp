#pragma once

#include <dbbackup/sys/fd.hpp>
#include <dbbackup/sys/user.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::sys {

/// A temporary directory of this process's user, removed with everything in it. Nobody else may
/// enter it (mode 0700), except processes of one guest, by their group (0710). It is locked while
/// its process lives, to tell the leftover of a killed one from one in use.
class PrivateDirectory {
public:
    /// Creates `PREFIX-XXXXXX` in `parent`. Throws base::Error, also if others could replace it
    /// there: `parent` must belong to this user or root, and have the sticky bit if others may
    /// write to it.
    PrivateDirectory(const std::filesystem::path& parent, const std::string& prefix,
                     const std::optional<User>& guest);
    PrivateDirectory(PrivateDirectory&& other) noexcept;
    PrivateDirectory& operator=(PrivateDirectory&&) = delete;
    /// Removes it; what cannot be removed stays for the next sweep.
    ~PrivateDirectory();

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

    /// Creates the directory `name` in it, mode 0700. It belongs to `owner`, the guest, if given.
    /// Throws base::Error.
    void make_directory(const std::string& name, const std::optional<User>& owner) const;

    /// The guest's group; nothing if there is no guest.
    [[nodiscard]] std::optional<gid_t> guest_group() const noexcept;

    /// Takes over those in `parent` with `prefix` whose process has ended. Only what could have
    /// been created here, by its name, mode and owner; never a link.
    [[nodiscard]] static std::vector<PrivateDirectory>
    adopt_abandoned(const std::filesystem::path& parent, const std::string& prefix);

private:
    PrivateDirectory(std::filesystem::path path, Fd lock)
        : path_(std::move(path)), lock_(std::move(lock)) {}

    std::filesystem::path path_;
    Fd lock_; ///< open on the directory itself
};

} // namespace dbbackup::sys
