#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/locked_file.hpp>
#include <dbbackup/sys/signals.hpp>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dbbackup::sys {

namespace {

using namespace std::chrono_literals;
using Deadline = std::chrono::steady_clock::time_point;

constexpr std::chrono::milliseconds k_first_pause = 1ms;
constexpr std::chrono::milliseconds k_longest_pause = 50ms;

/// Open for writing, although only the lock is needed: network file systems grant an exclusive lock
/// only then.
Fd open_regular(const Directory& directory, const std::string& name, const std::string& shown) {
    Fd fd{::openat(directory.fd(), name.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)};

    struct stat status {};

    if (!fd || ::fstat(fd.get(), &status) != 0) {
        const int error_number = errno;
        throw base::system_error("open " + shown + " to change it", error_number,
                                 error_number == EACCES || error_number == EROFS
                                     ? "Nothing was changed. It must be writable for this user."
                                     : "Nothing was changed.");
    }
    if (!S_ISREG(status.st_mode)) {
        throw base::Error{base::ErrorKind::failed, shown + " is not a regular file",
                          "Nothing was changed."};
    }
    return fd;
}

/// True once locked, false at the deadline.
bool lock_until(int fd, Deadline deadline, const std::string& shown) {
    std::chrono::milliseconds pause = k_first_pause;
    while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            throw base::system_error("lock " + shown, errno);
        }
        if (std::chrono::steady_clock::now() >= deadline) {
            return false;
        }
        interruptible_sleep(pause);
        pause = std::min(pause * 2, k_longest_pause);
    }
    return true;
}

} // namespace

std::optional<LockedFile> LockedFile::acquire(const Directory& directory, const std::string& name,
                                              std::chrono::milliseconds patience) {
    const std::string shown = "'" + base::printable(directory.path_of(name)) + "'";
    const Deadline deadline = std::chrono::steady_clock::now() + patience;
    while (true) {
        Fd fd = open_regular(directory, name, shown);
        if (!lock_until(fd.get(), deadline, shown)) {
            return std::nullopt;
        }
        if (directory.leads_to(name, fd.get())) {
            return LockedFile{directory, name, std::move(fd)};
        }
        if (std::chrono::steady_clock::now() >= deadline) {
            return std::nullopt;
        }
    }
}

uid_t LockedFile::owner() const {
    struct stat status {};

    if (::fstat(fd_.get(), &status) != 0) {
        throw base::system_error("look at '" + base::printable(directory_->path_of(name_)) + "'",
                                 errno);
    }
    return status.st_uid;
}

std::string LockedFile::read(std::size_t most) const {
    const std::string shown = "'" + base::printable(directory_->path_of(name_)) + "'";
    if (::lseek(fd_.get(), 0, SEEK_SET) != 0) {
        throw base::system_error("read " + shown, errno);
    }
    return read_all(fd_.get(), most, shown);
}

} // namespace dbbackup::sys
