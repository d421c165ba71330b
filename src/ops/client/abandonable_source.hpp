#pragma once

#include <dbbackup/stream/pump.hpp>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <string>
#include <utility>

namespace dbbackup::ops {

/// A source for a thread of its own, which can be told to stop.
class AbandonableSource : public stream::Source {
public:
    /// From another thread: read() ends soon, as at the end.
    virtual void abandon() noexcept = 0;
};

/// The beginning of a source, which was read already, and then the rest of it.
class RejoinedSource : public AbandonableSource {
public:
    RejoinedSource(std::string beginning, stream::Source& rest)
        : beginning_(std::move(beginning)), rest_(rest) {}

    [[nodiscard]] std::size_t read(std::byte* buffer, std::size_t size) override {
        if (is_abandoned_) {
            return 0;
        }
        if (taken_ == beginning_.size()) {
            return rest_.read(buffer, size);
        }
        const std::size_t got = std::min(size, beginning_.size() - taken_);
        std::memcpy(buffer, beginning_.data() + taken_, got);
        taken_ += got;
        return got;
    }

    void abandon() noexcept override { is_abandoned_ = true; }

private:
    std::string beginning_;
    std::size_t taken_ = 0;
    stream::Source& rest_;
    std::atomic<bool> is_abandoned_{false};
};

} // namespace dbbackup::ops
