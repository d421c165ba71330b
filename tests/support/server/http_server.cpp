#include "support/server/http_server.hpp"

#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <cstdlib>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace dbbackup::test {

namespace {

using namespace std::chrono_literals;

bool send_all(int connection, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

/// Head and body, as long as the head says.
HttpServer::Request receive(int connection) {
    std::string text;
    std::array<char, 4096> buffer{};
    std::size_t whole = std::string::npos;
    std::size_t head = 0;
    while (text.size() < whole) {
        const ssize_t count = ::recv(connection, buffer.data(), buffer.size(), 0);
        if (count <= 0) {
            break;
        }
        text.append(buffer.data(), static_cast<std::size_t>(count));
        const std::size_t end = text.find("\r\n\r\n");
        if (end != std::string::npos && whole == std::string::npos) {
            constexpr std::string_view k_length = "Content-Length: ";
            const std::size_t length = text.find(k_length);
            head = end + 4;
            whole =
                head + (length == std::string::npos
                            ? 0
                            : std::strtoul(text.c_str() + length + k_length.size(), nullptr, 10));
        }
    }
    const std::size_t path = text.find(' ') + 1;
    return {.path = text.substr(path, text.find(' ', path) - path),
            .head = text.substr(0, head),
            .body = text.substr(head)};
}

} // namespace

HttpServer::HttpServer(Manner manner)
    : manner_(manner), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 20) != 0 ||
        ::getsockname(listener_, generic, &size) != 0) {
        throw std::runtime_error("the web server cannot listen");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread{[this] { serve(); }};
}

HttpServer::~HttpServer() {
    is_ending_ = true;
    thread_.join();
    for (std::thread& answer : answers_) {
        answer.join();
    }
    ::close(listener_);
}

std::string HttpServer::url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
}

std::vector<HttpServer::Request> HttpServer::requests() const {
    const std::lock_guard lock{mutex_};
    return requests_;
}

std::string HttpServer::paths() const {
    std::string paths;
    for (const Request& request : requests()) {
        paths += (paths.empty() ? "" : " ") + request.path;
    }
    return paths;
}

void HttpServer::serve() {
    while (!is_ending_) {
        pollfd waiting{.fd = listener_, .events = POLLIN, .revents = 0};
        if (::poll(&waiting, 1, 50) == 1) {
            const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (connection >= 0) {
                answers_.emplace_back([this, connection] { answer(connection); });
            }
        }
    }
}

void HttpServer::answer(int connection) {
    Request request = receive(connection);
    {
        const std::lock_guard lock{mutex_};
        requests_.push_back(std::move(request));
    }
    switch (manner_) {
    case Manner::ok:
        send_all(connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK");
        break;
    case Manner::error:
        send_all(connection, "HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        break;
    case Manner::redirect:
        send_all(connection, "HTTP/1.1 302 There\r\nLocation: " + url("/elsewhere") +
                                 "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        break;
    case Manner::hang:
        while (!is_ending_) {
            std::this_thread::sleep_for(20ms);
        }
        break;
    case Manner::drip:
        for (const char c : std::string_view{"HTTP/1.1 200 OK\r\n\r\n"}) {
            if (is_ending_ || !send_all(connection, {&c, 1})) {
                break;
            }
            std::this_thread::sleep_for(1s);
        }
        break;
    case Manner::flood:
        send_all(connection, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
        while (!is_ending_ && send_all(connection, std::string(1 << 16, 'x'))) {
        }
        break;
    }
    ::close(connection);
}

} // namespace dbbackup::test
