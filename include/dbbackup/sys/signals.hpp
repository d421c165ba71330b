#pragma once

#include <chrono>
#include <csignal>

namespace dbbackup::sys {

/// Undoes what the caller may have set: blocked signals, an ignored SIGCHLD. From then on SIGPIPE
/// and SIGXFSZ are ignored, so that a closed pipe or a file size limit is an error that can be
/// reported. Called once, at the program's start, before any thread.
void prepare_signals();

/// As set by the caller of this process, before prepare_signals().
[[nodiscard]] bool is_ignored_by_caller(int signal_number) noexcept;
[[nodiscard]] const sigset_t& callers_signal_mask() noexcept;

/// From then on SIGINT, SIGTERM and SIGHUP ask the run to end instead of ending it at once (a
/// SIGHUP that was ignored on entry, as under nohup, stays ignored). This lasts until the process
/// ends: a signal that arrives after a dump got its name must not look as if it had prevented the
/// dump. Called once, before any thread and before anything that needs cleaning up.
void take_over_signals();

/// Throws base::Interrupted once a signal has asked the run to end.
void throw_if_interrupted();

/// Waits until `fd` is ready for `poll_events` (POLLIN, POLLOUT), at most `timeout`; false on
/// timeout. A signal that asks the run to end throws base::Interrupted at once.
[[nodiscard]] bool wait_for_fd(int fd, short poll_events, std::chrono::milliseconds timeout);

/// Sleeps; a signal that asks the run to end throws base::Interrupted at once.
void interruptible_sleep(std::chrono::milliseconds duration);

/// While one lives, no signal ends a wait of its thread: for cleanup that must finish although the
/// run has been asked to end, and that ends by itself.
class CleanupScope {
public:
    CleanupScope() noexcept;
    ~CleanupScope();
    CleanupScope(const CleanupScope&) = delete;
    CleanupScope& operator=(const CleanupScope&) = delete;
};

} // namespace dbbackup::sys
