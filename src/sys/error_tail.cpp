#include "sys/error_tail.hpp"

#include <dbbackup/base/error.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace dbbackup::sys {

namespace {

constexpr std::size_t k_most_kept = 16 * 1024;
constexpr std::size_t k_read_size = 4096;
/// More than a pipe holds, so that everything the child left in it is read; a grandchild that goes
/// on writing is not read forever.
constexpr int k_most_last_reads = (1 << 20) / k_read_size;

/// The server's lines after its error.
bool explains_error(std::string_view line) {
    return line.starts_with("DETAIL:") || line.starts_with("HINT:");
}

} // namespace

ErrorTail::ErrorTail(Fd fd) : fd_(std::move(fd)), stop_(::eventfd(0, EFD_CLOEXEC)) {
    if (!stop_) {
        throw base::system_error("make an event", errno);
    }
    thread_ = std::thread{[this] { drain(); }};
}

void ErrorTail::stop() {
    if (thread_.joinable()) {
        const std::uint64_t one = 1;
        [[maybe_unused]] const ssize_t written = ::write(stop_.get(), &one, sizeof one);
        thread_.join();
    }
}

std::string ErrorTail::text() const {
    const std::lock_guard lock{mutex_};
    return messages_ + tail_;
}

void ErrorTail::drain() {
    std::array<char, k_read_size> buffer{};
    bool stopping = false;
    int last_reads = 0;
    while (true) {
        std::array<pollfd, 2> waiting{pollfd{fd_.get(), POLLIN, 0},
                                      pollfd{stopping ? -1 : stop_.get(), POLLIN, 0}};
        const int ready = ::poll(waiting.data(), waiting.size(), stopping ? 0 : -1);
        if (ready < 0 && errno == EINTR) {
            continue;
        }
        stopping = stopping || waiting[1].revents != 0;
        if (waiting[0].revents == 0) {
            if (stopping && ready <= 0) {
                return;
            }
            continue;
        }
        const ssize_t size = ::read(fd_.get(), buffer.data(), buffer.size());
        last_reads += stopping ? 1 : 0;
        if (size <= 0 || last_reads > k_most_last_reads) {
            return;
        }
        keep({buffer.data(), static_cast<std::size_t>(size)});
    }
}

void ErrorTail::keep(std::string_view text) {
    const std::lock_guard lock{mutex_};
    tail_ += text;
    if (tail_.size() <= k_most_kept) {
        return;
    }
    // Whole lines, so that neither a warning nor a secret to be masked is cut in two.
    const std::size_t excess = tail_.size() - k_most_kept;
    const std::size_t line_end = tail_.find('\n', excess);
    const std::size_t cut = line_end == std::string::npos ? excess : line_end + 1;
    keep_messages(std::string_view{tail_}.substr(0, cut));
    tail_.erase(0, cut);
}

/// pg_dump 16 and later repeats a query after an error that names all tables and is longer than the
/// tail.
void ErrorTail::keep_messages(std::string_view dropped) {
    while (!dropped.empty()) {
        const std::string_view line = dropped.substr(0, dropped.find('\n'));
        const bool is_whole = line.size() < dropped.size();
        dropped.remove_prefix(std::min(line.size() + 1, dropped.size()));
        const bool is_warning = line.find("warning:") != std::string_view::npos;
        const bool is_first_error =
            !has_error_ && is_whole && line.find("error:") != std::string_view::npos;
        in_error_ = is_first_error || (in_error_ && is_whole && explains_error(line));
        has_error_ = has_error_ || is_first_error;
        if ((is_warning || in_error_) && messages_.size() < k_most_kept) {
            (messages_ += line) += '\n';
        }
    }
}

} // namespace dbbackup::sys
