#include "cli/run_record/pings.hpp"

#include "cli/run_record/ping_url.hpp"
#include "cli/run_record/report_text.hpp"
#include "cli/settings/settings_file.hpp"
#include "cli/settings/settings_names.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/signals.hpp>

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <utility>

namespace dbbackup::cli {

namespace {

using namespace std::chrono_literals;

constexpr const char* k_ping = "DBBACKUP_PING_URL";
constexpr const char* k_success = "DBBACKUP_PING_SUCCESS_URL";
constexpr const char* k_failure = "DBBACKUP_PING_FAILURE_URL";
constexpr const char* k_slack = "DBBACKUP_SLACK_URL";
constexpr unsigned k_tries = 3;
constexpr auto k_look_interval = 20ms;
constexpr const char* k_plain = "text/plain; charset=utf-8";

const SettingsFileKind k_url_file{.noun = "file of ping-url-file",
                                  .option = "ping-url-file in the configuration",
                                  .danger = "It says who is told about runs."};

std::optional<std::string> find_url(const Settings& settings, const std::string& variable,
                                    const Pings::Warn& warn) {
    std::optional<std::string> url;
    try {
        url = settings.find_variable(variable);
    } catch (const base::Error&) {
        url = find_in_environment(variable); // .env is wrong, which is reported elsewhere
    }
    if (url && !is_ping_url(*url)) {
        warn(variable +
             " is not a URL that begins with http:// or https://: nothing is sent there");
        return std::nullopt;
    }
    return url;
}

/// The first line of the file.
std::optional<std::string> read_url_file(const std::string& path, const Pings::Warn& warn) {
    try {
        const SettingsFile file = read_settings_file(path, k_url_file);
        std::string url = file.content.substr(0, file.content.find_first_of("\r\n"));
        if (file.others_may_read) {
            warn(fmt::format("the ping URL in '{}' is a secret, and other users can read it",
                             base::printable(path)));
        }
        if (is_ping_url(url)) {
            return url;
        }
        warn(fmt::format("the first line of '{}' (ping-url-file) is not a URL that begins with "
                         "http:// or https://: nothing is sent there",
                         base::printable(path)));
    } catch (const base::Error& error) {
        warn(error.what());
    }
    return std::nullopt;
}

/// True once all are over; false if `must_end` said so first.
bool go_on_until_over(const std::vector<Delivery*>& deliveries,
                      const std::function<bool()>& must_end) {
    while (true) {
        bool is_over = true;
        for (Delivery* delivery : deliveries) {
            is_over = !delivery->go_on() && is_over;
        }
        if (is_over) {
            return true;
        }
        if (must_end()) {
            for (Delivery* delivery : deliveries) {
                delivery->abandon();
            }
            return false;
        }
        sys::interruptible_sleep(k_look_interval);
    }
}

} // namespace

void Pings::read_urls(const Settings& settings, std::vector<std::string> environment,
                      const Warn& warn) {
    environment_ = std::move(environment);
    ping_ = find_url(settings, k_ping, warn);
    success_ = find_url(settings, k_success, warn);
    failure_ = find_url(settings, k_failure, warn);
    slack_ = find_url(settings, k_slack, warn);
    if (!ping_ && settings.ping_url_file()) {
        ping_ = read_url_file(*settings.ping_url_file(), warn);
    }
}

void Pings::start(const RunRecord& record) {
    if (ping_) {
        start_.emplace(HttpPost{.url = ping_url_of(*ping_, "start"),
                                .content_type = k_plain,
                                .body = fmt::format("dbbackup {} started\n", record.command)},
                       1, environment_);
        start_->go_on();
    }
}

std::vector<Pings::Message> Pings::messages_of(const RunRecord& record, bool is_recovery) const {
    std::vector<Message> messages;
    const auto add = [&](const char* variable, const std::string& url, const std::string& address,
                         const char* type, const std::string& body) {
        messages.push_back(
            {.variable = variable,
             .host = host_of_ping(url),
             .delivery = Delivery{
                 {.url = address, .content_type = type, .body = body}, k_tries, environment_}});
    };
    const std::string report = report_text(record);
    if (ping_) {
        add(k_ping, *ping_, ping_url_of(*ping_, std::to_string(record.exit_code)), k_plain, report);
    }
    if (const auto& url = record.is_success() ? success_ : failure_) {
        add(record.is_success() ? k_success : k_failure, *url, *url, k_plain, report);
    }
    if (slack_ && (is_recovery || !record.is_success())) {
        add(k_slack, *slack_, *slack_, "application/json", slack_message(record));
    }
    return messages;
}

void Pings::finish(const RunRecord& record, bool is_recovery, const std::function<bool()>& must_end,
                   const Warn& warn) {
    // The first one first: out of order, a watcher would wait for an end that it has had.
    bool is_whole = !start_ || go_on_until_over({&*start_}, must_end);
    std::vector<Message> messages = messages_of(record, is_recovery);
    std::vector<Delivery*> deliveries;
    for (Message& message : messages) {
        deliveries.push_back(&message.delivery);
    }
    is_whole = is_whole && go_on_until_over(deliveries, must_end);
    if (!is_whole) {
        warn("a signal ended the pings: some may not have arrived");
        return;
    }
    bool told_of_ping = false;
    for (const Message& message : messages) {
        if (const auto& problem = message.delivery.problem()) {
            warn(fmt::format("the ping to {} ({}) was not delivered: {}", message.host,
                             message.variable, *problem));
            told_of_ping = told_of_ping || message.variable == k_ping;
        }
    }
    if (start_ && start_->problem() && !told_of_ping) {
        warn(fmt::format("the ping to {} at the start ({}) was not delivered: {}",
                         host_of_ping(*ping_), k_ping, *start_->problem()));
    }
}

} // namespace dbbackup::cli
