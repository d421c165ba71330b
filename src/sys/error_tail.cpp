#include "sys/error_tail.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/sys/error_lines.hpp>

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
/// Queries that a program repeats can be as long as they like: pg_dump 17 names all tables in one.
constexpr std::size_t k_longest_line = 4 * 1024;
constexpr std::size_t k_read_size = 4096;
/// More than a pipe holds, so that everything the child left in it is read; a grandchild that goes
/// on writing is not read forever.
constexpr int k_most_last_reads = (1 << 20) / k_read_size;

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
    return important_ + tail_;
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
    while (!text.empty()) {
        const std::size_t size = std::min(text.find('\n'), text.size());
        add_to_line(text.substr(0, size));
        if (size < text.size()) {
            tail_ += '\n';
            line_size_ = 0;
        }
        text.remove_prefix(std::min(size + 1, text.size()));
    }
    if (tail_.size() <= k_most_kept) {
        return;
    }
    // Whole lines, so that neither a warning nor a secret to be masked is cut in two. No line is as
    // long as the tail, so there is an end.
    const std::size_t cut = tail_.find('\n', tail_.size() - k_most_kept) + 1;
    keep_important(std::string_view{tail_}.substr(0, cut));
    tail_.erase(0, cut);
}

void ErrorTail::add_to_line(std::string_view text) {
    if (line_size_ > k_longest_line) {
        return; // it was cut
    }
    tail_ += text;
    line_size_ += text.size();
    if (line_size_ > k_longest_line) {
        const std::size_t start = tail_.size() - line_size_;
        const std::size_t blank = tail_.rfind(' ', start + k_longest_line);
        // Between words, for the same reason.
        const bool has_words = blank != std::string::npos && blank > start;
        tail_.resize(has_words ? blank : start + k_longest_line);
        tail_ += " …";
    }
}

void ErrorTail::keep_important(std::string_view dropped) {
    while (!dropped.empty()) {
        const std::string_view line = dropped.substr(0, dropped.find('\n') + 1);
        dropped.remove_prefix(line.size());
        const bool of_first_error =
            error_lines_ > 0 ? error_lines_ < k_lines_of_an_error : is_error_line(line);
        if (of_first_error || (is_warning_line(line) && important_.size() < k_most_kept)) {
            important_ += line;
        }
        error_lines_ += of_first_error ? 1 : 0;
    }
}

} // namespace dbbackup::sys
