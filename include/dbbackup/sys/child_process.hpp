#pragma once

#include <dbbackup/sys/fd.hpp>
#include <dbbackup/sys/user.hpp>

#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::sys {

/// `none`: cut off from every network, if the kernel permits that. Only root may use it. Unix
/// sockets in the file system remain reachable.
enum class Network { callers, none };

/// A program to run, without a shell.
struct Command {
    std::string program;                  ///< absolute path
    std::vector<std::string> arguments;   ///< without argv[0]
    std::vector<std::string> environment; ///< "NAME=value", complete: nothing is inherited
    /// Descriptors the child inherits under the same number, besides 0, 1 and 2.
    std::vector<int> inherited_fds = {};
    std::optional<User> user = {}; ///< who it runs as, if not this user: only root may set it
    Network network = Network::callers;
    std::string directory = {}; ///< its working directory; empty for this process's own
    /// The signal that asks it to end, also sent when this process dies. SIGTERM lets a client
    /// cancel its query on the server before it exits.
    int end_signal = SIGTERM;
    /// Its stdin, which the caller still owns; /dev/null, if negative.
    int stdin_fd = -1;
    /// Its stderr, which the caller still owns; read here, if negative.
    int stderr_fd = -1;
};

/// How a child ended.
struct ExitStatus {
    int exit_code = 0;     ///< meaningful if signal_number is 0
    int signal_number = 0; ///< the signal that ended it, or 0

    [[nodiscard]] bool success() const noexcept { return exit_code == 0 && signal_number == 0; }

    /// "exit status 1", "signal 9 (Killed)".
    [[nodiscard]] std::string describe() const;
};

/// A running child in its own session (so without a terminal), with /dev/null as its stdin
/// unless its command says otherwise. Its stderr is read continuously; the last part is kept. The
/// child gets its end signal when this process dies, and the destructor leaves no child running:
/// end signal, grace period, SIGKILL, reap.
class ChildProcess {
public:
    /// Starts `command` with its stdout on a pipe, read from output_fd(). Call from the main
    /// thread: the kernel ties the child's life to the thread that started it. Throws base::Error.
    explicit ChildProcess(Command command);
    /// The same with the child's stdout on `stdout_fd`, which the caller still owns.
    ChildProcess(Command command, int stdout_fd);
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    /// Reads what the child writes to stdout, at most `size` bytes; 0 at the end, nothing if it
    /// wrote nothing for `patience`. It is also the end if the child has exited and only a
    /// grandchild holds the pipe. Throws base::Interrupted.
    [[nodiscard]] std::optional<std::size_t> read_output(std::byte* buffer, std::size_t size,
                                                         std::chrono::milliseconds patience);

    /// The program's file name, for messages.
    [[nodiscard]] std::string name() const;

    /// True while the child has not ended.
    [[nodiscard]] bool running();

    /// Waits for the child to end; throws base::Interrupted on a signal. After the end of its
    /// stdout a healthy child ends at once; one that runs for longer than `patience` is terminated,
    /// and its status shows that.
    ExitStatus wait(std::chrono::milliseconds patience);

    /// Sends it `signal_number` and goes on; nothing if it has ended.
    void ask_to_end(int signal_number) noexcept;

    /// End signal, up to `grace` to comply, SIGKILL, reap. Never throws; harmless if it has ended.
    void terminate(std::chrono::milliseconds grace) noexcept;

    /// The last part of what the child wrote to stderr, raw. Complete after wait().
    [[nodiscard]] std::string error_output() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Runs `command` to its end and returns its stdout (at most 1 MiB). For short questions such as
/// `--version`. Throws base::Error if it cannot be run, fails, or takes longer than `timeout`.
[[nodiscard]] std::string run_and_capture(Command command, std::chrono::milliseconds timeout);

} // namespace dbbackup::sys
