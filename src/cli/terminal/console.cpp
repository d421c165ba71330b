#include "cli/terminal/console.hpp"

#include "cli/report/json_values.hpp"
#include "cli/terminal/interruption.hpp"
#include "cli/terminal/text_width.hpp"
#include "cli/terminal/wrap_text.hpp"

#include <dbbackup/base/byte_size.hpp>
#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fmt/format.h>
#include <unistd.h>

namespace dbbackup::cli {

namespace {

using namespace std::chrono_literals;

constexpr auto k_terminal_interval = 100ms;
constexpr auto k_log_interval = 30s;
/// If a dump has no output for this long, say so.
constexpr auto k_suspicious_silence = 5s;

/// This may fail (full disk, closed terminal); the work goes on.
void write_to_stderr(const std::string& text) {
    (void)std::fwrite(text.data(), 1, text.size(), stderr);
    (void)std::fflush(stderr);
}

void show_on_stderr(const std::string& text, const Screen& screen) {
    write_to_stderr(wrap_text(text, screen));
}

void report(std::string_view kind, const std::string& message, const std::string& hint, bool json,
            const Usage& usage = {}) {
    if (json) {
        const std::string text =
            finish({{"error", {{"kind", kind}, {"message", message}, {"hint", hint}}}});
        const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
        if (written && std::fflush(stdout) == 0) {
            return;
        }
    }
    const Screen screen = screen_of(STDERR_FILENO);
    std::string text =
        fmt::format("dbbackup: {} {}\n", screen.bad("error:"), base::printable(message));
    if (!hint.empty()) {
        text += fmt::format("hint: {}\n", base::printable(hint));
    }
    if (!usage.line.empty()) {
        text += fmt::format("usage: {}\nsee: {}\n", usage.line, usage.help);
    }
    show_on_stderr(text, screen);
}

std::string dumping_text(const ops::Progress& progress) {
    const double seconds = std::chrono::duration<double>(progress.elapsed).count();
    if (progress.bytes == 0) {
        return progress.elapsed < k_suspicious_silence
                   ? "dumping"
                   : fmt::format("waiting for pg_dump's first data for {} (perhaps for a lock: "
                                 "see --lock-wait-timeout)",
                                 base::format_duration(progress.elapsed));
    }
    std::string text;
    const bool has_estimate = progress.estimated_bytes > 0;
    if (has_estimate) {
        text = fmt::format(
            "{} %, ", std::min<std::uint64_t>(99, progress.bytes * 100 / progress.estimated_bytes));
    }
    text += base::format_byte_size(progress.bytes);
    if (seconds >= 0.5) {
        const double rate = static_cast<double>(progress.bytes) / seconds;
        text += fmt::format(", {}/s", base::format_byte_size(static_cast<std::uint64_t>(rate)));
        if (has_estimate && progress.estimated_bytes > progress.bytes) {
            const double left =
                static_cast<double>(progress.estimated_bytes - progress.bytes) / rate;
            text += fmt::format(", {} left", base::format_duration(std::chrono::milliseconds{
                                                 static_cast<std::int64_t>(left * 1000)}));
        }
    }
    if (!progress.table.empty()) {
        text += ", " + base::printable(progress.table);
    }
    return text;
}

/// "copying there: 1.2 GB of 3.4 GB (35 %), 12.0 MB/s, 3 min left".
std::string transfer_text(const char* doing, const ops::Progress& progress) {
    using Seconds = std::chrono::duration<double>;
    const double seconds = std::chrono::duration_cast<Seconds>(progress.elapsed).count();
    const std::uint64_t all = progress.estimated_bytes;
    std::string text = fmt::format("{}: {}", doing, base::format_byte_size(progress.bytes));
    if (all > 0) {
        text += fmt::format(" of {} ({} %)", base::format_byte_size(all),
                            std::min<std::uint64_t>(100, progress.bytes * 100 / all));
    }
    if (seconds >= 1 && progress.bytes > 0) {
        const double rate = static_cast<double>(progress.bytes) / seconds;
        text += fmt::format(", {}/s", base::format_byte_size(static_cast<std::uint64_t>(rate)));
        if (all > progress.bytes) {
            const Seconds left{static_cast<double>(all - progress.bytes) / rate};
            text += fmt::format(
                ", {} left",
                base::format_duration(std::chrono::duration_cast<std::chrono::milliseconds>(left)));
        }
    }
    return text;
}

std::string signal_text(int signal_number) {
    return fmt::format("ended by signal {} ({})", signal_number, ::strsignal(signal_number));
}

} // namespace

std::string_view kind_name(base::ErrorKind kind) {
    switch (kind) {
    case base::ErrorKind::failed:
        return "failed";
    case base::ErrorKind::usage:
        return "usage";
    case base::ErrorKind::damaged:
        return "damaged";
    case base::ErrorKind::locked:
        return "locked";
    case base::ErrorKind::refused:
        return "refused";
    case base::ErrorKind::not_copied:
        return "not_copied";
    }
    return "failed";
}

std::string format_progress(const ops::Progress& progress) {
    switch (progress.phase) {
    case ops::Progress::Phase::dumping:
        return dumping_text(progress);
    case ops::Progress::Phase::reading_back:
        return progress.bytes == 0 ? "reading the archive back"
                                   : "reading the archive back: " + dumping_text(progress);
    case ops::Progress::Phase::finishing:
        return "writing to disk";
    case ops::Progress::Phase::checking:
        return progress.bytes == 0 ? "checking the dump"
                                   : "checking the dump: " + dumping_text(progress);
    case ops::Progress::Phase::restoring:
        return progress.bytes == 0
                   ? fmt::format("restoring for {}", base::format_duration(progress.elapsed))
                   : "restoring: " + dumping_text(progress);
    case ops::Progress::Phase::comparing:
        return progress.bytes == 0 ? "comparing what came back"
                                   : "comparing what came back: " + dumping_text(progress);
    case ops::Progress::Phase::reading_rows:
        return progress.bytes == 0 ? "reading rows" : "reading rows: " + dumping_text(progress);
    case ops::Progress::Phase::placing:
        return "placing rows: " + progress.table;
    case ops::Progress::Phase::analyzing:
        return "analyzing the tables";
    case ops::Progress::Phase::uploading:
        return transfer_text("copying there", progress);
    case ops::Progress::Phase::reading_copy:
        return transfer_text("reading the copy", progress);
    case ops::Progress::Phase::downloading:
        return transfer_text("fetching the copy", progress);
    }
    return {};
}

Console::Console(const Settings& settings, RunLog& log)
    : settings_(settings), log_(log), result_screen_(screen_of(STDOUT_FILENO)),
      message_screen_(screen_of(STDERR_FILENO)), last_shown_(std::chrono::steady_clock::now()) {
}

Console::~Console() {
    clear_progress_line();
}

void Console::on_warning(const std::string& message) {
    clear_progress_line();
    warn(message);
    log_.warning(message);
}

void Console::on_notice(const std::string& message) {
    log_.notice(message);
    if (!settings_.quiet()) {
        say("dbbackup: " + message);
    }
}

void Console::on_detail(const std::string& message) {
    log_.detail(message);
    if (settings_.verbose()) {
        say("dbbackup: " + message);
    }
}

void Console::on_progress(const ops::Progress& progress) {
    const auto now = std::chrono::steady_clock::now();
    // A line that is overwritten repeatedly needs escape sequences.
    const bool in_place = message_screen_.escapes;
    const bool due = now - last_shown_ >= (in_place ? k_terminal_interval : k_log_interval);
    if (!settings_.progress() || !due) {
        return;
    }
    last_shown_ = now;
    if (in_place) {
        show_progress_line(format_progress(progress));
    } else {
        say("dbbackup: " + format_progress(progress));
    }
}

void Console::print_message(const std::string& text) {
    clear_progress_line();
    show_on_stderr(text, message_screen_);
}

void Console::print_result(const std::string& text, Reader reader) {
    clear_progress_line();
    const bool for_person = reader == Reader::person && !settings_.json();
    const std::string shown = for_person ? wrap_text(text, result_screen_) : text;
    const bool written = std::fwrite(shown.data(), 1, shown.size(), stdout) == shown.size();
    if (!written || std::fflush(stdout) != 0) {
        throw base::system_error("write the result to stdout", errno);
    }
}

void Console::print_final_result(const std::string& text) {
    try {
        print_result(text);
    } catch (const base::Error& error) {
        on_warning(error.what());
    }
}

/// The last filter for names that a message repeats; escaped text stays as it is.
void Console::say(const std::string& line) {
    clear_progress_line();
    show_on_stderr(base::printable(base::without_marks(line)) + "\n", message_screen_);
}

void Console::show_progress_line(const std::string& line) {
    // A wrapped line could not be overwritten.
    write_to_stderr("\r\x1b[K" + cut_to_width(line, message_screen_.width.value_or(1) - 1));
    line_shown_ = true;
}

void Console::clear_progress_line() {
    if (line_shown_) {
        write_to_stderr("\r\x1b[K");
        line_shown_ = false;
    }
}

void warn(const std::string& message) {
    const Screen screen = screen_of(STDERR_FILENO);
    show_on_stderr(fmt::format("dbbackup: {} {}\n", screen.caution("warning:"),
                               base::printable(base::without_marks(message))),
                   screen);
}

void report_error(const base::Error& error, bool json) {
    report(kind_name(error.kind()), base::without_marks(error.what()),
           base::without_marks(error.hint()), json);
}

void report_usage_error(const base::Error& error, const Usage& usage, bool json) {
    const std::string& hint = error.hint();
    report(kind_name(error.kind()), error.what(),
           json && hint.empty() ? "See: " + usage.help : hint, json, usage);
}

void report_interruption(int signal_number, bool json) {
    report("interrupted", signal_text(signal_number) + "; nothing is left behind", "", json);
}

void report_interrupted_deed(const base::InterruptedOperation& interrupted, bool json) {
    const std::string signal = signal_text(interrupted.signal_number());
    if (json) {
        report("interrupted", signal + "; " + interrupted.outcome(), "", json);
        return;
    }
    report("interrupted", signal, "", json);
    write_to_stderr("interrupted: " + base::printable(interrupted.outcome()) + "\n");
}

} // namespace dbbackup::cli
