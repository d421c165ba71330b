#pragma once

#include <dbbackup/sys/fd.hpp>

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace dbbackup::sys {

/// Reads a child's stderr on a separate thread, so that it never blocks the child. Keeps the last
/// part, and of what was before it the warnings and the first error. Very long lines are cut.
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
    void add_to_line(std::string_view text);
    void keep_important(std::string_view dropped);

    Fd fd_;
    Fd stop_; ///< an eventfd
    mutable std::mutex mutex_;
    std::string important_; ///< lines that the tail no longer holds: warnings and the first error
    int error_lines_ = 0;   ///< of the first error, in `important_`
    std::string tail_;
    std::size_t line_size_ = 0; ///< of its last line, as the child wrote it up to the cut
    std::thread thread_;
};

} // namespace dbbackup::sys
