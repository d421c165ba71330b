#pragma once

#include <dbbackup/stream/pump.hpp>
#include <dbbackup/sys/child_process.hpp>
#include <dbbackup/sys/fd.hpp>

#include <atomic>
#include <cstdint>
#include <string>

namespace dbbackup::ops {

/// The stdin of a child that reads what we write.
class ChildInput : public stream::Observer {
public:
    /// `name` names the child in errors.
    explicit ChildInput(std::string name);

    /// Makes `command` read from here. Call started() once its child runs.
    void connect(sys::Command& command) const { command.stdin_fd = pipe_.read_end.get(); }

    /// The same for a child that is told the descriptor.
    [[nodiscard]] int read_end() const noexcept { return pipe_.read_end.get(); }

    void started() noexcept { pipe_.read_end.reset(); }

    /// Waits while the child is busy. Once the child has stopped reading, does nothing: its exit
    /// code says what that means. Throws base::Error{failed} if it takes nothing for minutes, and
    /// base::Interrupted.
    void observe(base::Bytes bytes) override;

    /// The child gets the end of the file.
    void close() noexcept { pipe_.write_end.reset(); }

    /// From another thread: a write that waits for the child ends.
    void abandon() noexcept { is_abandoned_ = true; }

    /// Bytes that the child was given.
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

    /// The child did not want them all.
    [[nodiscard]] bool is_refused() const noexcept { return is_refused_; }

private:
    [[nodiscard]] bool wait_for_room() const;

    std::string name_;
    sys::Pipe pipe_;
    std::uint64_t size_ = 0;
    std::atomic<bool> is_refused_{false};
    std::atomic<bool> is_abandoned_{false};
};

} // namespace dbbackup::ops
