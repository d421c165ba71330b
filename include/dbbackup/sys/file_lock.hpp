#pragma once

#include <dbbackup/sys/directory.hpp>

#include <optional>
#include <string>
#include <sys/types.h>

namespace dbbackup::sys {

/// Who holds a lock, as far as its file says.
struct LockHolder {
    /// Nothing if the file names none, or if an untrusted user (Directory::trusts) owns and so
    /// controls it.
    std::optional<long> process;
    std::optional<uid_t> stranger; ///< the file's owner, if untrusted
};

/// An exclusive lock, held by an open lock file. The kernel releases it when the process dies,
/// however it dies. The file holds the owner's process id for people to read, and is removed when
/// the lock is released normally.
class FileLock {
public:
    /// Nothing if another process holds it. `directory` must not move while the lock is held.
    /// Throws base::Error if the file cannot be created.
    [[nodiscard]] static std::optional<FileLock> try_acquire(const Directory& directory,
                                                             std::string name);
    /// The current holder, as the lock file names it.
    [[nodiscard]] static LockHolder find_holder(const Directory& directory,
                                                const std::string& name);

    FileLock(FileLock&&) noexcept = default;
    FileLock& operator=(FileLock&&) = delete;
    ~FileLock();

private:
    FileLock(const Directory& directory, std::string name, Fd fd)
        : directory_(&directory), name_(std::move(name)), fd_(std::move(fd)) {}

    const Directory* directory_;
    std::string name_;
    Fd fd_;
};

} // namespace dbbackup::sys
