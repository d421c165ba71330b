#include "sys/spawn.hpp"

#include "sys/close_on_exec.hpp"
#include "sys/exec_pointers.hpp"

#include <dbbackup/base/error.hpp>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <grp.h>
#ifdef __linux__
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace dbbackup::sys {

namespace {

/// A new, empty session keyring: a process that has a keyring may use its keys, whatever user it
/// has become since (keyrings(7)). Returns an errno value or 0.
int leave_keyring() {
#if defined(__linux__) && defined(SYS_keyctl)
    constexpr int k_join_session_keyring = 1; // KEYCTL_JOIN_SESSION_KEYRING of linux/keyctl.h
    // If the kernel has no keys or a container forbids their use, the child cannot use any.
    if (::syscall(SYS_keyctl, k_join_session_keyring, nullptr) < 0 && errno != ENOSYS &&
        errno != EPERM) {
        return errno;
    }
#endif
    return 0;
}

/// Permanently gives up root's privileges: not even a set-user-ID program brings any of them back.
/// Returns an errno value or 0.
int become(const User& user) {
    if (const int failure = leave_keyring(); failure != 0) {
        return failure;
    }
    if (::setgroups(0, nullptr) != 0 || ::setgid(user.gid) != 0 || ::setuid(user.uid) != 0) {
        return errno;
    }
#ifdef __linux__
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#endif
    return 0;
}

/// As far as the kernel lets us: a container may forbid it.
void leave_network() {
#ifdef __linux__
    ::unshare(CLONE_NEWNET);
#endif
}

/// What the child has as 0, 1 and 2.
struct StandardDescriptors {
    int in;
    int out;
    int err;
};

/// Returns an errno value or 0.
int take_standard(const StandardDescriptors& standard) {
    const bool done = ::dup2(standard.in, STDIN_FILENO) >= 0 &&
                      ::dup2(standard.out, STDOUT_FILENO) >= 0 &&
                      ::dup2(standard.err, STDERR_FILENO) >= 0;
    return done ? 0 : errno;
}

/// Runs in the child between fork and exec, where only async-signal-safe calls are allowed. Returns
/// an errno value or 0.
int prepare_child(pid_t parent, const Command& command, const StandardDescriptors& standard) {
    // First, or a handler of the parent's would swallow the signal that is requested below.
    for (const int signal_number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) {
        ::signal(signal_number, SIG_DFL);
    }
    // A new session has no controlling terminal, into which the child could type.
    ::setsid();
    if (command.network == Network::none) {
        leave_network();
    }
    if (const int failure = take_standard(standard); failure != 0) {
        return failure;
    }
    if (const int failure = command.user ? become(*command.user) : 0; failure != 0) {
        return failure;
    }
    // As that user: root need not be able to enter another user's directory.
    if (!command.directory.empty() && ::chdir(command.directory.c_str()) != 0) {
        return errno;
    }
#ifdef __linux__
    // After the change of user, which resets it.
    ::prctl(PR_SET_PDEATHSIG, command.end_signal);
    if (::getppid() != parent) {
        ::_exit(127); // the parent died before the request was in force
    }
#endif
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    close_all_on_exec();
    for (const int fd : command.inherited_fds) {
        ::fcntl(fd, F_SETFD, 0);
    }
    return 0;
}

/// The errno value that a child wrote because it could not run its program; 0 if success closed the
/// pipe.
int read_failure(int report_fd) {
    int failure = 0;
    ssize_t size = 0;
    do {
        size = ::read(report_fd, &failure, sizeof failure); // written atomically (pipe(7))
    } while (size < 0 && errno == EINTR);
    return size < 0 ? errno : failure;
}

void reap(pid_t pid) {
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
}

} // namespace

pid_t spawn(const Command& command, int stdout_fd, int stderr_fd) {
    // All allocation happens before the fork: another thread may hold the allocator's lock then.
    std::vector<std::string> words{command.program};
    words.insert(words.end(), command.arguments.begin(), command.arguments.end());
    const std::vector<char*> arguments = pointers_to(words);
    const std::vector<char*> environment = pointers_to(command.environment);
    const Fd nothing{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
    if (!nothing) {
        throw base::system_error("open /dev/null", errno);
    }
    Pipe report = make_pipe();
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid < 0) {
        throw base::system_error("run " + command.program, errno);
    }
    if (pid == 0) {
        int failure = prepare_child(parent, command,
                                    {.in = command.stdin_fd >= 0 ? command.stdin_fd : nothing.get(),
                                     .out = stdout_fd,
                                     .err = stderr_fd});
        if (failure == 0) {
            ::execve(command.program.c_str(), arguments.data(), environment.data());
            failure = errno;
        }
        [[maybe_unused]] const ssize_t told =
            ::write(report.write_end.get(), &failure, sizeof failure);
        ::_exit(127);
    }
    report.write_end.reset();
    if (const int failure = read_failure(report.read_end.get()); failure != 0) {
        reap(pid);
        throw base::system_error("run " + command.program, failure);
    }
    return pid;
}

} // namespace dbbackup::sys
