#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/file_lock.hpp>

#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dbbackup::sys {

namespace {

base::Error cannot_open(const Directory& directory, const std::string& name, int error_number) {
    const std::string shown = base::printable(directory.path_of(name));
    if (error_number == EACCES && directory.contains(name)) {
        return base::system_error("open the lock file " + shown, error_number,
                                  "Another user's run made it. If none is under way, remove it; "
                                  "better give each user a dump directory.");
    }
    return base::system_error(
        "make the lock file " + shown, error_number,
        "The dump directory must be there and writable; choose another with --dir.");
}

int lock_without_waiting(int fd) {
    while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

} // namespace

std::optional<FileLock> FileLock::try_acquire(const Directory& directory, std::string name) {
    while (true) {
        Fd fd{::openat(directory.fd(), name.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC,
                       0600)};
        const std::string shown = base::printable(directory.path_of(name));
        if (!fd) {
            throw cannot_open(directory, name, errno);
        }
        struct stat opened {};

        // A file of another name too is somebody else's: a process id must not replace its content.
        if (::fstat(fd.get(), &opened) != 0 || !S_ISREG(opened.st_mode) || opened.st_nlink > 1) {
            throw base::Error{base::ErrorKind::failed, shown + " is no lock file",
                              "Remove it, or choose another directory with --dir."};
        }
        ::fchmod(fd.get(), 0600); // whatever the umask: the next run must be able to open it
        const int error_number = lock_without_waiting(fd.get());
        if (error_number == EWOULDBLOCK) {
            return std::nullopt;
        }
        if (error_number != 0) {
            throw base::system_error("lock " + shown, error_number);
        }
        // A holder that lets go removes the file, and a lock on a removed file keeps nobody out.
        if (directory.leads_to(name, fd.get())) {
            const std::string owner = fmt::format("{}\n", ::getpid());
            if (::ftruncate(fd.get(), 0) == 0) {
                // Only for people to read: no room for it is no reason to fail.
                [[maybe_unused]] const ssize_t written =
                    ::write(fd.get(), owner.data(), owner.size());
            }
            return FileLock{directory, std::move(name), std::move(fd)};
        }
    }
}

std::optional<long> FileLock::find_holder(const Directory& directory, const std::string& name) {
    try {
        const std::string text = directory.read_file(name, 64);
        long holder = 0;
        if (std::from_chars(text.data(), text.data() + text.size(), holder).ec == std::errc{}) {
            return holder;
        }
    } catch (const base::Error&) {
        // Let go since: there is nobody to name.
    }
    return std::nullopt;
}

FileLock::~FileLock() {
    if (fd_) {
        ::unlinkat(directory_->fd(), name_.c_str(), 0);
    }
}

} // namespace dbbackup::sys
