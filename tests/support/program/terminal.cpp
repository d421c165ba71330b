#include "support/program/terminal.hpp"

#include <csignal>
#include <cstdlib>
#include <fmt/format.h>
#include <poll.h>
#include <pty.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace dbbackup::test {

namespace {

/// `words` run with the environment described at ProgramOptions, and TERM.
std::vector<std::string> with_environment(const std::vector<std::string>& words,
                                          const ProgramOptions& options) {
    std::vector<std::string> all{"/usr/bin/env", "-i", "PATH=/usr/bin:/bin", "LC_ALL=C",
                                 "TERM=xterm"};
    for (const char* name : {"HOME", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
        if (const char* value = std::getenv(name)) {
            all.push_back(std::string{name} + "=" + value);
        }
    }
    for (const auto& [name, value] : options.environment) {
        all.push_back(name + "=" + value);
    }
    all.insert(all.end(), words.begin(), words.end());
    return all;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> result;
    for (std::string& word : words) {
        result.push_back(word.data());
    }
    result.push_back(nullptr);
    return result;
}

} // namespace

TerminalProgram::TerminalProgram(const std::vector<std::string>& words,
                                 const ProgramOptions& options, std::size_t columns)
    : deadline_(std::chrono::steady_clock::now() + options.timeout) {
    std::vector<std::string> arguments = with_environment(words, options);
    const std::vector<char*> argument_pointers = pointers(arguments);
    winsize size{};
    size.ws_row = 24;
    size.ws_col = static_cast<unsigned short>(columns);
    pid_ = ::forkpty(&fd_, nullptr, nullptr, &size);
    if (pid_ < 0) {
        throw std::runtime_error("forkpty failed");
    }
    if (pid_ == 0) {
        if (::chdir(options.directory.c_str()) == 0) {
            ::execv(argument_pointers[0], argument_pointers.data());
        }
        ::_exit(127);
    }
}

TerminalProgram::~TerminalProgram() {
    if (!reaped_) {
        ::kill(-pid_, SIGKILL); // forkpty makes it the leader of a session and so of a group
        ::waitpid(pid_, nullptr, 0);
    }
    if (fd_ >= 0) {
        ::close(fd_);
    }
}

void TerminalProgram::type(const std::string& keys) const {
    if (::write(fd_, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size())) {
        throw std::runtime_error("cannot type");
    }
}

void TerminalProgram::hang_up() {
    ::close(fd_);
    fd_ = -1;
    ::waitpid(pid_, nullptr, 0);
    reaped_ = true;
}

TerminalProgram::Reading TerminalProgram::read_some() {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline_ - std::chrono::steady_clock::now());
    pollfd waiting{.fd = fd_, .events = POLLIN, .revents = 0};
    if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) == 0) {
        return Reading::timed_out;
    }
    char buffer[4096];
    // After the last close of the terminal, Linux returns EIO, other systems end of file.
    const ssize_t count = ::read(fd_, buffer, sizeof buffer);
    if (count <= 0) {
        return Reading::ended;
    }
    output_.append(buffer, static_cast<std::size_t>(count));
    return Reading::more;
}

bool TerminalProgram::wait_for(const std::string& text) {
    while (output_.find(text) == std::string::npos) {
        if (read_some() != Reading::more) {
            return false;
        }
    }
    return true;
}

int TerminalProgram::wait() {
    Reading reading = Reading::more;
    while (reading == Reading::more) {
        reading = read_some();
    }
    if (reading == Reading::timed_out) {
        throw std::runtime_error("the program on the terminal does not end: " + output_);
    }
    int status = 0;
    ::waitpid(pid_, &status, 0);
    reaped_ = true;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

namespace {

/// The bytes of the colour (ESC [ … m) at the beginning of `text`.
std::size_t colour_length(std::string_view text) {
    const std::size_t end = text.starts_with("\x1b[") ? text.find_first_not_of("0123456789;", 2)
                                                      : std::string_view::npos;
    return end != std::string_view::npos && text[end] == 'm' ? end + 1 : 0;
}

/// A character, with the bytes that belong to it, in each column.
using Cells = std::vector<std::string>;

std::vector<std::string> lines_of(const std::vector<Cells>& rows) {
    std::vector<std::string> lines;
    for (const Cells& row : rows) {
        std::string& line = lines.emplace_back();
        for (const std::string& cell : row) {
            line += cell;
        }
        line.erase(line.find_last_not_of(' ') + 1);
    }
    while (!lines.empty() && lines.back().empty()) {
        lines.pop_back();
    }
    return lines;
}

} // namespace

std::string without_colours(const std::string& output) {
    std::string text;
    for (std::size_t i = 0; i < output.size();) {
        const std::size_t colour = colour_length(std::string_view{output}.substr(i));
        text += colour == 0 ? std::string(1, output[i]) : "";
        i += colour == 0 ? 1 : colour;
    }
    return text;
}

std::vector<std::string> screen_of(const std::string& raw, std::size_t columns) {
    constexpr std::string_view k_erase = "\x1b[K";
    const std::string output = without_colours(raw);
    std::vector<Cells> rows(1);
    std::size_t row = 0;
    std::size_t column = 0;
    for (std::size_t i = 0; i < output.size(); ++i) {
        const char c = output[i];
        if (c == '\r') {
            column = 0;
        } else if (c == '\n') {
            ++row;
        } else if (c == '\b') {
            column -= column > 0 ? 1 : 0;
        } else if (std::string_view{output}.substr(i).starts_with(k_erase)) {
            rows[row].resize(std::min(rows[row].size(), column));
            i += k_erase.size() - 1;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            throw std::runtime_error(fmt::format("control character {:#x} on the terminal", c));
        } else if ((c & 0xC0) == 0x80 && column > 0) {
            rows[row][column - 1] += c; // the rest of a character
        } else {
            if (column == columns) {
                ++row;
                column = 0;
            }
            rows.resize(std::max(rows.size(), row + 1));
            rows[row].resize(std::max(rows[row].size(), column + 1), " ");
            rows[row][column++] = c;
        }
        rows.resize(std::max(rows.size(), row + 1));
    }
    return lines_of(rows);
}

} // namespace dbbackup::test
