#pragma once

#include <dbbackup/sys/directory.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <sys/types.h>

namespace dbbackup::sys {

/// An existing file, with an exclusive lock on itself. The kernel releases the lock when the
/// process dies, however it dies. If the name has since been given to another file, the lock is
/// obsolete: a waiting process goes on to that file.
class LockedFile {
public:
    /// Waits at most `patience`; nothing if another process still holds it then. `directory` must
    /// not move while the lock is held. Throws base::Error if there is no such regular file or this
    /// user may not write it, and base::Interrupted.
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
