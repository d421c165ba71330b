#include "support/server/commit_proxy.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <fmt/format.h>
#include <poll.h>
#include <stdexcept>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace dbbackup::test {

namespace {

constexpr const char* k_socket = ".s.PGSQL.5432";

/// A simple query of the protocol, version 3: 'Q', length, text.
constexpr std::string_view k_commit{"Q\0\0\0\013COMMIT\0", 12};

sockaddr_un address_of(const std::string& directory) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = directory + "/" + k_socket;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    return address;
}

int open_socket() {
    return ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

bool wait_for(int fd) {
    pollfd waiting{.fd = fd, .events = POLLIN, .revents = 0};
    return ::poll(&waiting, 1, 20'000) == 1;
}

/// False at the end of `from` or `to`.
bool forward(int to, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

} // namespace

CommitProxy::CommitProxy(Cut cut, std::function<void()> before_cut)
    : cut_(cut), before_cut_(std::move(before_cut)), listener_(open_socket()) {
    const sockaddr_un address = address_of(temp_.path());
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener_, 20) != 0) {
        throw std::runtime_error("the proxy cannot listen");
    }
    acceptor_ = std::thread{[this] { accept_clients(); }};
}

CommitProxy::~CommitProxy() {
    ending_ = true;
    acceptor_.join();
    for (std::thread& server : servers_) {
        server.join();
    }
    ::close(listener_);
}

std::string CommitProxy::url(const std::string& database) const {
    return fmt::format("postgresql://postgres@/{}?host={}", percent_encode(database),
                       temp_.path().string());
}

void CommitProxy::accept_clients() {
    while (!ending_) {
        pollfd waiting{.fd = listener_, .events = POLLIN, .revents = 0};
        if (::poll(&waiting, 1, 20) != 1) {
            continue;
        }
        const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (closes_ && cuts_ > 0) {
            ::close(client);
        } else {
            servers_.emplace_back([this, client] { serve(client); });
        }
    }
}

void CommitProxy::serve(int client) {
    const int server = open_socket();
    const sockaddr_un address = address_of(Cluster::shared().socket_directory());
    bool open = ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    std::array<char, 65536> buffer{};
    while (open && !ending_) {
        std::array<pollfd, 2> waiting{pollfd{client, POLLIN, 0}, pollfd{server, POLLIN, 0}};
        (void)::poll(waiting.data(), waiting.size(), 20);
        for (const pollfd& ready : waiting) {
            if (ready.revents == 0 || !open) {
                continue;
            }
            const ssize_t count = ::recv(ready.fd, buffer.data(), buffer.size(), 0);
            const std::string_view bytes{buffer.data(),
                                         static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
            // libpq sends it alone, after it has received all answers before it.
            if (ready.fd == client && bytes == k_commit && cuts_ == 0) {
                if (cut_ == Cut::before_the_answer) {
                    (void)(forward(server, bytes) && wait_for(server));
                }
                before_cut_();
                ++cuts_;
                open = false;
            } else {
                open = count > 0 && forward(ready.fd == client ? server : client, bytes);
            }
        }
    }
    ::close(server);
    ::close(client);
}

} // namespace dbbackup::test
