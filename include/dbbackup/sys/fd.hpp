#pragma once

#include <dbbackup/base/bytes.hpp>

#include <cstddef>
#include <string>
#include <utility>

namespace dbbackup::sys {

/// Owns a file descriptor. Every descriptor the program makes is close-on-exec.
class Fd {
public:
    Fd() = default;

    explicit Fd(int fd) noexcept : fd_(fd) {}

    Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

    Fd& operator=(Fd&& other) noexcept;
    Fd(const Fd&) = delete;
    Fd& operator=(const Fd&) = delete;

    ~Fd() { reset(); }

    [[nodiscard]] int get() const noexcept { return fd_; }

    [[nodiscard]] explicit operator bool() const noexcept { return fd_ >= 0; }

    void reset() noexcept;

    /// Gives it up, open: from here on it is the caller's.
    [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }

private:
    int fd_ = -1;
};

struct Pipe {
    Fd read_end;
    Fd write_end;
};

/// Both ends close-on-exec. Throws base::Error.
[[nodiscard]] Pipe make_pipe();

/// A path of the file open as `fd`, for a child that inherits it. Whoever opens that path reads the
/// same file, whatever has become of its name, from its start and with a position of its own.
[[nodiscard]] std::string path_for_children(int fd);

/// Puts something in the place of a closed stdin, stdout or stderr, so that no file opened later
/// gets its number and with it what is printed. Writing to the stand-in is an error all the same.
void occupy_standard_descriptors();

/// Writes all of `bytes`. `what` names the file in the error. Throws base::Error.
void write_all(int fd, base::Bytes bytes, const std::string& what);

/// All that is still to be read. `what` names the file in the error. Throws base::Error, also past
/// `most` bytes.
[[nodiscard]] std::string read_all(int fd, std::size_t most, const std::string& what);

} // namespace dbbackup::sys
