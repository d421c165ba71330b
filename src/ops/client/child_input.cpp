#include "ops/client/child_input.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/sys/signals.hpp>

#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>
#include <utility>

namespace dbbackup::ops {

namespace {

using namespace std::chrono_literals;

constexpr int k_pipe_size = 1 << 20;
constexpr auto k_glance = 200ms;
/// The child may write to a slow disk or share, but a healthy one takes no longer than this.
constexpr auto k_patience = 5min;

} // namespace

ChildInput::ChildInput(std::string name) : name_(std::move(name)), pipe_(sys::make_pipe()) {
    ::fcntl(pipe_.write_end.get(), F_SETFL, O_NONBLOCK);
#ifdef F_SETPIPE_SZ
    ::fcntl(pipe_.write_end.get(), F_SETPIPE_SZ, k_pipe_size);
#endif
}

bool ChildInput::wait_for_room() const {
    const auto deadline = std::chrono::steady_clock::now() + k_patience;
    while (!is_abandoned_) {
        if (sys::wait_for_fd(pipe_.write_end.get(), POLLOUT, k_glance)) {
            return true;
        }
        if (std::chrono::steady_clock::now() >= deadline) {
            throw base::Error{base::ErrorKind::failed,
                              fmt::format("{} hangs: it has read nothing for minutes", name_)};
        }
    }
    return false;
}

void ChildInput::observe(base::Bytes bytes) {
    while (!bytes.empty() && !is_refused_ && wait_for_room()) {
        const ssize_t written = ::write(pipe_.write_end.get(), bytes.data(), bytes.size());
        if (written >= 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(written));
            size_ += static_cast<std::uint64_t>(written);
        } else if (errno == EPIPE) {
            is_refused_ = true;
        } else if (errno != EAGAIN && errno != EINTR) {
            throw base::system_error("write to " + name_, errno);
        }
    }
}

} // namespace dbbackup::ops
