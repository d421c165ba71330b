#include "sys/spawn.hpp"

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

#include <csignal>
#include <fcntl.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <system_error>
#include <unistd.h>

namespace dbbackup::sys {

namespace {

/// Runs in the child between fork and exec, where only async-signal-safe calls are allowed.
void prepare_child(pid_t parent, const std::vector<int>& inherited_fds) {
    // First, or else a handler of the parent's would swallow the signal that is asked for below.
    for (const int signal_number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) {
        ::signal(signal_number, SIG_DFL);
    }
    ::setpgid(0, 0);
#ifdef __linux__
    // SIGTERM, not SIGKILL: pg_dump then cancels its query on the server before it goes.
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) {
        ::_exit(127); // the parent died before the request was in force
    }
#endif
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const int fd : inherited_fds) {
        ::fcntl(fd, F_SETFD, 0);
    }
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
    bp::child child{
        bp::exe = command.program,
        bp::args = command.arguments,
        make_environment(command.environment),
        bp::std_in < bp::null,
        bp::posix::fd.bind(STDOUT_FILENO, stdout_fd),
        bp::posix::fd.bind(STDERR_FILENO, stderr_fd),
        bp::extend::on_exec_setup = [&](auto&) { prepare_child(parent, command.inherited_fds); },
        error};
    if (error) {
        throw base::system_error("run " + command.program, error.value());
    }
    const pid_t pid = child.id();
    // From here on the child is reaped by its id: Boost's own wait and terminate lose the
    // difference between exit codes and signals.
    child.detach();
    return pid;
}

} // namespace dbbackup::sys
