#pragma once

#include "cli/command_line/usage_error.hpp"
#include "cli/run_log.hpp"
#include "cli/settings/settings.hpp"
#include "cli/terminal/screen.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/ops/listener.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace dbbackup::cli {

/// Who a result is for. With --json it is never a person.
enum class Reader { person, program };

/// Messages and progress while a command runs, on stderr.
class Console : public ops::Listener {
public:
    Console(const Settings& settings, RunLog& log);
    ~Console() override;
    Console(const Console&) = delete;
    Console& operator=(const Console&) = delete;

    void on_warning(const std::string& message) override;
    void on_notice(const std::string& message) override;
    void on_detail(const std::string& message) override;
    void on_progress(const ops::Progress& progress) override;

    /// What the command did, in a line: only for the log.
    void log_result(const std::string& line, Outcome outcome = Outcome::good) {
        log_.result(line, outcome);
    }

    /// Where results and messages are shown.
    [[nodiscard]] const Screen& result_screen() const noexcept { return result_screen_; }

    [[nodiscard]] const Screen& message_screen() const noexcept { return message_screen_; }

    /// Writes text that is safe to show to stderr, wrapped at a terminal's width.
    void print_message(const std::string& text);

    /// Writes a command's result to stdout, with no progress line in its way, and makes sure that
    /// it was written. Text for people is wrapped at a terminal's width. Throws base::Error.
    void print_result(const std::string& text, Reader reader = Reader::person);

    /// The same for a completed action that stays completed: if stdout cannot be written, that is
    /// only a warning.
    void print_final_result(const std::string& text);

private:
    void say(const std::string& line);
    void show_progress_line(const std::string& line);
    void clear_progress_line();

    const Settings& settings_;
    RunLog& log_;
    Screen result_screen_;
    Screen message_screen_;
    bool line_shown_ = false;
    std::chrono::steady_clock::time_point last_shown_;
};

/// "42 %, 210 MiB, 180 MiB/s, 3 s left, public.orders". For Console and tests.
[[nodiscard]] std::string format_progress(const ops::Progress& progress);

/// Its name in docs/exit-codes.md.
[[nodiscard]] std::string_view kind_name(base::ErrorKind kind);

/// Prints a warning before there is a Console.
void warn(const std::string& message);

/// Prints `error` on stderr, or with `json` as an object on stdout.
void report_error(const base::Error& error, bool json);
/// The same, with the usage of the intended command.
void report_usage_error(const base::Error& error, const Usage& usage, bool json);
void report_interruption(int signal_number, bool json);

} // namespace dbbackup::cli
