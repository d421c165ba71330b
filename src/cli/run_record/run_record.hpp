#pragma once

#include "cli/report/json_values.hpp"

#include <dbbackup/base/clock.hpp>
#include <dbbackup/base/error.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::cli {

/// The database that a run was about.
struct RunTarget {
    std::string host; ///< empty if unknown
    int port = 0;     ///< likewise 0
    std::string database;
};

/// What a run did, for the journal, the hooks and the pings; see docs/journal.md. Holds names and
/// numbers and our own words: no URL, no secret, no text from a server.
struct RunRecord {
    std::string command;
    base::UtcTime started_at{};
    std::string machine;
    std::string user;
    std::string sudo_user; ///< who called sudo; else empty
    long pid = 0;
    std::string version;
    std::optional<RunTarget> target;
    std::string dump; ///< its file name, if the run was about one
    std::string dump_id;
    std::optional<std::uint64_t> dumps; ///< how many, if the run was about several
    std::optional<std::uint64_t> bytes;
    std::optional<std::uint64_t> rows;
    int exit_code = 0;
    std::string kind; ///< of the error, as in docs/exit-codes.md; "interrupted"; empty
    int signal = 0;   ///< that ended the run, or 0
    std::chrono::milliseconds duration{};
    std::string message; ///< why it failed; empty
    std::string reason;  ///< --reason

    [[nodiscard]] bool is_success() const noexcept { return exit_code == 0; }
};

/// Whether runs of `command` are recorded: those that change or prove something.
[[nodiscard]] bool is_recorded(std::string_view command);

/// The names of these.
[[nodiscard]] const std::vector<std::string>& recorded_commands();

/// A record of this process that begins now.
[[nodiscard]] RunRecord begin_record(const std::string& command);

/// Notes why the run failed, in our own words.
void note_failure(RunRecord& record, const base::Error& error);

/// `ended` is how it left things, or empty.
void note_interruption(RunRecord& record, int signal_number, const std::string& ended);

/// "ok", the kind of error, or "failed".
[[nodiscard]] std::string result_of(const RunRecord& record);

/// The target as "shop on db1:5432", or as much as is known; empty if nothing is.
[[nodiscard]] std::string target_text(const RunRecord& record);

/// Fields that do not apply are left out.
[[nodiscard]] Json to_json(const RunRecord& record);

/// The reverse; nothing if `json` is no such record.
[[nodiscard]] std::optional<RunRecord> find_record(const nlohmann::json& json);

} // namespace dbbackup::cli
