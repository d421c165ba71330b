#pragma once

#include "cli/run_record/curl.hpp"
#include "cli/run_record/run_record.hpp"
#include "cli/settings/settings.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::cli {

/// Tells watchers elsewhere that a run began and how it ended; see docs/manual/notifications.md.
/// What goes wrong is a warning.
class Pings {
public:
    using Warn = std::function<void(const std::string&)>;

    /// Reads the URLs, also if other settings are wrong. `environment` is the caller's.
    void read_urls(const Settings& settings, std::vector<std::string> environment,
                   const Warn& warn);

    /// Sends the first ping, and does not wait for it.
    void start(const RunRecord& record);

    /// Whether finish() needs to know if the run before failed.
    [[nodiscard]] bool tells_of_recovery() const noexcept { return slack_.has_value(); }

    /// Sends the others, all at the same time, until they arrive or `must_end`.
    void finish(const RunRecord& record, bool is_recovery, const std::function<bool()>& must_end,
                const Warn& warn);

private:
    struct Message {
        std::string variable; ///< where its URL is from
        std::string host;
        Delivery delivery;
    };

    [[nodiscard]] std::vector<Message> messages_of(const RunRecord& record, bool is_recovery) const;

    std::vector<std::string> environment_;
    std::optional<std::string> ping_;
    std::optional<std::string> success_;
    std::optional<std::string> failure_;
    std::optional<std::string> slack_;
    std::optional<Delivery> start_;
};

} // namespace dbbackup::cli
