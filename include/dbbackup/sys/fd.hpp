#pragma once

#include <dbbackup/base/bytes.hpp>

#include <cstddef>
#include <string>
#include <utility>

namespace dbbackup::sys {

/// Owns a file descriptor. Every descriptor that the program opens is close-on-exec.
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

    /// Releases it without closing it: the caller owns it from then on.
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

/// A path of the file open as `fd`, for a child that inherits it. Opening that path gives the same
/// file, even if it was renamed or removed, with its own position at the start.
[[nodiscard]] std::string path_for_children(int fd);

/// Replaces a closed stdin, stdout or stderr, so that no file opened later gets its number, and
/// what is printed does not end up in that file. Writing to the replacement is still an error.
void occupy_standard_descriptors();

/// What to do if there is no room in the dump directory: for write_all().
inline constexpr const char* k_choose_directory = "choose another directory with --dir";

/// Writes all of `bytes`. `what` names the file in the error. `elsewhere` says how the user can
/// have it written to another place, as k_choose_directory does; empty if that is not possible.
/// Throws base::Error.
void write_all(int fd, base::Bytes bytes, const std::string& what,
               const std::string& elsewhere = k_choose_directory);

/// The rest of the file. `what` names the file in the error. Throws base::Error, also past `most`
/// bytes.
[[nodiscard]] std::string read_all(int fd, std::size_t most, const std::string& what);

} // namespace dbbackup::sys
