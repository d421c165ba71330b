#pragma once

#include <chrono>

namespace dbbackup::sys {

/// While it lives, SIGINT, SIGTERM and SIGHUP ask the run to end instead of ending it at once
/// (a SIGHUP that was ignored on entry, as under nohup, stays ignored), and SIGPIPE is ignored.
/// One at a time; made by the program's entry before any thread.
class SignalGuard {
public:
    SignalGuard();
    SignalGuard(const SignalGuard&) = delete;
    SignalGuard& operator=(const SignalGuard&) = delete;
    ~SignalGuard();
};

/// Throws base::Interrupted once a signal has asked the run to end.
void throw_if_interrupted();

/// Waits until `fd` is ready for `poll_events` (POLLIN, POLLOUT), at most `timeout`; false on
/// timeout. A signal that asks the run to end throws base::Interrupted at once.
[[nodiscard]] bool wait_for_fd(int fd, short poll_events, std::chrono::milliseconds timeout);

/// Sleeps; a signal that asks the run to end throws base::Interrupted at once.
void interruptible_sleep(std::chrono::milliseconds duration);

} // namespace dbbackup::sys
