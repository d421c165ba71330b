#pragma once

#include "cli/run_log.hpp"
#include "cli/run_record/hooks.hpp"
#include "cli/run_record/pings.hpp"
#include "cli/run_record/run_record.hpp"
#include "cli/settings/settings.hpp"

#include <CLI/CLI.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace dbbackup::cli {

/// Keeps the record of a run, and passes it on when the run is over and holds no lock any more:
/// whoever receives it may be slow, and none of them changes the exit code.
class RunReporter {
public:
    explicit RunReporter(RunLog& log) : log_(log) {}

    void add_to(CLI::App& root);

    /// Call it as soon as the command is known, so that early failures count too. Commands that
    /// change and prove nothing, and dry runs, are not reported.
    void begin(const CLI::App& command, const Settings& settings);

    /// Sends the first ping and runs the hook on-start. Call it once nothing but the command itself
    /// can fail. Throws base::Error if the hook fails, and base::Interrupted.
    void start(const Settings& settings);

    /// For commands to fill in.
    [[nodiscard]] RunRecord& record() noexcept { return record_; }

    /// Throws base::Error{usage} for a --reason that cannot be recorded.
    void require_usable_reason() const;

    /// Call it last. Never throws.
    void finish(const Settings& settings, int exit_code);

private:
    void warn(const std::string& message);
    void write_journal(const Settings& settings);
    /// Whether the run before of the same command for the same database failed.
    [[nodiscard]] bool is_recovery(const Settings& settings) const;
    void run_hooks(const std::function<bool()>& must_end);

    RunLog& log_;
    RunRecord record_;
    std::string reason_;
    bool is_recorded_ = false;
    bool notifies_ = false;
    bool is_about_url_ = false; ///< the database is that of the settings
    std::optional<Hooks> hooks_;
    Pings pings_;
    std::chrono::steady_clock::time_point started_;
};

} // namespace dbbackup::cli
