#include "cli/command/target_confirmation.hpp"

#include "cli/command_line/restore_command.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/signals.hpp>

#include <cerrno>
#include <chrono>
#include <fmt/format.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

namespace dbbackup::cli {

namespace {

using namespace std::chrono_literals;

constexpr int k_countdown = 3; ///< seconds
constexpr std::size_t k_longest_answer = 1024;

/// Reads a line from stdin, without its newline; false if the input ends before the line does.
bool read_line(std::string& line) {
    while (line.size() < k_longest_answer) {
        (void)sys::wait_for_fd(STDIN_FILENO, POLLIN, 24h);
        char c = '\0';
        const ssize_t count = ::read(STDIN_FILENO, &c, 1);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return false;
        }
        if (c == '\n') {
            return true;
        }
        line += c;
    }
    return false;
}

[[noreturn]] void throw_not_confirmed(const std::string& confirmed, const std::string& target) {
    throw base::Error{base::ErrorKind::refused,
                      fmt::format("--confirm names '{}', but the target is {}",
                                  base::printable(confirmed), base::printable(target)),
                      "Nothing was changed. Check which database you mean."};
}

} // namespace

TargetConfirmation::TargetConfirmation(const Invocation& invocation, std::string database,
                                       std::optional<std::string> confirmed)
    : console_(invocation.console), database_(std::move(database)),
      confirmed_(std::move(confirmed)),
      at_terminal_(::isatty(STDIN_FILENO) != 0 && ::isatty(STDERR_FILENO) != 0) {
}

void TargetConfirmation::require_right_name() const {
    if (confirmed_ && *confirmed_ != database_ && !confirmed_->ends_with("/" + database_)) {
        throw_not_confirmed(*confirmed_, "database '" + database_ + "'");
    }
}

void TargetConfirmation::require_server(const std::string& host, int port) const {
    const std::string target = full_name_of(host, port, database_);
    if (confirmed_ && *confirmed_ != database_ && *confirmed_ != target) {
        throw_not_confirmed(*confirmed_, fmt::format("'{}'", target));
    }
}

void TargetConfirmation::require_somebody(const std::string& reason,
                                          const std::string& hint) const {
    if (!confirmed_ && !at_terminal_) {
        throw base::Error{
            base::ErrorKind::refused,
            fmt::format("cannot ask for confirmation: not a terminal, and {}", reason),
            "Nothing was changed. " + hint};
    }
}

void TargetConfirmation::ask(const std::string& deed) const {
    if (!confirmed_) {
        ask_for_name();
    }
    if (at_terminal_) {
        count_down(deed);
    }
}

void TargetConfirmation::ask_for_name() const {
    const std::string shown = base::printable(database_);
    // Text typed before the question is not an answer to it.
    ::tcflush(STDIN_FILENO, TCIFLUSH);
    console_.print_message(fmt::format("\nType the database name ({}) to go on: ", shown));
    std::string answer;
    bool is_whole = false;
    try {
        is_whole = read_line(answer);
    } catch (const base::Interrupted&) {
        console_.print_message("\n");
        throw;
    }
    if (!is_whole) {
        console_.print_message("\n");
    }
    if (answer.empty()) {
        throw base::Error{base::ErrorKind::refused, "not confirmed: nothing was typed",
                          "Nothing was changed."};
    }
    if (!is_whole || (answer != database_ && answer != shown)) {
        throw base::Error{base::ErrorKind::refused,
                          fmt::format("not confirmed: you did not type '{}'", shown),
                          "Nothing was changed."};
    }
}

void TargetConfirmation::count_down(const std::string& deed) const {
    console_.print_message(deed + " in");
    for (int left = k_countdown; left > 0; --left) {
        console_.print_message(fmt::format(" {}", left));
        try {
            sys::interruptible_sleep(1s);
        } catch (const base::Interrupted&) {
            console_.print_message("\n");
            throw;
        }
    }
    console_.print_message("\n");
}

} // namespace dbbackup::cli
