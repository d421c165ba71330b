#pragma once

#include <algorithm>
#include <csignal>
#include <thread>

namespace dbbackup::stream {

/// How many threads compress or decompress.
[[nodiscard]] inline std::size_t worker_count() noexcept {
    constexpr unsigned k_most_workers = 8;
    return std::clamp(std::thread::hardware_concurrency(), 1U, k_most_workers);
}

/// Threads started while it lives inherit a full signal mask: the main thread handles signals.
class SignalsBlocked {
public:
    SignalsBlocked() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &previous_);
    }

    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;

    ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &previous_, nullptr); }

private:
    sigset_t previous_{};
};

} // namespace dbbackup::stream
