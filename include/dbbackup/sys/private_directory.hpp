#pragma once

#include <dbbackup/sys/fd.hpp>
#include <dbbackup/sys/user.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::sys {

/// A temporary directory of this process's user that goes with all that is in it. Nobody else may
/// enter it (mode 0700), but for processes of one guest, by their group (0710). It is locked for as
/// long as its process lives, so that what a killed one left can be told from what is in use.
class PrivateDirectory {
public:
    /// Makes `PREFIX-XXXXXX` in `parent`. Throws base::Error, also if others could exchange it
    /// there: `parent` must belong to this user or root, and have the sticky bit if others may
    /// write to it.
    PrivateDirectory(const std::filesystem::path& parent, const std::string& prefix,
                     const std::optional<User>& guest);
    PrivateDirectory(PrivateDirectory&& other) noexcept;
    PrivateDirectory& operator=(PrivateDirectory&&) = delete;
    /// Removes it; what cannot be removed stays for the next sweep.
    ~PrivateDirectory();

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

    /// Makes the directory `name` in it, mode 0700, which belongs to `owner` if that is given: the
    /// guest's own. Throws base::Error.
    void make_directory(const std::string& name, const std::optional<User>& owner) const;

    /// The guest's group; nothing if there is no guest.
    [[nodiscard]] std::optional<gid_t> guest_group() const noexcept;

    /// Takes over those of `parent` and `prefix` that nobody holds any more. Only what could have
    /// been made here, by its name, mode and owner; a link is none.
    [[nodiscard]] static std::vector<PrivateDirectory>
    adopt_abandoned(const std::filesystem::path& parent, const std::string& prefix);

private:
    PrivateDirectory(std::filesystem::path path, Fd lock)
        : path_(std::move(path)), lock_(std::move(lock)) {}

    std::filesystem::path path_;
    Fd lock_; ///< open on the directory itself
};

} // namespace dbbackup::sys
