#pragma once

#include <dbbackup/sys/fd.hpp>
#include <dbbackup/sys/user.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::sys {

/// A temporary directory, mode 0700, that goes with all that is in it. It is locked for as long as
/// its process lives, so that what a killed one left can be told from what is in use.
class PrivateDirectory {
public:
    /// Makes `PREFIX-XXXXXX` in `parent`, for `owner` where that is not this process's own user.
    /// Throws base::Error.
    PrivateDirectory(const std::filesystem::path& parent, const std::string& prefix,
                     const std::optional<User>& owner);
    PrivateDirectory(PrivateDirectory&& other) noexcept;
    PrivateDirectory& operator=(PrivateDirectory&&) = delete;
    /// Removes it; what cannot be removed stays for the next sweep.
    ~PrivateDirectory();

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

    /// Takes over those of `parent` and `prefix` that nobody holds any more. Only what could have
    /// been made here, by its name and mode, and belongs to this process's user or to `owner`; a
    /// link is none.
    [[nodiscard]] static std::vector<PrivateDirectory>
    adopt_abandoned(const std::filesystem::path& parent, const std::string& prefix,
                    const std::optional<User>& owner);

private:
    PrivateDirectory(std::filesystem::path path, Fd lock)
        : path_(std::move(path)), lock_(std::move(lock)) {}

    std::filesystem::path path_;
    Fd lock_; ///< open on the directory itself
};

} // namespace dbbackup::sys
