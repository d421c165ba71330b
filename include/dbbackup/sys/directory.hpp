#pragma once

#include <dbbackup/sys/fd.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/stat.h>
#include <sys/types.h>
#include <vector>

namespace dbbackup::sys {

/// A regular file in a directory, as of one moment.
struct FileFacts {
    std::uint64_t size = 0; ///< bytes
    uid_t owner = 0;
    bool has_other_names = false;                                 ///< hard links
    std::chrono::sys_time<std::chrono::milliseconds> last_change; ///< of its content
};

/// A whole file, and its owner when it was read.
struct OwnedText {
    std::string text;
    uid_t owner = 0;
};

/// An open directory. Files are named relative to it, so that replacing the path has no effect, and
/// links are not followed. What cannot be examined is never taken for absent: every query throws
/// base::SystemError if the system call fails.
class Directory {
public:
    /// Opens `path`; throws base::Error if it does not exist, is not a directory or not readable,
    /// and {usage} if its last component is a link that belongs to neither this user nor root:
    /// whoever can replace the link would choose what is written and removed.
    [[nodiscard]] static Directory open(const std::filesystem::path& path);
    /// The same, but first creates a missing directory (and its parents), mode 0700 whatever the
    /// umask.
    [[nodiscard]] static Directory open_or_create(const std::filesystem::path& path);

    [[nodiscard]] int fd() const noexcept { return fd_.get(); }

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

    /// The path of `name` in it, as messages show it.
    [[nodiscard]] std::string path_of(const std::string& name) const;

    /// Names of all entries but `.` and `..`, in no particular order.
    [[nodiscard]] std::vector<std::string> entries() const;
    /// The regular file `name`; nothing if there is no such file.
    [[nodiscard]] std::optional<FileFacts> find_file(const std::string& name) const;
    /// Size in bytes of the regular file `name`; nothing if there is no such file.
    [[nodiscard]] std::optional<std::uint64_t> find_file_size(const std::string& name) const;
    [[nodiscard]] bool contains(const std::string& name) const;
    /// The owner of `name`, of any file type; nothing if there is no such name.
    [[nodiscard]] std::optional<uid_t> find_owner(const std::string& name) const;
    /// True for this user, root and the directory's owner, who control it anyway. Anybody else's
    /// file can be there only because others may add files to the directory.
    [[nodiscard]] bool trusts(uid_t owner) const;
    /// Renames the file `from` to `to`, replacing any other. Throws base::Error.
    void rename(const std::string& from, const std::string& to) const;
    /// Removes the file `name`, if it exists. Throws base::Error.
    void remove(const std::string& name) const;
    /// True if `name` leads to the same file that is open as `fd`.
    [[nodiscard]] bool leads_to(const std::string& name, int fd) const;
    /// Bytes that an ordinary user can still write there.
    [[nodiscard]] std::uint64_t free_space() const;
    /// The regular file `name`, open for reading. Throws base::Error.
    [[nodiscard]] Fd open_file(const std::string& name) const;
    /// The whole of the regular file `name`. Throws base::Error, also past `most` bytes.
    [[nodiscard]] std::string read_file(const std::string& name, std::size_t most) const;
    /// The same, with its owner.
    [[nodiscard]] OwnedText read_owned_file(const std::string& name, std::size_t most) const;
    /// Throws base::Error if the path no longer leads to it: it was moved, removed or replaced,
    /// or something was mounted over it.
    void require_in_place() const;
    /// Makes added and removed names durable. Throws base::Error.
    void sync() const;

private:
    Directory(Fd fd, std::filesystem::path path);

    [[nodiscard]] std::optional<struct stat> find_status(const std::string& name) const;

    Fd fd_;
    std::filesystem::path path_;
    uid_t owner_ = 0;
};

} // namespace dbbackup::sys
