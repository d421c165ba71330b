#pragma once

#include "ops/client/abandonable_source.hpp"

#include <dbbackup/sys/child_process.hpp>

#include <atomic>
#include <chrono>

namespace dbbackup::ops {

/// A child's stdout as a source for a thread of its own.
class ChildReader : public AbandonableSource {
public:
    explicit ChildReader(sys::ChildProcess& child) : child_(child) {}

    [[nodiscard]] std::size_t read(std::byte* buffer, std::size_t size) override;

    void abandon() noexcept override { is_abandoned_ = true; }

protected:
    /// The output has ended. May throw.
    virtual void on_end() {}

    /// It has been silent for so long. May throw.
    virtual void on_silence(std::chrono::milliseconds /*silence*/) {}

private:
    sys::ChildProcess& child_;
    std::atomic<bool> is_abandoned_{false};
    bool is_at_end_ = false;
};

} // namespace dbbackup::ops
