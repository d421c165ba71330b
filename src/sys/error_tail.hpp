#pragma once

#include <dbbackup/sys/fd.hpp>

#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace dbbackup::sys {

/// Reads a child's stderr on a separate thread, so that it never blocks the child, and keeps the
/// last part, and of what came before it the warnings and the first error.
class ErrorTail {
public:
    /// Starts to read from `fd`. Throws base::Error.
    explicit ErrorTail(Fd fd);
    ErrorTail(const ErrorTail&) = delete;
    ErrorTail& operator=(const ErrorTail&) = delete;
    ~ErrorTail() { stop(); }

    /// Call it after the child has ended. When it returns, everything the child wrote has been
    /// read; it does not wait for a grandchild that holds the pipe.
    void stop();

    [[nodiscard]] std::string text() const;

private:
    void drain();
    void keep(std::string_view text);
    void keep_messages(std::string_view dropped);

    Fd fd_;
    Fd stop_; ///< an eventfd
    mutable std::mutex mutex_;
    std::string messages_; ///< the warnings and the first error that the tail no longer holds
    bool has_error_ = false;
    bool in_error_ = false; ///< the last line dropped belongs to the first error
    std::string tail_;
    std::thread thread_;
};

} // namespace dbbackup::sys
