#include <dbbackup/base/error.hpp>
#include <dbbackup/stream/fd_source.hpp>

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace dbbackup::stream {

FdSource::FdSource(int fd, std::string name) : fd_(fd), name_(std::move(name)) {
#ifdef POSIX_FADV_SEQUENTIAL
    (void)::posix_fadvise(fd_, 0, 0, POSIX_FADV_SEQUENTIAL); // a hint only
#endif
}

std::size_t FdSource::read(std::byte* buffer, std::size_t size) {
    while (true) {
        const ssize_t got = ::pread(fd_, buffer, size, static_cast<off_t>(offset_));
        if (got >= 0) {
            offset_ += static_cast<std::uint64_t>(got);
            return static_cast<std::size_t>(got);
        }
        if (errno != EINTR) {
            const int error_number = errno;
            throw base::system_error("read " + name_, error_number);
        }
    }
}

} // namespace dbbackup::stream
