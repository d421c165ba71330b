#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/file_use.hpp>

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>

namespace dbbackup::sys {

void announce_use(int fd) noexcept {
    [[maybe_unused]] const int result = ::flock(fd, LOCK_SH | LOCK_NB);
}

bool is_in_use(const Directory& directory, const std::string& name) {
    const Fd fd{
        ::openat(directory.fd(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)};
    // If it does not exist, is a link or may not be opened, no run of ours can be reading it.
    if (!fd && errno == EWOULDBLOCK) {
        return true; // somebody has a lease on it (fcntl(2))
    }
    if (!fd && errno != ENOENT && errno != ELOOP && errno != EACCES) {
        throw base::system_error(
            "find out who reads '" + base::printable(directory.path_of(name)) + "'", errno);
    }
    return fd && ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

} // namespace dbbackup::sys
