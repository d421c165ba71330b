#include "cli/run_log.hpp"

#include "cli/command_line/secret_words.hpp"
#include "cli/report/json_values.hpp"
#include "cli/settings/directory_name.hpp"
#include "cli/terminal/console.hpp"

#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/dump_name.hpp>
#include <dbbackup/sys/rotating_file.hpp>

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <mutex>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <string_view>
#include <utility>

namespace dbbackup::cli {

namespace {

constexpr std::uint64_t k_most_bytes = 10'000'000;
constexpr unsigned k_most_files = 5;

/// True for the first bytes of both formats: "2026-11-20T03:15:00.123Z info [", `{"time":"2026-…`.
bool begins_like_log(std::string_view text) {
    constexpr std::string_view k_json = "{\"time\":\"";
    constexpr std::string_view k_time = "0000-00-00T00:00:00.000Z";
    if (text.starts_with(k_json)) {
        text.remove_prefix(k_json.size());
    }
    return text.size() > k_time.size() &&
           std::ranges::equal(text.substr(0, k_time.size()), k_time, [](char c, char form) {
               return form == '0' ? c >= '0' && c <= '9' : c == form;
           });
}

/// Such a file would be taken for a dump or a leftover.
bool has_name_of_dump(std::string name) {
    if (name.ends_with(store::k_manifest_suffix)) {
        name.resize(name.size() - store::k_manifest_suffix.size());
    }
    return std::ranges::any_of(store::k_dump_suffixes,
                               [&name](std::string_view suffix) { return name.ends_with(suffix); });
}

class FileSink : public spdlog::sinks::base_sink<std::mutex> {
public:
    explicit FileSink(const std::filesystem::path& path)
        : file_(path, k_most_bytes, k_most_files, begins_like_log) {}

private:
    void sink_it_(const spdlog::details::log_msg& message) override {
        spdlog::memory_buf_t line;
        formatter_->format(message, line);
        file_.append({line.data(), line.size()});
    }

    void flush_() override {}

    sys::RotatingFile file_;
};

std::unique_ptr<spdlog::formatter> formatter_of(bool json) {
    // Not spdlog's default, local time: logs of several machines are read side by side.
    return std::make_unique<spdlog::pattern_formatter>(
        json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","pid":%P,%v})"
             : "%Y-%m-%dT%H:%M:%S.%eZ %l [%P] %v",
        spdlog::pattern_time_type::utc, "\n");
}

} // namespace

std::string loggable(const std::string& message) {
    return base::printable(base::without_outside(message));
}

struct RunLog::Event {
    spdlog::level::level_enum level = spdlog::level::info;
    std::string_view name;
    std::string message;
    Json details = Json::object(); ///< in addition to the message, with --log-format json
};

RunLog::RunLog() = default;
RunLog::~RunLog() = default;

void RunLog::add_to(CLI::App& app) {
    file_option_ =
        app.add_option("--log-file", file_, "Append what each run did to FILE")->type_name("FILE");
    app.add_option("--log-format", format_, "Lines for people (text) or programs (json)")
        ->type_name("FORMAT")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    app.add_option("--log-level", level_, "Least important level to log")
        ->type_name("LEVEL")
        ->check(CLI::IsMember({"error", "warning", "info", "debug"}))
        ->capture_default_str();
}

void RunLog::start(const std::string& command) {
    started_ = std::chrono::steady_clock::now();
    command_ = command;
    if (file_.empty()) {
        return;
    }
    require_no_url(file_, "the log file");
    const std::filesystem::path path = directory_named(file_, "the log file");
    if (has_name_of_dump(path.filename())) {
        throw base::Error{
            base::ErrorKind::usage,
            fmt::format("the log file '{}' has the name of a dump", base::printable(path.native())),
            "Give it another name, such as dbbackup.log."};
    }
    logger_ = std::make_shared<spdlog::logger>("dbbackup", std::make_shared<FileSink>(path));
    logger_->set_formatter(formatter_of(format_ == "json"));
    logger_->set_level(spdlog::level::from_str(level_));
    logger_->set_error_handler([this](const std::string& reason) { give_up(reason); });
    write({.name = "start",
           .message = "dbbackup " DBBACKUP_VERSION " started",
           .details = {{"version", DBBACKUP_VERSION}}});
    for (const std::string& message : std::exchange(early_warnings_, {})) {
        warning(message);
    }
}

void RunLog::detail(const std::string& message) {
    write({.level = spdlog::level::debug, .name = "detail", .message = message});
}

void RunLog::notice(const std::string& message) {
    write({.name = "notice", .message = message});
}

void RunLog::warning(const std::string& message) {
    if (!logger_) {
        early_warnings_.push_back(message);
    }
    write({.level = spdlog::level::warn, .name = "warning", .message = message});
}

void RunLog::error(const base::Error& error) {
    const std::string hint = loggable(error.hint());
    write({.level = spdlog::level::err,
           .name = "error",
           .message = error.what(),
           .details = {{"kind", kind_name(error.kind())}, {"hint", text(hint)}}});
}

void RunLog::interruption(int signal_number) {
    write({.level = spdlog::level::err,
           .name = "interrupted",
           .message = fmt::format("ended by signal {}", signal_number),
           .details = {{"signal", signal_number}}});
}

void RunLog::result(const std::string& message, Outcome outcome) {
    write({.level = outcome == Outcome::good ? spdlog::level::info : spdlog::level::err,
           .name = "result",
           .message = message});
}

void RunLog::end(int exit_code) {
    const auto duration = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - started_);
    write({.level = exit_code == 0 ? spdlog::level::info : spdlog::level::err,
           .name = "end",
           .message = fmt::format("exit {} after {:.3f} s", exit_code,
                                  std::chrono::duration<double>(duration).count()),
           .details = {{"exit_code", exit_code}, {"duration_ms", duration.count()}}});
}

void RunLog::write(const Event& event) {
    if (!logger_) {
        return;
    }
    const std::string message = loggable(event.message);
    if (format_ != "json") {
        logger_->log(event.level, "{}: {}: {}", command_, event.name, message);
        return;
    }
    Json json{{"command", command_}, {"event", event.name}, {"message", text(message)}};
    json.update(event.details);
    const std::string object = base::printable_json(json.dump());
    logger_->log(event.level, "{}", std::string_view{object}.substr(1, object.size() - 2));
}

/// Once is enough: the next line would fail too.
void RunLog::give_up(const std::string& reason) {
    // Not reset here, because the logger is the caller.
    logger_->set_level(spdlog::level::off);
    warn("the log cannot be written: " + reason);
}

} // namespace dbbackup::cli
