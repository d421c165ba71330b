#pragma once

#include <dbbackup/base/error.hpp>

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace spdlog {
class logger;
}

namespace dbbackup::cli {

/// `message` for whoever reads it elsewhere: in our own words only, safe to show.
[[nodiscard]] std::string loggable(const std::string& message);

/// Of a result line.
enum class Outcome { good, bad };

/// The log file of --log-file, see docs/logging.md: each run, its warnings and how it ended. Holds
/// only our own words, never a server's, which may quote rows. If the log cannot be written, that
/// is a warning, and the run goes on.
class RunLog {
public:
    RunLog();
    ~RunLog();
    RunLog(const RunLog&) = delete;
    RunLog& operator=(const RunLog&) = delete;

    void add_to(CLI::App& app);

    /// Call it after the command line is parsed; writes nothing without --log-file. Throws
    /// base::Error{usage} for a name that is unsuitable for a log.
    void start(const std::string& command);
    void detail(const std::string& message);
    void notice(const std::string& message);
    void warning(const std::string& message);
    void error(const base::Error& error);
    void interruption(int signal_number);
    /// What a command did, in a line.
    void result(const std::string& message, Outcome outcome = Outcome::good);
    /// The last line of a run.
    void end(int exit_code);

private:
    struct Event;

    void write(const Event& event);
    void give_up(const std::string& reason);

    CLI::Option* file_option_ = nullptr;
    std::string file_;
    std::string format_ = "text";
    std::string level_ = "info";
    std::string command_;
    std::chrono::steady_clock::time_point started_;
    std::vector<std::string> early_warnings_; ///< from before start()
    std::shared_ptr<spdlog::logger> logger_;
};

} // namespace dbbackup::cli
