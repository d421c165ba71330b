#pragma once

#include <dbbackup/sys/directory.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <sys/types.h>

namespace dbbackup::sys {

/// A file that is there already, held by an exclusive lock on itself, which the kernel lets go when
/// the process dies, however it dies. Once the name has been given to another file, the lock is of
/// the past: whoever waited for it goes on to that one.
class LockedFile {
public:
    /// Waits at most `patience`; nothing if another holds it even then. `directory` must stay
    /// where it is for as long. Throws base::Error if there is no such regular file or this user
    /// may not write it, and base::Interrupted.
    [[nodiscard]] static std::optional<LockedFile> acquire(const Directory& directory,
                                                           const std::string& name,
                                                           std::chrono::milliseconds patience);

    [[nodiscard]] int fd() const noexcept { return fd_.get(); }

    [[nodiscard]] uid_t owner() const;

    /// All of it. Throws base::Error, also past `most` bytes.
    [[nodiscard]] std::string read(std::size_t most) const;

    /// True while its name still leads to it.
    [[nodiscard]] bool is_in_place() const { return directory_->leads_to(name_, fd_.get()); }

private:
    LockedFile(const Directory& directory, std::string name, Fd fd)
        : directory_(&directory), name_(std::move(name)), fd_(std::move(fd)) {}

    const Directory* directory_;
    std::string name_;
    Fd fd_;
};

} // namespace dbbackup::sys
