#pragma once

#include <dbbackup/sys/child_process.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::cli {

/// A request to send.
struct HttpPost {
    std::string url; ///< a secret
    std::string content_type;
    std::string body;
};

/// The configuration of a curl that sends it, for its stdin: arguments would show the URL to
/// everybody.
[[nodiscard]] std::string curl_config(const HttpPost& post);

/// The environment that curl needs of `callers`: proxies and certificates.
[[nodiscard]] std::vector<std::string> curl_environment(const std::vector<std::string>& callers);

/// A request that is sent by curl, as a child, while the caller does something else.
class Delivery {
public:
    Delivery(HttpPost post, unsigned tries, const std::vector<std::string>& callers_environment)
        : post_(std::move(post)), tries_left_(tries), callers_environment_(callers_environment) {}

    /// Begins, or looks how it goes. False once it is over. Call from the main thread. Never
    /// throws.
    bool go_on();

    /// Ends it now.
    void abandon() noexcept;

    /// Why it was not delivered, without the URL; nothing if it was.
    [[nodiscard]] const std::optional<std::string>& problem() const noexcept { return problem_; }

private:
    using Time = std::chrono::steady_clock::time_point;

    void begin();
    void look_at_answer();
    void fail(const std::string& why, bool is_final);

    HttpPost post_;
    unsigned tries_left_;
    unsigned tries_made_ = 0;
    std::vector<std::string> callers_environment_;
    std::unique_ptr<sys::ChildProcess> curl_;
    Time deadline_{};
    Time next_try_{};
    bool is_over_ = false;
    std::optional<std::string> problem_ = "it was not sent";
};

} // namespace dbbackup::cli
