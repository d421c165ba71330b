#pragma once

#include "support/program/program.hpp"

#include <chrono>
#include <string>
#include <sys/types.h>
#include <vector>

namespace dbbackup::test {

/// A program under test whose stdin, stdout and stderr are its own terminal (a pty), as for a user.
/// The destructor kills it.
class TerminalProgram {
public:
    TerminalProgram(const std::vector<std::string>& words, const ProgramOptions& options,
                    std::size_t columns = 80);
    ~TerminalProgram();
    TerminalProgram(const TerminalProgram&) = delete;
    TerminalProgram& operator=(const TerminalProgram&) = delete;

    /// Types `keys`; "\x03" is Ctrl-C.
    void type(const std::string& keys) const;
    /// Closes the terminal, and waits until the program has ended.
    void hang_up();
    /// Reads until `text` has appeared on the terminal; false if the program ends or the timeout
    /// passes before that.
    [[nodiscard]] bool wait_for(const std::string& text);
    /// Reads to its end; the exit code as ProgramResult::exit_code. Throws std::runtime_error after
    /// the timeout.
    int wait();

    /// Everything written so far, raw: line ends are "\r\n".
    [[nodiscard]] const std::string& output() const noexcept { return output_; }

private:
    enum class Reading { more, ended, timed_out };

    Reading read_some();

    pid_t pid_ = -1;
    int fd_ = -1;
    bool reaped_ = false;
    std::string output_;
    std::chrono::steady_clock::time_point deadline_;
};

/// What a terminal of `columns` finally shows of `raw` output, without trailing spaces and lines,
/// each character one column wide. Supports \r, \n, \b, ESC[K, colours and wrapping; throws
/// std::runtime_error for other control characters.
[[nodiscard]] std::vector<std::string> screen_of(const std::string& raw, std::size_t columns);

/// `output` without its colours.
[[nodiscard]] std::string without_colours(const std::string& output);

} // namespace dbbackup::test
