#pragma once

#include <dbbackup/base/calendar_span.hpp>
#include <dbbackup/base/clock.hpp>
#include <dbbackup/stream/pump.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::store {

/// A place for copies, as the configuration describes it.
struct RemoteSettings {
    std::string name;
    std::string target; ///< rclone's "remote:path", or an absolute directory
    std::optional<std::string> rclone_config = std::nullopt;
    /// Everything that goes there is sealed for these age or ssh keys, unless it is sealed already.
    std::vector<std::string> recipients = {};
    bool is_required = false; ///< `status` is unhealthy without a recent copy there
    /// Nothing that arrived there within this time is pruned there.
    std::optional<base::CalendarSpan> keep_at_least = std::nullopt;
    std::optional<std::string> bandwidth_limit = std::nullopt; ///< as rclone's --bwlimit takes it
    /// How long a remote may do nothing before an operation fails.
    std::chrono::milliseconds timeout = std::chrono::minutes{5};
};

/// A file at a remote.
struct RemoteFile {
    std::string name;
    std::uint64_t size = 0; ///< bytes
    /// When it arrived, by the remote's own clock; nothing if whoever writes there can choose it.
    std::optional<base::UtcTime> arrived_at = std::nullopt;
    /// Its owner, safe to show, if that is neither this user, nor root, nor the directory's owner.
    /// Only a directory on this machine can tell.
    std::string foreign_owner = {};
};

/// What to do if the remote already has a file of that name.
enum class Existing {
    refused,
    replaced, ///< for an upload that was never finished
};

/// A flat directory of files on another disk or machine. Each call is an operation of its own, and
/// each throws base::Error{failed}, which names the remote and quotes what it says, if it fails or
/// does nothing for RemoteSettings::timeout, and base::Interrupted. What a call reports is only
/// what the remote says: whoever needs to know reads it back.
class Remote {
public:
    /// What write() calls on its way.
    struct Watch {
        /// With how many bytes of the file have been sent.
        std::function<void(std::uint64_t)> on_progress = [](std::uint64_t) {};
        /// Once, before the file has its name. If it throws, the file gets none.
        std::function<void()> before_naming = [] {};
    };

    virtual ~Remote() = default;

    /// Its target, for messages and paths: "offsite:backups/shop".
    [[nodiscard]] virtual std::string path_of(const std::string& name) const = 0;
    /// All files, in no particular order; none if the directory does not exist there yet.
    [[nodiscard]] virtual std::vector<RemoteFile> list() = 0;
    /// The contents of small files, by name, in one call. What could not be read is left out.
    [[nodiscard]] virtual std::map<std::string, std::string>
    read_texts(const std::vector<std::string>& names) = 0;
    /// A file as a stream. It throws at the end unless exactly `size` bytes came.
    [[nodiscard]] virtual std::unique_ptr<stream::Source> read(const std::string& name,
                                                               std::uint64_t size) = 0;
    /// Copies the file open as `fd`, from its start, to `name`. Until it is there whole, it has
    /// another, hidden name if the remote can rename files.
    virtual void write(int fd, const std::string& name, Existing existing, const Watch& watch) = 0;
    /// Removes a file, if it exists.
    virtual void remove(const std::string& name) = 0;
    /// The MD5 of a file of `size` bytes (32 hex digits) that the remote itself computed, when it
    /// was written by write(); nothing if it computes none, or only repeats what it was told.
    [[nodiscard]] virtual std::optional<std::string> find_own_md5(const std::string& name,
                                                                  std::uint64_t size) = 0;
    /// The remote's own clock, on which RemoteFile::arrived_at is; nothing if it has none.
    [[nodiscard]] virtual std::optional<base::UtcTime> find_now() = 0;
};

/// Throws base::Error{usage} if the target is neither an absolute directory nor the "name:path" of
/// a remote that rclone knows by name: then it could hold credentials, and is not repeated.
void require_usable(const RemoteSettings& settings);

/// Throws like require_usable(), and base::Error{failed} if the directory or rclone is missing.
/// `environment` ("NAME=value") is the caller's,
/// of which rclone gets what it needs.
[[nodiscard]] std::unique_ptr<Remote> open_remote(const RemoteSettings& settings,
                                                  const std::vector<std::string>& environment);

/// Whether a file of this name is an upload that was not finished.
[[nodiscard]] bool is_unfinished_upload(const std::string& name);

} // namespace dbbackup::store
