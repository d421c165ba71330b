#pragma once

#include <dbbackup/base/error.hpp>
#include <dbbackup/store/remote.hpp>
#include <dbbackup/sys/child_process.hpp>

#include <functional>
#include <string>
#include <vector>

namespace dbbackup::store {

/// rclone ended by itself and said that something failed; it may have done the rest.
class RcloneFailed : public base::Error {
public:
    explicit RcloneFailed(const base::Error& error) : base::Error(error) {}
};

/// The rclone program, for one remote. rclone is a child for each operation; its configuration and
/// its environment hold the credentials.
class Rclone {
public:
    /// Throws base::Error{failed} if there is no rclone in the PATH of `environment`.
    Rclone(RemoteSettings settings, const std::vector<std::string>& environment);

    /// What a call did.
    struct Outcome {
        std::string output;            ///< its stdout
        bool has_no_directory = false; ///< it failed only because the directory does not exist
    };

    /// Runs it to its end. `doing` ("list the files") is for messages. `on_sent` is called with the
    /// number of bytes that it has sent, if it reports them. Throws RcloneFailed, and
    /// base::Error{failed} if a signal ended it, or it shows no progress for the timeout.
    Outcome run(std::vector<std::string> arguments, const std::string& doing,
                std::vector<int> inherited_fds = {},
                const std::function<void(std::uint64_t)>& on_sent = {}) const;

    /// For a child whose output is a stream: what to start.
    [[nodiscard]] sys::Command command(std::vector<std::string> arguments) const;

    /// Waits for such a child after the end of its output, and throws as run() does.
    void require_success(sys::ChildProcess& child, const std::string& doing) const;

    [[nodiscard]] base::Error error(const std::string& doing, const std::string& what) const;
    /// The error for a remote that rclone's configuration does not have.
    [[nodiscard]] base::Error unknown(const std::string& doing) const;
    /// The error for a remote that does nothing for the timeout.
    [[nodiscard]] base::Error silence(const std::string& doing) const;

    [[nodiscard]] const RemoteSettings& settings() const noexcept { return settings_; }

private:
    RemoteSettings settings_;
    std::string program_;
    std::vector<std::string> environment_;
};

/// Of `environment`, what rclone needs: where its configuration is, credentials of the services
/// that it knows, proxies and certificates. Not the database's password, and none of rclone's
/// settings that change what an operation does, such as RCLONE_DRY_RUN.
[[nodiscard]] std::vector<std::string>
rclone_environment(const std::vector<std::string>& environment);

} // namespace dbbackup::store
