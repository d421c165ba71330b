#pragma once

#include <chrono>
#include <csignal>

namespace dbbackup::sys {

/// Undoes what the caller may have set: signals that it blocked, a SIGCHLD that it ignored. From
/// here on SIGPIPE and SIGXFSZ are ignored, so that a full pipe or a limit is an error that can be
/// told. Called once, by the program's entry, before any thread.
void prepare_signals();

/// As the caller of this process has set it, and prepare_signals() found it.
[[nodiscard]] bool is_ignored_by_caller(int signal_number) noexcept;
[[nodiscard]] const sigset_t& callers_signal_mask() noexcept;

/// From here on SIGINT, SIGTERM and SIGHUP ask the run to end instead of ending it at once (a
/// SIGHUP that was ignored on entry, as under nohup, stays ignored). It stays so to the end of the
/// process: a signal that comes once a dump has its name must not look as if it had prevented it.
/// Called once, before any thread and before anything is started that wants cleaning up.
void take_over_signals();

/// Throws base::Interrupted once a signal has asked the run to end.
void throw_if_interrupted();

/// Waits until `fd` is ready for `poll_events` (POLLIN, POLLOUT), at most `timeout`; false on
/// timeout. A signal that asks the run to end throws base::Interrupted at once.
[[nodiscard]] bool wait_for_fd(int fd, short poll_events, std::chrono::milliseconds timeout);

/// Sleeps; a signal that asks the run to end throws base::Interrupted at once.
void interruptible_sleep(std::chrono::milliseconds duration);

/// While one lives, no signal ends a wait of its thread: for what must be put in order although the
/// run has been asked to end, and ends by itself.
class CleanupScope {
public:
    CleanupScope() noexcept;
    ~CleanupScope();
    CleanupScope(const CleanupScope&) = delete;
    CleanupScope& operator=(const CleanupScope&) = delete;
};

} // namespace dbbackup::sys
