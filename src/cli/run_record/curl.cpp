#include "cli/run_record/curl.hpp"

#include "cli/run_record/memory_file.hpp"

#include <dbbackup/base/bytes.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/limited_program.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <string_view>

namespace dbbackup::cli {

namespace {

using namespace std::chrono_literals;

/// Of one try, whatever the server does.
constexpr auto k_patience = 10s;
/// If curl itself hangs.
constexpr auto k_curl_patience = 12s;
constexpr auto k_pause = 1s;
/// Of an answer; it is thrown away.
constexpr int k_most_answer = 65'536;
constexpr std::string_view k_usual_path = "/usr/local/bin:/usr/bin:/bin";

constexpr auto k_passed = std::to_array<std::string_view>(
    {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY",
     "SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE"});

/// As curl(1) says under --config.
std::string quoted(std::string_view value) {
    std::string text = "\"";
    for (const char c : value) {
        switch (c) {
        case '"':
        case '\\':
            text += '\\';
            text += c;
            break;
        case '\n':
            text += "\\n";
            break;
        case '\r':
            text += "\\r";
            break;
        case '\t':
            text += "\\t";
            break;
        default:
            text += c;
        }
    }
    return text + "\"";
}

std::string value_of(const std::vector<std::string>& environment, std::string_view name) {
    for (const std::string& entry : environment) {
        if (entry.starts_with(name) && entry.size() > name.size() && entry[name.size()] == '=') {
            return entry.substr(name.size() + 1);
        }
    }
    return {};
}

/// Our words for curl's exit codes: its own words repeat the URL.
std::string why_of(const sys::ExitStatus& status) {
    constexpr auto k_tls = std::to_array<int>({35, 51, 53, 54, 58, 59, 60, 64, 66, 77, 83, 90, 91});
    switch (status.exit_code) {
    case 3:
        return "curl cannot read the URL";
    case 5:
        return "the proxy's name was not found";
    case 6:
        return "its name was not found";
    case 7:
        return "no connection";
    case 28:
        return "no answer in time";
    case 52:
    case 56:
        return "it closed the connection";
    default:
        return std::ranges::find(k_tls, status.exit_code) != k_tls.end()
                   ? "TLS failed"
                   : "curl ended with " + status.describe();
    }
}

/// What an HTTP status says that another try would not change.
bool is_final(int http_status) {
    constexpr int k_timeout = 408;
    constexpr int k_too_many = 429;
    return http_status >= 300 && http_status < 500 && http_status != k_timeout &&
           http_status != k_too_many;
}

} // namespace

std::string curl_config(const HttpPost& post) {
    const auto line = [](std::string_view name, std::string_view value) {
        return fmt::format("{} = {}\n", name, quoted(value));
    };
    // No redirects: they could lead to another scheme or an inner server. `Expect:` switches off
    // curl's wait for a go-ahead that many servers never give.
    return line("url", post.url) + "globoff\nsilent\n" + line("proto", "=http,https") +
           line("max-redirs", "0") + line("max-time", fmt::format("{}", k_patience.count())) +
           line("max-filesize", fmt::format("{}", k_most_answer)) + line("output", "/dev/null") +
           line("write-out", "%{http_code}") + line("user-agent", "dbbackup/" DBBACKUP_VERSION) +
           line("header", "Content-Type: " + post.content_type) + line("header", "Expect:") +
           line("data-raw", post.body);
}

std::vector<std::string> curl_environment(const std::vector<std::string>& callers) {
    std::vector<std::string> passed{"LC_ALL=C"};
    for (const std::string& entry : callers) {
        const std::string_view name = std::string_view{entry}.substr(0, entry.find('='));
        if (std::ranges::find(k_passed, name) != k_passed.end()) {
            passed.push_back(entry);
        }
    }
    return passed;
}

bool Delivery::go_on() {
    try {
        const Time now = std::chrono::steady_clock::now();
        if (is_over_) {
            return false;
        }
        if (!curl_) {
            if (now >= next_try_) {
                begin();
            }
        } else if (!curl_->running()) {
            look_at_answer();
        } else if (now >= deadline_) {
            curl_->terminate(500ms);
            curl_.reset();
            fail("no answer in time", false);
        }
    } catch (const std::exception& error) {
        curl_.reset();
        fail(base::printable(error.what()), true);
    }
    return !is_over_;
}

void Delivery::begin() {
    const std::string path = value_of(callers_environment_, "PATH");
    const auto program = sys::find_in_absolute_path("curl", path.empty() ? k_usual_path : path);
    if (!program) {
        fail("the program curl is not installed (apt-get install curl)", true);
        return;
    }
    const sys::Fd config = make_memory_file(curl_config(post_));
    --tries_left_;
    ++tries_made_;
    deadline_ = std::chrono::steady_clock::now() + k_curl_patience;
    // --disable, first: no ~/.curlrc.
    curl_ = std::make_unique<sys::ChildProcess>(
        sys::Command{.program = *program,
                     .arguments = {"--disable", "--config", "-"},
                     .environment = curl_environment(callers_environment_),
                     .stdin_fd = config.get()});
}

void Delivery::look_at_answer() {
    std::array<std::byte, 64> buffer{};
    const auto size = curl_->read_output(buffer.data(), buffer.size(), 0ms);
    const std::string_view said = base::as_text({buffer.data(), size.value_or(0)});
    int http_status = 0;
    std::from_chars(said.data(), said.data() + said.size(), http_status);
    const sys::ExitStatus status = curl_->wait(0ms);
    curl_.reset();
    if (http_status >= 200 && http_status < 300) { // however long the rest of the answer is
        is_over_ = true;
        problem_.reset();
    } else if (http_status == 0) {
        fail(why_of(status), false);
    } else {
        fail(fmt::format("it answered {}", http_status), is_final(http_status));
    }
}

void Delivery::fail(const std::string& why, bool is_final) {
    problem_ = tries_made_ > 1 ? fmt::format("{} ({} tries)", why, tries_made_) : why;
    is_over_ = is_final || tries_left_ == 0;
    next_try_ = std::chrono::steady_clock::now() + k_pause * tries_made_;
}

void Delivery::abandon() noexcept {
    if (curl_) {
        curl_->terminate(0ms);
        curl_.reset();
    }
    is_over_ = true;
}

} // namespace dbbackup::cli
