#include <dbbackup/sys/process.hpp>

#include <cerrno>
#include <csignal>
#ifdef __linux__
#include <sys/syscall.h>
#endif
#include <unistd.h>

namespace dbbackup::sys {

namespace {

/// None, and errno, if there is no such process, or ENOSYS on an old kernel.
Fd open_handle(pid_t pid) noexcept {
#ifdef SYS_pidfd_open
    return Fd{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U))};
#else
    static_cast<void>(pid);
    errno = ENOSYS;
    return {};
#endif
}

} // namespace

std::optional<Process> Process::find(pid_t pid) noexcept {
    if (pid <= 1) {
        return std::nullopt;
    }
    Fd handle = open_handle(pid);
    const bool is_there = handle || (errno == ENOSYS && ::kill(pid, 0) == 0);
    return is_there ? std::optional{Process{pid, std::move(handle)}} : std::nullopt;
}

void Process::send(int signal_number) const noexcept {
#ifdef SYS_pidfd_send_signal
    if (handle_) {
        ::syscall(SYS_pidfd_send_signal, handle_.get(), signal_number, nullptr, 0U);
        return;
    }
#endif
    ::kill(pid_, signal_number);
}

} // namespace dbbackup::sys
