#include <dbbackup/base/error.hpp>
#include <dbbackup/sys/ending_signals.hpp>
#include <dbbackup/sys/fd.hpp>
#include <dbbackup/sys/signals.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace dbbackup::sys {

namespace {

constexpr std::array k_ending_signals{SIGINT, SIGTERM, SIGHUP};

// A signal handler can only access globals. The pipe wakes any thread in poll().
std::atomic<int> received_signal{0};
std::atomic<unsigned> ending_signals{0};
std::atomic<int> wake_write_fd{-1};
int wake_read_fd = -1;
thread_local int cleanup_scopes = 0;

// The caller's, before anything was changed.
sigset_t ignored_by_caller;
sigset_t blocked_by_caller;

extern "C" void on_ending_signal(int signal_number) {
    const int saved_errno = errno;
    int none = 0;
    received_signal.compare_exchange_strong(none, signal_number);
    ++ending_signals;
    const char byte = 0;
    // A full pipe has already woken all of them.
    [[maybe_unused]] const ssize_t written = ::write(wake_write_fd.load(), &byte, 1);
    errno = saved_errno;
}

void set_handler(int signal_number, void (*handler)(int)) {
    struct sigaction action {};

    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    ::sigemptyset(&action.sa_mask);
    ::sigaction(signal_number, &action, nullptr);
}

bool is_ignored(int signal_number) {
    struct sigaction action {};

    return ::sigaction(signal_number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

} // namespace

void prepare_signals() {
    ::sigemptyset(&ignored_by_caller);
    for (int signal_number = 1; signal_number < NSIG; ++signal_number) {
        if (is_ignored(signal_number)) {
            ::sigaddset(&ignored_by_caller, signal_number);
        }
    }
    ::sigprocmask(SIG_BLOCK, nullptr, &blocked_by_caller);
    set_handler(SIGPIPE, SIG_IGN);
    // A file over RLIMIT_FSIZE must be a write error, not kill the process.
    set_handler(SIGXFSZ, SIG_IGN);
    // If our caller ignores SIGCHLD, the kernel keeps no exit codes of our children.
    set_handler(SIGCHLD, SIG_DFL);
    // Signals that it blocked would reach neither us nor the clients.
    sigset_t ours;
    ::sigemptyset(&ours);
    for (const int signal_number : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) {
        ::sigaddset(&ours, signal_number);
    }
    ::sigprocmask(SIG_UNBLOCK, &ours, nullptr);
}

bool is_ignored_by_caller(int signal_number) noexcept {
    return ::sigismember(&ignored_by_caller, signal_number) == 1;
}

const sigset_t& callers_signal_mask() noexcept {
    return blocked_by_caller;
}

void take_over_signals() {
    Pipe pipe = make_pipe();
    ::fcntl(pipe.write_end.get(), F_SETFL, O_NONBLOCK);
    // Kept for the life of the process: a handler may run at any time.
    wake_read_fd = pipe.read_end.release();
    wake_write_fd = pipe.write_end.release();
    take_back_signals();
}

void take_back_signals() noexcept {
    if (wake_write_fd.load() < 0) {
        return;
    }
    for (const int signal_number : k_ending_signals) {
        if (signal_number != SIGHUP || !is_ignored_by_caller(SIGHUP)) {
            set_handler(signal_number, on_ending_signal);
        }
    }
}

unsigned count_ending_signals() noexcept {
    return ending_signals.load();
}

CleanupScope::CleanupScope() noexcept {
    ++cleanup_scopes;
}

CleanupScope::~CleanupScope() {
    --cleanup_scopes;
}

void throw_if_interrupted() {
    const int signal_number = received_signal.load();
    if (signal_number != 0 && cleanup_scopes == 0) {
        throw base::Interrupted{signal_number};
    }
}

bool wait_for_fd(int fd, short poll_events, std::chrono::milliseconds timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    while (true) {
        throw_if_interrupted();
        // poll() ignores negative descriptors: without a guard, or without fd, the other still
        // works.
        std::array<pollfd, 2> waiting{pollfd{fd, poll_events, 0},
                                      pollfd{cleanup_scopes == 0 ? wake_read_fd : -1, POLLIN, 0}};
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        const auto poll_timeout = std::clamp<std::int64_t>(left.count(), 0, 3'600'000);
        const int ready = ::poll(waiting.data(), waiting.size(), static_cast<int>(poll_timeout));
        throw_if_interrupted();
        if (ready > 0 && waiting[0].revents != 0) {
            return true;
        }
        if (ready < 0 && errno != EINTR) {
            throw base::system_error("wait for input", errno);
        }
        if (ready == 0 && left.count() <= 0) {
            return false;
        }
    }
}

void interruptible_sleep(std::chrono::milliseconds duration) {
    [[maybe_unused]] const bool ready = wait_for_fd(-1, 0, duration);
}

} // namespace dbbackup::sys
