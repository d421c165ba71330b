#pragma once

#include <dbbackup/sys/directory.hpp>

#include <optional>
#include <string>
#include <sys/types.h>

namespace dbbackup::sys {

/// Who holds a lock, as far as its file tells.
struct LockHolder {
    /// Nothing if the file belongs to a stranger (Directory::trusts), whose word it is, or says
    /// none.
    std::optional<long> process;
    std::optional<uid_t> stranger; ///< whose the file is, if it is a stranger's
};

/// An exclusive lock, held by an open lock file and let go by the kernel when the process dies,
/// however it dies. The file holds the owner's process id for people to read, and is removed when
/// the lock is let go in order.
class FileLock {
public:
    /// Nothing if another holds it. `directory` must stay where it is for as long. Throws
    /// base::Error where the file can't be made.
    [[nodiscard]] static std::optional<FileLock> try_acquire(const Directory& directory,
                                                             std::string name);
    /// The present holder, as the lock file tells it.
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
