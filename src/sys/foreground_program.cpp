#include "sys/exec_pointers.hpp"
#include "sys/exit_status.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/core_dumps.hpp>
#include <dbbackup/sys/foreground_program.hpp>
#include <dbbackup/sys/signals.hpp>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <spawn.h>
#include <string_view>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace dbbackup::sys {

namespace {

constexpr std::array k_passed_on{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};

/// What prepare_signals() has changed, and no program expects.
constexpr std::array k_ours{SIGPIPE, SIGXFSZ};

// A signal handler can only access globals.
std::atomic<pid_t> foreground_pid{0};

/// The terminal's own signals go to its whole foreground group, and so to the program too.
bool was_sent_by_process(const siginfo_t& info) {
#ifdef SI_TKILL
    if (info.si_code == SI_TKILL) {
        return true;
    }
#endif
    return info.si_code == SI_USER || info.si_code == SI_QUEUE;
}

extern "C" void on_signal_to_pass(int signal_number, siginfo_t* info, void* /*context*/) {
    const int saved_errno = errno;
    const pid_t pid = foreground_pid.load();
    if (pid > 0 && was_sent_by_process(*info)) {
        ::kill(pid, signal_number);
    }
    errno = saved_errno;
}

/// A signal that our caller ignores stays ignored, in the program too.
void take_signals_to_pass() {
    for (const int signal_number : k_passed_on) {
        struct sigaction action {};

        ::sigemptyset(&action.sa_mask);
        action.sa_flags = SA_RESTART;
        if (is_ignored_by_caller(signal_number)) {
            action.sa_handler = SIG_IGN;
        } else {
            action.sa_flags |= SA_SIGINFO;
            action.sa_sigaction = on_signal_to_pass;
        }
        ::sigaction(signal_number, &action, nullptr);
    }
}

class SpawnAttributes {
public:
    SpawnAttributes() {
        ::posix_spawnattr_init(&attributes_);
        sigset_t reset;
        ::sigemptyset(&reset);
        for (const int signal_number : k_ours) {
            if (!is_ignored_by_caller(signal_number)) {
                ::sigaddset(&reset, signal_number);
            }
        }
        ::posix_spawnattr_setsigdefault(&attributes_, &reset);
        ::posix_spawnattr_setsigmask(&attributes_, &callers_signal_mask());
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    }

    ~SpawnAttributes() { ::posix_spawnattr_destroy(&attributes_); }

    SpawnAttributes(const SpawnAttributes&) = delete;
    SpawnAttributes& operator=(const SpawnAttributes&) = delete;

    [[nodiscard]] const posix_spawnattr_t* get() const noexcept { return &attributes_; }

private:
    posix_spawnattr_t attributes_{};
};

/// Returns an errno value or 0.
int try_start(const std::string& program, const std::vector<std::string>& words,
              const std::vector<std::string>& environment, pid_t& pid) {
    const SpawnAttributes attributes;
    const CallersCoreLimit while_starting;
    return ::posix_spawn(&pid, program.c_str(), nullptr, attributes.get(),
                         pointers_to(words).data(), pointers_to(environment).data());
}

pid_t start(const std::string& program, const std::vector<std::string>& words,
            const std::vector<std::string>& environment) {
    pid_t pid = -1;
    int error = try_start(program, words, environment, pid);
    if (error == ENOEXEC) {
        // A script without an interpreter line is run by the shell, as every shell does.
        std::vector<std::string> script{"sh", program};
        script.insert(script.end(), words.begin() + 1, words.end());
        error = try_start("/bin/sh", script, environment, pid);
    }
    if (error != 0) {
        throw base::system_error("run '" + base::printable(program) + "'", error);
    }
    return pid;
}

/// Waits without reaping: until then its id cannot become another's.
void wait_for_end(pid_t pid) {
    siginfo_t info{};
    while (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT) != 0) {
        if (errno != EINTR) {
            throw base::system_error("wait for the command", errno);
        }
    }
}

bool is_program(const std::string& path) {
    struct stat status {};

    return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
           ::access(path.c_str(), X_OK) == 0;
}

/// Whether a relative entry of PATH counts.
enum class Relative { counts, skipped };

std::optional<std::string> find_in_path(const std::string& name, Relative relative) {
    const char* variable = std::getenv("PATH");
    std::string_view path = variable == nullptr ? "/usr/bin:/bin" : variable;
    while (!name.empty()) {
        const std::size_t colon = path.find(':');
        const std::string directory{path.substr(0, colon)};
        const bool counts = relative == Relative::counts || directory.starts_with('/');
        const std::string candidate = (directory.empty() ? "." : directory) + "/" + name;
        if (counts && is_program(candidate)) {
            return candidate;
        }
        if (colon == std::string_view::npos) {
            break;
        }
        path.remove_prefix(colon + 1);
    }
    return std::nullopt;
}

} // namespace

std::optional<std::string> find_program(const std::string& name) {
    if (name.find('/') != std::string::npos) {
        return is_program(name) ? std::optional{name} : std::nullopt;
    }
    return find_in_path(name, Relative::counts);
}

std::optional<std::string> find_installed_program(const std::string& name) {
    return find_in_path(name, Relative::skipped);
}

ExitStatus run_in_foreground(const std::string& program, const std::vector<std::string>& words,
                             const std::vector<std::string>& environment) {
    sigset_t held_back;
    sigset_t before;
    ::sigemptyset(&held_back);
    for (const int signal_number : k_passed_on) {
        ::sigaddset(&held_back, signal_number);
    }
    // Until there is a process to pass them on to.
    ::pthread_sigmask(SIG_BLOCK, &held_back, &before);
    throw_if_interrupted();
    take_signals_to_pass();
    const pid_t pid = start(program, words, environment);
    foreground_pid = pid;
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    wait_for_end(pid);
    foreground_pid = 0;
    int wait_status = 0;
    while (::waitpid(pid, &wait_status, 0) < 0 && errno == EINTR) {
    }
    return exit_status_of(wait_status);
}

} // namespace dbbackup::sys
