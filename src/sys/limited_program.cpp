#include "sys/exit_status.hpp"
#include "sys/spawn.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/sys/limited_program.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace dbbackup::sys {

namespace {

using namespace std::chrono_literals;
using Time = std::chrono::steady_clock::time_point;

constexpr auto k_look_interval = 50ms;

/// Until it is reaped, its id, and so its group's, cannot become another's.
bool has_ended(pid_t pid) {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == pid;
}

ExitStatus reap(pid_t pid) {
    int wait_status = 0;
    while (::waitpid(pid, &wait_status, 0) < 0) {
        if (errno != EINTR) {
            throw base::system_error("wait for a program", errno);
        }
    }
    return exit_status_of(wait_status);
}

/// Passes on the beginning of what comes from a pipe, which must not block.
class Output {
public:
    Output(Fd fd, std::size_t most, const std::function<void(std::string_view)>& pass_on)
        : fd_(std::move(fd)), left_(most), pass_on_(pass_on) {
        ::fcntl(fd_.get(), F_SETFL, O_NONBLOCK);
    }

    /// Waits for some, at most for `patience`.
    void wait(std::chrono::milliseconds patience) {
        pollfd waiting{fd_.get(), POLLIN, 0};
        if (::poll(&waiting, 1, static_cast<int>(patience.count())) > 0) {
            (void)read_some();
        }
    }

    /// What is left of an ended program; another one may go on writing for ever.
    void drain() {
        constexpr int k_most_reads = 64;
        for (int i = 0; i < k_most_reads && read_some(); ++i) {
        }
    }

    [[nodiscard]] bool was_cut() const noexcept { return was_cut_; }

private:
    bool read_some() {
        std::array<char, 16'384> buffer{};
        const ssize_t size = fd_ ? ::read(fd_.get(), buffer.data(), buffer.size()) : 0;
        if (size < 0) {
            return false;
        }
        if (size == 0) {
            fd_.reset(); // poll() only waits from now on
            return false;
        }
        const std::size_t passed = std::min(left_, static_cast<std::size_t>(size));
        if (passed > 0) {
            pass_on_({buffer.data(), passed});
        }
        left_ -= passed;
        was_cut_ = was_cut_ || passed < static_cast<std::size_t>(size);
        return true;
    }

    Fd fd_;
    std::size_t left_;
    const std::function<void(std::string_view)>& pass_on_;
    bool was_cut_ = false;
};

} // namespace

LimitedRun run_limited_program(const Command& command, const ProgramLimits& limits,
                               const std::function<bool()>& must_end,
                               const std::function<void(std::string_view)>& on_output) {
    Pipe pipe = make_pipe();
    const pid_t pid = spawn(command, pipe.write_end.get(), pipe.write_end.get());
    pipe.write_end.reset();
    Output output{std::move(pipe.read_end), limits.output, on_output};
    LimitedRun run;
    const Time deadline = std::chrono::steady_clock::now() + limits.time;
    std::optional<Time> kill_at;
    while (!has_ended(pid)) {
        const Time now = std::chrono::steady_clock::now();
        if (!kill_at && (now >= deadline || must_end())) {
            run.timed_out = now >= deadline;
            run.was_ended = !run.timed_out;
            ::kill(-pid, command.end_signal);
            ::kill(-pid, SIGCONT); // a stopped process could not handle it
            kill_at = now + limits.grace;
        } else if (kill_at && now >= *kill_at) {
            ::kill(-pid, SIGKILL);
        }
        output.wait(k_look_interval);
    }
    // Its children may have ignored the signal that ended it.
    ::kill(-pid, kill_at ? SIGKILL : command.end_signal);
    output.drain();
    run.output_was_cut = output.was_cut();
    run.status = reap(pid);
    return run;
}

std::optional<std::string> find_in_absolute_path(const std::string& name, std::string_view path) {
    while (!path.empty()) {
        const std::string directory{path.substr(0, path.find(':'))};
        path.remove_prefix(std::min(path.size(), directory.size() + 1));
        const std::string program = directory + "/" + name;

        struct stat status {};

        if (directory.starts_with('/') && ::stat(program.c_str(), &status) == 0 &&
            S_ISREG(status.st_mode) && ::access(program.c_str(), X_OK) == 0) {
            return program;
        }
    }
    return std::nullopt;
}

} // namespace dbbackup::sys
