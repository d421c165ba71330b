#include "cli/run_record/report_text.hpp"

#include "cli/terminal/counted.hpp"

#include <dbbackup/base/byte_size.hpp>
#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/text.hpp>

#include <fmt/format.h>

namespace dbbackup::cli {

namespace {

std::string subject_of(const RunRecord& record) {
    const std::string target = target_text(record);
    return "dbbackup " + record.command + (target.empty() ? "" : " of " + target) +
           (record.machine.empty() ? "" : fmt::format(" ({})", record.machine));
}

/// What Slack takes for markup: a message must not mention everybody.
std::string escaped_for_slack(const std::string& text) {
    std::string escaped;
    for (const char c : text) {
        switch (c) {
        case '&':
            escaped += "&amp;";
            break;
        case '<':
            escaped += "&lt;";
            break;
        case '>':
            escaped += "&gt;";
            break;
        default:
            escaped += c;
        }
    }
    return escaped;
}

} // namespace

std::string report_text(const RunRecord& record) {
    std::string text =
        fmt::format("{}: {} (exit {})\n", subject_of(record), result_of(record), record.exit_code);
    const auto add = [&text](const char* name, const std::string& value) {
        if (!value.empty()) {
            text += fmt::format("{}: {}\n", name, base::printable(value));
        }
    };
    add("error", record.message);
    add("dump", record.dump);
    add("dumps", record.dumps ? base::with_thousands(*record.dumps) : "");
    add("size", record.bytes ? base::format_byte_size(*record.bytes) : "");
    add("rows", record.rows ? base::with_thousands(*record.rows) : "");
    add("took", base::format_duration(record.duration));
    add("started", base::format_utc(record.started_at));
    add("reason", record.reason);
    return text;
}

std::string slack_message(const RunRecord& record) {
    std::string message = subject_of(record);
    if (record.is_success()) {
        message += " works again";
    } else {
        message += fmt::format(" failed: {} (exit {})", result_of(record), record.exit_code);
        message += record.message.empty() ? "" : ": " + record.message;
    }
    return Json{{"text", text(escaped_for_slack(message))}}.dump();
}

} // namespace dbbackup::cli
