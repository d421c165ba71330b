#include "support/program/program.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <stdexcept>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace dbbackup::test {

namespace {

using namespace std::chrono_literals;

std::vector<std::string> environment_of(const ProgramOptions& options) {
    std::map<std::string, std::string> variables{{"PATH", "/usr/bin:/bin"}, {"LC_ALL", "C"}};
    for (const char* name : {"HOME", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
        if (const char* value = std::getenv(name)) {
            variables[name] = value;
        }
    }
    for (const auto& [name, value] : options.environment) {
        variables[name] = value;
    }
    std::vector<std::string> entries;
    for (const auto& [name, value] : variables) {
        entries.push_back(name + "=" + value);
    }
    return entries;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> result;
    for (std::string& word : words) {
        result.push_back(word.data());
    }
    result.push_back(nullptr);
    return result;
}

void redirect(int fd, const std::filesystem::path& path, int flags) {
    const int opened = ::open(path.c_str(), flags, 0600);
    ::dup2(opened, fd);
    ::close(opened);
}

sigset_t block_signals() {
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, &before);
    return before;
}

void restore_default_signals(const sigset_t& mask) {
    for (const int signal_number : {SIGINT, SIGTERM, SIGHUP, SIGABRT, SIGSEGV, SIGFPE, SIGILL}) {
        ::signal(signal_number, SIG_DFL);
    }
    ::sigprocmask(SIG_SETMASK, &mask, nullptr);
}

} // namespace

Program::Program(const std::vector<std::string>& words, const ProgramOptions& options)
    : deadline_(std::chrono::steady_clock::now() + options.timeout) {
    write_file(output_ / "in", options.input);
    write_file(output_ / "out", "");
    write_file(output_ / "err", "");
    std::vector<std::string> arguments = words;
    std::vector<std::string> environment = environment_of(options);
    const std::vector<char*> argument_pointers = pointers(arguments);
    const std::vector<char*> environment_pointers = pointers(environment);
    // A signal can arrive before the program has started; our own handlers must not run then.
    const sigset_t callers_mask = block_signals();
    pid_ = ::fork();
    if (pid_ == 0) {
        ::setpgid(0, 0);
        restore_default_signals(callers_mask);
        redirect(0, output_ / "in", O_RDONLY);
        redirect(1, output_ / "out", O_WRONLY);
        redirect(2, output_ / "err", O_WRONLY | O_APPEND);
        if (options.file_size_limit != RLIM_INFINITY) {
            const rlimit limit{options.file_size_limit, options.file_size_limit};
            ::setrlimit(RLIMIT_FSIZE, &limit);
        }
        if (::chdir(options.directory.c_str()) == 0) {
            ::execve(argument_pointers[0], argument_pointers.data(), environment_pointers.data());
        }
        ::_exit(127);
    }
    ::sigprocmask(SIG_SETMASK, &callers_mask, nullptr);
    ::setpgid(pid_, pid_);
}

Program::~Program() {
    if (!reaped_) {
        ::kill(-pid_, SIGKILL);
        ::waitpid(pid_, &wait_status_, 0);
    }
}

void Program::send(int signal_number) const {
    ::kill(pid_, signal_number);
}

bool Program::running() {
    if (!reaped_ && ::wait4(pid_, &wait_status_, WNOHANG, &usage_) == pid_) {
        reaped_ = true;
    }
    return !reaped_;
}

std::string Program::err_so_far() const {
    return read_file(output_ / "err");
}

ProgramResult Program::wait() {
    while (running()) {
        if (std::chrono::steady_clock::now() > deadline_) {
            throw std::runtime_error("the program under test does not end");
        }
        std::this_thread::sleep_for(2ms);
    }
    ProgramResult result;
    result.signal_number = WIFSIGNALED(wait_status_) ? WTERMSIG(wait_status_) : 0;
    result.exit_code =
        result.signal_number != 0 ? 128 + result.signal_number : WEXITSTATUS(wait_status_);
#ifdef __APPLE__
    result.peak_kib = usage_.ru_maxrss / 1024; // bytes there
#else
    result.peak_kib = usage_.ru_maxrss;
#endif
    result.out = read_file(output_ / "out");
    result.err = read_file(output_ / "err");
    return result;
}

ProgramResult run_program(const std::vector<std::string>& words, const ProgramOptions& options) {
    return Program{words, options}.wait();
}

std::vector<std::string> as_owner_of(const std::filesystem::path& path,
                                     std::vector<std::string> words) {
    struct stat status {};

    if (::stat(path.c_str(), &status) != 0) {
        throw std::runtime_error("no " + path.string());
    }
    if (::geteuid() == 0) {
        words.insert(words.begin(), {"/usr/bin/setpriv", "--reuid=" + std::to_string(status.st_uid),
                                     "--regid=" + std::to_string(status.st_gid), "--clear-groups"});
    }
    return words;
}

std::string dbbackup_path() {
    // A program from another build, such as the one for ASan, can replace this build's.
    const char* other = std::getenv("DBBACKUP_TEST_OTHER_BINARY");
    const char* path = other != nullptr ? other : std::getenv("DBBACKUP_TEST_BINARY");
    if (path == nullptr) {
        throw std::runtime_error("DBBACKUP_TEST_BINARY is not set; run the tests by ctest");
    }
    return path;
}

bool dbbackup_is_sanitized() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true;
#else
    return std::getenv("DBBACKUP_TEST_OTHER_BINARY") != nullptr;
#endif
}

ProgramResult run_dbbackup(std::vector<std::string> arguments, const ProgramOptions& options) {
    arguments.insert(arguments.begin(), dbbackup_path());
    return run_program(arguments, options);
}

} // namespace dbbackup::test
