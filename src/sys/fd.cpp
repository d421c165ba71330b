#include <dbbackup/base/error.hpp>
#include <dbbackup/sys/fd.hpp>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace dbbackup::sys {

Fd& Fd::operator=(Fd&& other) noexcept {
    if (this != &other) {
        reset();
        fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
}

void Fd::reset() noexcept {
    if (fd_ >= 0) {
        ::close(std::exchange(fd_, -1));
    }
}

Pipe make_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) {
        throw base::system_error("make a pipe", errno);
    }
    return {Fd{ends[0]}, Fd{ends[1]}};
}

std::string path_for_children(int fd) {
    return "/dev/fd/" + std::to_string(fd);
}

void occupy_standard_descriptors() {
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(fd, F_GETFD) < 0 && errno == EBADF) {
            // This is the lowest free number. Opened for the opposite direction.
            (void)::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        }
    }
}

namespace {

std::string write_hint(int error_number, const std::string& elsewhere) {
    switch (error_number) {
    case ENOSPC:
    case EDQUOT:
        return "Free some space there" + (elsewhere.empty() ? "." : ", or " + elsewhere + ".");
    case EFBIG:
        return "Raise the limit on file sizes (ulimit -f), or use a file system without one.";
    default:
        return {};
    }
}

} // namespace

void write_all(int fd, base::Bytes bytes, const std::string& what, const std::string& elsewhere) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            const int error_number = errno;
            throw base::system_error("write " + what, error_number,
                                     write_hint(error_number, elsewhere));
        }
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
}

std::string read_all(int fd, std::size_t most, const std::string& what) {
    std::string content;
    std::array<char, 65536> buffer;
    while (true) {
        const ssize_t size = ::read(fd, buffer.data(), buffer.size());
        if (size < 0 && errno == EINTR) {
            continue;
        }
        if (size < 0) {
            throw base::system_error("read " + what, errno);
        }
        if (size == 0) {
            return content;
        }
        content.append(buffer.data(), static_cast<std::size_t>(size));
        if (content.size() > most) {
            throw base::Error{base::ErrorKind::failed, what + " is too large"};
        }
    }
}

} // namespace dbbackup::sys
