#include "ops/seal/seal_sink.hpp"

#include "ops/client/progress_report.hpp"
#include "ops/seal/sealed_size.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/stream/checksum.hpp>
#include <dbbackup/stream/fd_sink.hpp>
#include <dbbackup/sys/signals.hpp>

#include <algorithm>
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

constexpr auto k_glance = 200ms;
/// For what is left in the pipe of an age that has ended.
constexpr auto k_draining_patience = 30s;
/// Without any output after the end of its input.
constexpr auto k_patience = 5min;
constexpr auto k_exit_patience = 30s;
/// Room for the header of thousands of recipients.
constexpr std::size_t k_most_header = std::size_t{1} << 20;
constexpr int k_pipe_size = 1 << 20;

sys::ChildProcess start(sys::Command command, ChildInput& input, sys::Pipe& output) {
    input.connect(command);
#ifdef F_SETPIPE_SZ
    ::fcntl(output.write_end.get(), F_SETPIPE_SZ, k_pipe_size);
#endif
    return sys::ChildProcess{std::move(command), output.write_end.get()};
}

[[noreturn]] void throw_liar(const std::string& what) {
    throw base::Error{base::ErrorKind::damaged, what,
                      "Nothing of it was kept. Find out what program runs as age."};
}

} // namespace

SealSink::SealSink(const AgeProgram& age, const std::vector<std::string>& recipients, int fd,
                   std::string name)
    : name_(std::move(name)), fd_(fd), input_("age"), output_(sys::make_pipe()),
      age_(start(age.seal(recipients), input_, output_)) {
    input_.started();
    output_.write_end.reset();
    collecting_ = std::async(std::launch::async, [this] {
                      try {
                          return collect();
                      } catch (...) {
                          output_.read_end.reset(); // or age would wait for us
                          throw;
                      }
                  }).share();
}

SealSink::~SealSink() {
    input_.close();
    stop_ = true;
    age_.terminate(1s);
}

FileSum SealSink::collect() {
    stream::Checksum checksum;
    stream::FdSink file{fd_, name_};
    std::vector<std::byte> buffer(std::size_t{256} << 10U);
    while (!stop_) {
        if (!sys::wait_for_fd(output_.read_end.get(), POLLIN, k_glance)) {
            continue;
        }
        const ssize_t got = ::read(output_.read_end.get(), buffer.data(), buffer.size());
        if (got < 0 && errno != EINTR) {
            throw base::system_error("read the output of age", errno);
        }
        if (got == 0) {
            break;
        }
        const base::Bytes bytes{buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
        if (beginning_.size() < k_most_header) {
            beginning_ += base::as_text(bytes);
        }
        checksum.observe(bytes);
        file.write(bytes);
        collected_ += bytes.size();
    }
    const std::uint64_t size = checksum.size();
    return {.sha256 = checksum.sha256(), .size = size};
}

void SealSink::write(base::Bytes bytes) {
    input_.observe(bytes);
    if (input_.is_refused()) {
        throw base::Error{base::ErrorKind::failed, "age stopped before its input ended"};
    }
}

void SealSink::await_collector() {
    std::uint64_t seen = 0;
    auto since = std::chrono::steady_clock::now();
    while (collecting_.wait_for(10ms) != std::future_status::ready) {
        sys::throw_if_interrupted();
        if (const std::uint64_t now = collected_; now != seen) {
            seen = now;
            since = std::chrono::steady_clock::now();
        }
        const auto silence = elapsed_since(since);
        if (silence >= k_draining_patience && !age_.running()) {
            stop_ = true; // another process holds its output
        } else if (silence >= k_patience) {
            throw base::Error{base::ErrorKind::failed,
                              "age hangs: it has written nothing for minutes"};
        }
    }
}

void SealSink::require_age_success() {
    const sys::ExitStatus status = age_.wait(k_exit_patience);
    if (!status.success()) {
        const std::string words = words_of_age(age_.error_output());
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("age failed with {}{}{}", status.describe(),
                                      words.empty() ? "" : ": ", words)};
    }
}

void SealSink::finish() {
    input_.close();
    await_collector();
    const FileSum& file = collecting_.get();
    require_age_success();
    if (input_.is_refused()) {
        throw_liar("age exited 0 before its input ended");
    }
    if (const std::string wrong = find_wrong_size(beginning_, file.size, input_.size());
        !wrong.empty()) {
        throw_liar(
            fmt::format("age exited 0, but what it wrote is not the sealed dump: {}", wrong));
    }
}

void SealSink::throw_cause() {
    if (!input_.is_refused()) {
        return;
    }
    input_.close();
    await_collector();
    (void)collecting_.get(); // the disk may be full
    require_age_success();
    throw_liar("age exited 0 before its input ended");
}

} // namespace dbbackup::ops
