#include "sys/spawn.hpp"

#include "sys/close_on_exec.hpp"

#include <dbbackup/base/error.hpp>

#if __has_include(<boost/process/v1/child.hpp>)
#include <boost/process/v1/args.hpp>
#include <boost/process/v1/child.hpp>
#include <boost/process/v1/env.hpp>
#include <boost/process/v1/environment.hpp>
#include <boost/process/v1/exe.hpp>
#include <boost/process/v1/extend.hpp>
#include <boost/process/v1/io.hpp>
#include <boost/process/v1/posix.hpp>
namespace bp = boost::process::v1;
#else
#include <boost/process.hpp>
#include <boost/process/extend.hpp>
namespace bp = boost::process;
#endif

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <grp.h>
#ifdef __linux__
#include <sched.h>
#include <sys/prctl.h>
#endif
#include <system_error>
#include <unistd.h>

namespace dbbackup::sys {

namespace {

/// Gives up all that root may do, for good: not even a program with set-user-ID gives any of it
/// back. Returns an errno value or 0.
int become(const User& user) {
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

/// Runs in the child between fork and exec, where only async-signal-safe calls are allowed. Returns
/// an errno value or 0.
int prepare_child(pid_t parent, const Command& command) {
    // First, or else a handler of the parent's would swallow the signal that is asked for below.
    for (const int signal_number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) {
        ::signal(signal_number, SIG_DFL);
    }
    // A session of its own has no controlling terminal, to which the child could type.
    ::setsid();
    if (command.network == Network::none) {
        leave_network();
    }
    const int failure = command.user ? become(*command.user) : 0;
    if (failure != 0) {
        return failure;
    }
    // As that user: root need not be able to enter a directory of somebody else's.
    if (!command.directory.empty() && ::chdir(command.directory.c_str()) != 0) {
        return errno;
    }
#ifdef __linux__
    // Not before the change of the user, which undoes it.
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

bp::environment make_environment(const std::vector<std::string>& entries) {
    bp::environment environment;
    environment.clear();
    for (const std::string& entry : entries) {
        const std::size_t equals = entry.find('=');
        environment.set(entry.substr(0, equals), entry.substr(equals + 1));
    }
    return environment;
}

} // namespace

pid_t spawn(const Command& command, int stdout_fd, int stderr_fd) {
    const pid_t parent = ::getpid();
    std::error_code error;
    errno = 0;
    bp::child child{bp::exe = command.program,
                    bp::args = command.arguments,
                    make_environment(command.environment),
                    bp::std_in < bp::null,
                    bp::posix::fd.bind(STDOUT_FILENO, stdout_fd),
                    bp::posix::fd.bind(STDERR_FILENO, stderr_fd),
                    bp::extend::on_exec_setup =
                        [&](auto& executor) {
                            if (const int failure = prepare_child(parent, command); failure != 0) {
                                executor.set_error(std::error_code{failure, std::system_category()},
                                                   "preparing the child failed");
                                ::_exit(127);
                            }
                        },
                    error};
    if (error) {
        throw base::system_error("run " + command.program, error.value());
    }
    const pid_t pid = child.id();
    if (pid <= 0) {
        // Boost 1.74 says nothing when it cannot make its pipe to the child; errno still does. Such
        // an id must get no further: kill() takes it for many processes, or for all.
        const int reason = errno;
        child.detach();
        throw base::system_error("run " + command.program, reason == 0 ? EAGAIN : reason);
    }
    // From here on the child is reaped by its id: Boost's own wait and terminate lose the
    // difference between exit codes and signals.
    child.detach();
    return pid;
}

} // namespace dbbackup::sys
