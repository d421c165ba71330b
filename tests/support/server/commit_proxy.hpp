#pragma once

#include "support/server/cluster.hpp"
#include "support/temp_dir.hpp"

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace dbbackup::test {

/// Stands between a client and the shared server, and cuts the first connection that sends COMMIT.
class CommitProxy {
public:
    enum class Cut {
        before_the_commit, ///< the server never receives it
        before_the_answer, ///< the server commits, the client never learns of it
    };

    /// `before_cut` is called at that moment.
    explicit CommitProxy(
        Cut cut, std::function<void()> before_cut = [] {});
    ~CommitProxy();
    CommitProxy(const CommitProxy&) = delete;
    CommitProxy& operator=(const CommitProxy&) = delete;

    /// The URL of `database` through the proxy.
    [[nodiscard]] std::string url(const std::string& database) const;

    /// After the cut nobody reaches the server any more.
    void close_at_cut() noexcept { closes_ = true; }

    /// Connections that were cut.
    [[nodiscard]] int cuts() const noexcept { return cuts_; }

private:
    void accept_clients();
    void serve(int client);

    TempDir temp_;
    Cut cut_;
    std::function<void()> before_cut_;
    int listener_ = -1;
    std::atomic<int> cuts_{0};
    std::atomic<bool> closes_{false};
    std::atomic<bool> ending_{false};
    std::vector<std::thread> servers_;
    std::thread acceptor_;
};

} // namespace dbbackup::test
