#pragma once

#include <dbbackup/ops/listener.hpp>

#include <chrono>
#include <cstdint>

namespace dbbackup::ops {

/// Reports how much of a file was sent or read.
class TransferProgress {
public:
    TransferProgress(Listener& listener, Progress::Phase phase, std::uint64_t size)
        : listener_(listener), started_(std::chrono::steady_clock::now()) {
        progress_.phase = phase;
        progress_.estimated_bytes = size;
    }

    /// So many bytes in all.
    void report(std::uint64_t bytes) {
        progress_.bytes = bytes;
        progress_.elapsed = elapsed();
        listener_.on_progress(progress_);
    }

    [[nodiscard]] std::chrono::milliseconds elapsed() const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - started_);
    }

private:
    Listener& listener_;
    Progress progress_;
    std::chrono::steady_clock::time_point started_;
};

} // namespace dbbackup::ops
