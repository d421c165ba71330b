#include "sys/close_on_exec.hpp"

#include <algorithm>
#include <fcntl.h>
#include <sys/resource.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif
#include <unistd.h>

namespace dbbackup::sys {

namespace {

constexpr int k_first = STDERR_FILENO + 1;
/// The kernel's own default for the most that a process may open (fs.nr_open).
constexpr rlim_t k_most = 1 << 20;

} // namespace

void close_all_on_exec() noexcept {
#ifdef SYS_close_range
    constexpr unsigned k_cloexec = 1U << 2; // CLOSE_RANGE_CLOEXEC of linux/close_range.h
    if (::syscall(SYS_close_range, static_cast<unsigned>(k_first), ~0U, k_cloexec) == 0) {
        return;
    }
#endif
    close_each_on_exec();
}

void close_each_on_exec() noexcept {
    // By the hard limit: a caller may have lowered the soft one below what it has open.
    rlimit limit{};
    const rlim_t end =
        ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? std::min(limit.rlim_max, k_most) : k_most;
    for (int fd = k_first; fd < static_cast<int>(end); ++fd) {
        ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
}

} // namespace dbbackup::sys
