#pragma once

#include <dbbackup/ops/listener.hpp>
#include <dbbackup/pg/client_tools.hpp>
#include <dbbackup/pg/connection_url.hpp>
#include <dbbackup/sys/child_process.hpp>
#include <dbbackup/sys/private_directory.hpp>
#include <dbbackup/sys/user.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace dbbackup::ops {

/// The directory for throwaway servers: TMPDIR of `environment`, or /var/tmp. Throws
/// base::Error{usage} if that path is too long for a Unix socket.
[[nodiscard]] std::filesystem::path throwaway_place(const std::vector<std::string>& environment);

/// A PostgreSQL server that lives as long as this object: in a private directory, reachable only by
/// its Unix socket, and set not to wait for the disk. It ends when this process is killed; the next
/// one removes the files that it leaves.
///
/// What it restores may be hostile, so it gets nothing of ours: no terminal, no open file, no
/// secret in its environment. If we are root, it also runs as another user, with a group of its
/// own, without network access if the kernel permits that, and all processes that it started end
/// with it.
class ThrowawayServer {
public:
    /// `most_locks`: how many locks a transaction must be able to hold. First removes what killed
    /// servers left in `place`. Throws base::Error{failed} if it cannot be started.
    ThrowawayServer(const pg::ClientTools& binaries, const std::filesystem::path& place,
                    std::uint64_t most_locks, Listener& listener);
    ThrowawayServer(const ThrowawayServer&) = delete;
    ThrowawayServer& operator=(const ThrowawayServer&) = delete;
    ~ThrowawayServer();

    /// As its superuser.
    [[nodiscard]] pg::Connection connection(const std::string& database) const;

    /// What its log says about an end of it or of its processes, if that comes soon: a line that is
    /// safe to print, without statements and rows; or nothing. The log goes with the server.
    [[nodiscard]] std::string say_what_failed() const;

    /// Creates a directory of that name in the server's home, for its use.
    [[nodiscard]] std::filesystem::path make_directory(const std::string& name) const;

private:
    void initialize(const pg::ClientTools& binaries, Listener& listener) const;
    void start(const pg::ClientTools& binaries, std::uint64_t most_locks);
    [[nodiscard]] sys::Command command(const pg::ClientTools& binaries, const char* program,
                                       std::vector<std::string> arguments) const;
    [[nodiscard]] std::filesystem::path home() const;

    std::optional<sys::User> user_; ///< the user that it runs as; nothing if it is this process's
    sys::PrivateDirectory directory_;
    std::optional<sys::ChildProcess> server_; ///< after directory_: it ends first
};

} // namespace dbbackup::ops
