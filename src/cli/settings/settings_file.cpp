#include "cli/settings/settings_file.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/fd.hpp>
#include <dbbackup/sys/file_rights.hpp>
#include <dbbackup/sys/user.hpp>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sys/stat.h>

namespace dbbackup::cli {

namespace {

constexpr std::size_t k_most_bytes = 1 << 20;

std::string quoted(const std::string& path) {
    return fmt::format("'{}'", base::printable(path));
}

[[noreturn]] void throw_unreadable(const std::string& path, const SettingsFileKind& kind,
                                   const std::string& reason) {
    throw base::Error{base::ErrorKind::usage,
                      fmt::format("cannot read the {} {}: {}", kind.noun, quoted(path), reason),
                      fmt::format("Name a readable file with {}.", kind.option)};
}

/// `what` is the file, or the link or directory that leads to it.
[[noreturn]] void throw_untrusted(const std::string& name, const SettingsFileKind& kind,
                                  const std::string& what, const std::string& why) {
    throw base::Error{
        base::ErrorKind::usage,
        fmt::format("the {} {} is not safe to use: {} {}", kind.noun, quoted(name), what, why),
        fmt::format("{} If you trust it, say so with {} {}. Otherwise remove it, or "
                    "run dbbackup in another directory.",
                    kind.danger, kind.option, name)};
}

void require_not_of_others(const struct stat& status, const std::string& name,
                           const SettingsFileKind& kind, const std::string& what) {
    const sys::RightsOfOthers others = sys::rights_of_others(status);
    const std::string owner = sys::describe_user(status.st_uid);
    if (others.own) {
        throw_untrusted(name, kind, what,
                        fmt::format("belongs to {}, who is neither you nor root", owner));
    }
    // A link has no mode of its own.
    if (others.write && !S_ISLNK(status.st_mode)) {
        throw_untrusted(name, kind, what,
                        fmt::format("belongs to {}, but others may write to it (mode {:04o})",
                                    owner, status.st_mode & 07777U));
    }
}

std::string current_directory() {
    std::error_code ignored;
    const std::filesystem::path path = std::filesystem::current_path(ignored);
    return quoted(path.empty() ? "." : path.string());
}

struct stat status_of(int fd, const std::string& path, const SettingsFileKind& kind) {
    struct stat status {};

    if (::fstat(fd, &status) != 0) {
        throw_unreadable(path, kind, std::strerror(errno));
    }
    return status;
}

SettingsFile read_open(int fd, const struct stat& status, const std::string& path,
                       const SettingsFileKind& kind) {
    try {
        return {.content = sys::read_all(fd, k_most_bytes, "it"),
                .mode = status.st_mode & 07777U,
                .others_may_read = sys::rights_of_others(status).read};
    } catch (const base::Error& error) {
        throw_unreadable(path, kind, error.what());
    }
}

} // namespace

std::optional<SettingsFile> find_settings_file(const std::string& name,
                                               const SettingsFileKind& kind) {
    // Everything uses this descriptor and the file's: a name can be swapped in between.
    const sys::Fd directory{::open(".", O_PATH | O_DIRECTORY | O_CLOEXEC)};

    struct stat named {};

    if (!directory || ::fstatat(directory.get(), name.c_str(), &named, AT_SYMLINK_NOFOLLOW) != 0 ||
        S_ISDIR(named.st_mode)) {
        return std::nullopt; // Docker creates a directory if a .env to mount is missing
    }
    require_not_of_others(status_of(directory.get(), name, kind), name, kind,
                          "its directory " + current_directory());
    require_not_of_others(named, name, kind, S_ISLNK(named.st_mode) ? "that link" : "it");
    // O_NONBLOCK: if the file is a FIFO, do not wait for its writer.
    const sys::Fd file{
        ::openat(directory.get(), name.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)};
    if (!file) {
        if (errno == ENOENT || errno == ENOTDIR) {
            return std::nullopt; // a dangling link
        }
        throw_unreadable(name, kind, std::strerror(errno));
    }
    const struct stat status = status_of(file.get(), name, kind);
    if (S_ISDIR(status.st_mode)) {
        return std::nullopt;
    }
    if (!S_ISREG(status.st_mode)) {
        throw_unreadable(name, kind, "it is not a regular file");
    }
    require_not_of_others(status, name, kind,
                          S_ISLNK(named.st_mode) ? "the file that the link leads to" : "it");
    return read_open(file.get(), status, name, kind);
}

SettingsFile read_settings_file(const std::string& path, const SettingsFileKind& kind) {
    const sys::Fd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY)};
    if (!file) {
        throw_unreadable(path, kind, std::strerror(errno));
    }
    return read_open(file.get(), status_of(file.get(), path, kind), path, kind);
}

std::string absolute_path(const std::string& path) {
    std::error_code error;
    const std::filesystem::path absolute = std::filesystem::absolute(path, error);
    if (error) {
        return path;
    }
    const std::filesystem::path normal = absolute.lexically_normal();
    return normal.has_filename() ? normal : normal.parent_path();
}

} // namespace dbbackup::cli
