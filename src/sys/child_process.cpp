#include "sys/error_tail.hpp"
#include "sys/exit_status.hpp"
#include "sys/spawn.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/sys/child_process.hpp>
#include <dbbackup/sys/signals.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace dbbackup::sys {

namespace {

using namespace std::chrono_literals;

/// As much as the kernel allows without privileges: fewer wake-ups between child and parent.
constexpr int k_pipe_size = 1 << 20;
constexpr auto k_default_grace = 3000ms;
constexpr auto k_gathering_time = 500us;

/// pg_dump writes 4 KiB at a time, and waking up for each costs more than reading it. A short sleep
/// while there is little in the pipe lets one read get more; the pipe has room for the output of
/// several such sleeps, so the child never waits for us.
void let_output_gather(int fd, std::size_t wanted) {
    constexpr std::size_t k_worth_reading = k_pipe_size / 8;
    int available = 0;
    if (wanted > k_worth_reading && ::ioctl(fd, FIONREAD, &available) == 0 &&
        static_cast<std::size_t>(available) < k_worth_reading) {
        std::this_thread::sleep_for(k_gathering_time);
    }
}

} // namespace

struct ChildProcess::State {
    std::string program;
    int end_signal;
    pid_t pid = -1;
    Fd output;
    std::optional<ErrorTail> errors;
    std::optional<ExitStatus> status;

    State(const Command& command, std::optional<int> stdout_fd)
        : program(command.program), end_signal(command.end_signal) {
        Pipe error_pipe = make_pipe();
        Pipe output_pipe;
        if (!stdout_fd) {
            output_pipe = make_pipe();
            ::fcntl(output_pipe.read_end.get(), F_SETPIPE_SZ, k_pipe_size);
        }
        // Before the child starts: an error after that would leave it without an owner.
        errors.emplace(std::move(error_pipe.read_end));
        pid = spawn(command, stdout_fd.value_or(output_pipe.write_end.get()),
                    command.stderr_fd < 0 ? error_pipe.write_end.get() : command.stderr_fd);
        output = std::move(output_pipe.read_end);
    }

    /// For kill(), ids of -1 and below 2 mean many processes that are not ours.
    void signal_group(int signal_number) const noexcept {
        if (pid > 1) {
            ::kill(-pid, signal_number);
        }
    }

    /// Processes that an ended child leaves must not live on, least of all a session on the server.
    /// Until the child is reaped, its id, and so its group's, cannot be reused.
    void end_rest_of_group() const noexcept {
        siginfo_t info{};
        if (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
            info.si_pid == pid) {
            signal_group(end_signal);
        }
    }

    /// Reaps the child if it has ended; true once it has.
    bool try_reap() {
        if (!status) {
            end_rest_of_group();
            int wait_status = 0;
            const pid_t reaped = ::waitpid(pid, &wait_status, WNOHANG);
            if (reaped == pid) {
                status = exit_status_of(wait_status);
                errors->stop();
            } else if (reaped < 0 && errno != EINTR) {
                throw base::system_error("wait for " + program, errno);
            }
        }
        return status.has_value();
    }
};

ChildProcess::ChildProcess(Command command)
    : state_(std::make_unique<State>(command, std::nullopt)) {
}

ChildProcess::ChildProcess(Command command, int stdout_fd)
    : state_(std::make_unique<State>(command, stdout_fd)) {
}

ChildProcess::~ChildProcess() {
    terminate(k_default_grace);
}

std::optional<std::size_t> ChildProcess::read_output(std::byte* buffer, std::size_t size,
                                                     std::chrono::milliseconds patience) {
    while (true) {
        const bool ended = state_->status.has_value();
        if (!wait_for_fd(state_->output.get(), POLLIN, ended ? 0ms : patience)) {
            // A grandchild may hold the pipe open after the child's death.
            if (ended) {
                return 0;
            }
            if (state_->try_reap()) {
                continue;
            }
            return std::nullopt;
        }
        let_output_gather(state_->output.get(), size);
        const ssize_t count = ::read(state_->output.get(), buffer, size);
        if (count >= 0) {
            return static_cast<std::size_t>(count);
        }
        if (errno != EINTR) {
            throw base::system_error("read the output of " + state_->program, errno);
        }
    }
}

std::string ChildProcess::name() const {
    return state_->program.substr(state_->program.rfind('/') + 1);
}

bool ChildProcess::running() {
    return !state_->try_reap();
}

ExitStatus ChildProcess::wait(std::chrono::milliseconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    auto pause = 1ms;
    while (!state_->try_reap()) {
        if (std::chrono::steady_clock::now() >= deadline) {
            terminate(k_default_grace);
            break;
        }
        interruptible_sleep(pause);
        pause = std::min(pause * 2, 20ms);
    }
    return state_->status.value();
}

void ChildProcess::ask_to_end(int signal_number) noexcept {
    if (!state_->status) { // not reaped: its id is still its own
        state_->signal_group(signal_number);
        state_->signal_group(SIGCONT);
    }
}

void ChildProcess::terminate(std::chrono::milliseconds grace) noexcept {
    const auto deadline = std::chrono::steady_clock::now() + grace;
    bool asked = false;
    bool killed = false;
    try {
        while (!state_->try_reap()) {
            if (!asked) {
                asked = true;
                state_->signal_group(state_->end_signal);
                state_->signal_group(SIGCONT); // a stopped child could not handle it
            } else if (!killed && std::chrono::steady_clock::now() >= deadline) {
                killed = true;
                state_->signal_group(SIGKILL);
            }
            std::this_thread::sleep_for(5ms);
        }
    } catch (const base::Error&) {
        // waitpid says that there is no such child: nothing is left to end.
        state_->status = ExitStatus{.exit_code = 0, .signal_number = SIGKILL};
        state_->errors->stop();
    }
}

std::string ChildProcess::error_output() const {
    return state_->errors->text();
}

std::string run_and_capture(Command command, std::chrono::milliseconds timeout) {
    constexpr std::size_t k_most = 1 << 20;
    const std::string program = command.program;
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    ChildProcess child{std::move(command)};
    std::string output;
    std::array<std::byte, 4096> buffer{};
    while (output.size() < k_most) {
        if (std::chrono::steady_clock::now() >= deadline) {
            throw base::Error{base::ErrorKind::failed, program + " does not answer"};
        }
        const auto size = child.read_output(buffer.data(), buffer.size(), 500ms);
        if (size == 0U) {
            break;
        }
        output += base::as_text({buffer.data(), size.value_or(0)});
    }
    const ExitStatus status = child.wait(timeout);
    if (!status.success()) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("{} ended with {}", program, status.describe())};
    }
    return output;
}

} // namespace dbbackup::sys
