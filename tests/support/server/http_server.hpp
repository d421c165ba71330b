#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace dbbackup::test {

/// A web server on loopback that behaves as badly as requested, one request at a time each in a
/// thread of its own.
class HttpServer {
public:
    enum class Manner { ok, error, redirect, hang, drip, flood };

    struct Request {
        std::string path;
        std::string head; ///< request line and headers
        std::string body;
    };

    explicit HttpServer(Manner manner = Manner::ok);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// "http://127.0.0.1:PORT" and then `path`.
    [[nodiscard]] std::string url(const std::string& path) const;
    /// Requests so far.
    [[nodiscard]] std::vector<Request> requests() const;
    /// Their paths, joined by a space.
    [[nodiscard]] std::string paths() const;

private:
    void serve();
    void answer(int connection);

    Manner manner_;
    int listener_;
    int port_ = 0;
    std::atomic<bool> is_ending_{false};
    mutable std::mutex mutex_;
    std::vector<Request> requests_;
    std::vector<std::thread> answers_;
    std::thread thread_;
};

} // namespace dbbackup::test
