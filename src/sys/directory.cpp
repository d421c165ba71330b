#include "sys/open_directory.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/directory.hpp>

#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <memory>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace dbbackup::sys {

namespace {

std::string quoted(const std::filesystem::path& path) {
    return fmt::format("'{}'", base::printable(path.native()));
}

} // namespace

Directory::Directory(Fd fd, std::filesystem::path path)
    : fd_(std::move(fd)), path_(std::move(path)) {
    struct stat status {};

    if (::fstat(fd_.get(), &status) != 0) {
        throw base::system_error("look at the directory " + quoted(path_), errno);
    }
    owner_ = status.st_uid;
}

std::optional<struct stat> Directory::find_status(const std::string& name) const {
    struct stat status {};

    if (::fstatat(fd_.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) {
        return status;
    }
    // No file can have a name that is too long.
    if (errno != ENOENT && errno != ENAMETOOLONG) {
        throw base::system_error("look at " + quoted(path_ / name), errno);
    }
    return std::nullopt;
}

Directory Directory::open(const std::filesystem::path& path) {
    Fd fd = open_directory(path);
    if (!fd && errno == ENOENT) {
        throw base::SystemError{fmt::format("the directory {} does not exist", quoted(path)),
                                "Name another one with --dir.", ENOENT};
    }
    if (!fd) {
        throw base::system_error("open the directory " + quoted(path), errno);
    }
    return {std::move(fd), path};
}

Directory Directory::open_or_create(const std::filesystem::path& path) {
    Fd fd = open_directory(path);
    if (!fd && errno == ENOENT) {
        fd = make_directory(path);
    }
    return fd ? Directory{std::move(fd), path} : open(path);
}

std::string Directory::path_of(const std::string& name) const {
    return (path_ / name).string();
}

std::vector<std::string> Directory::entries() const {
    // A second open file description: the position of a directory stream is shared by duplicates.
    Fd fd{::openat(fd_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    const std::unique_ptr<DIR, int (*)(DIR*)> stream{fd ? ::fdopendir(fd.get()) : nullptr,
                                                     ::closedir};
    if (!stream) {
        throw base::system_error("read the directory " + quoted(path_), errno);
    }
    (void)fd.release(); // the stream owns it from now on
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* entry = ::readdir(stream.get())) {
        const std::string name = entry->d_name;
        if (name != "." && name != "..") {
            names.push_back(name);
        }
        errno = 0;
    }
    if (errno != 0) {
        throw base::system_error("read the directory " + quoted(path_), errno);
    }
    return names;
}

std::optional<FileFacts> Directory::find_file(const std::string& name) const {
    const auto status = find_status(name);
    if (!status || !S_ISREG(status->st_mode)) {
        return std::nullopt;
    }
    return FileFacts{.size = static_cast<std::uint64_t>(status->st_size),
                     .owner = status->st_uid,
                     .has_other_names = status->st_nlink > 1,
                     .last_change = std::chrono::sys_time<std::chrono::milliseconds>{
                         std::chrono::seconds{status->st_mtim.tv_sec}}};
}

std::optional<std::uint64_t> Directory::find_file_size(const std::string& name) const {
    const auto file = find_file(name);
    return file ? std::optional{file->size} : std::nullopt;
}

std::optional<uid_t> Directory::find_owner(const std::string& name) const {
    const auto status = find_status(name);
    return status ? std::optional{status->st_uid} : std::nullopt;
}

bool Directory::trusts(uid_t owner) const {
    return owner == ::geteuid() || owner == 0 || owner == owner_;
}

void Directory::rename(const std::string& from, const std::string& to) const {
    if (::renameat(fd_.get(), from.c_str(), fd_.get(), to.c_str()) != 0) {
        throw base::system_error("rename " + quoted(path_ / from), errno);
    }
}

void Directory::remove(const std::string& name) const {
    if (::unlinkat(fd_.get(), name.c_str(), 0) != 0 && errno != ENOENT) {
        throw base::system_error("remove " + quoted(path_ / name), errno);
    }
}

bool Directory::contains(const std::string& name) const {
    return find_status(name).has_value();
}

bool Directory::leads_to(const std::string& name, int fd) const {
    struct stat opened {};

    if (::fstat(fd, &opened) != 0) {
        throw base::system_error("look at what is open as " + quoted(path_ / name), errno);
    }
    const auto named = find_status(name);
    return named && opened.st_dev == named->st_dev && opened.st_ino == named->st_ino;
}

std::uint64_t Directory::free_space() const {
    struct statvfs status {};

    if (::fstatvfs(fd_.get(), &status) != 0) {
        throw base::system_error("ask for the free space of " + quoted(path_), errno);
    }
    return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
}

Fd Directory::open_file(const std::string& name) const {
    const std::string shown = quoted(path_ / name);
    // O_NONBLOCK: a FIFO under that name must not make us wait for its writer.
    Fd fd{::openat(fd_.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)};

    struct stat status {};

    if (!fd || ::fstat(fd.get(), &status) != 0) {
        throw base::system_error("read " + shown, errno);
    }
    if (!S_ISREG(status.st_mode)) {
        throw base::Error{base::ErrorKind::failed, shown + " is not a regular file"};
    }
    return fd;
}

std::string Directory::read_file(const std::string& name, std::size_t most) const {
    return read_owned_file(name, most).text;
}

OwnedText Directory::read_owned_file(const std::string& name, std::size_t most) const {
    const Fd fd = open_file(name);

    struct stat status {};

    if (::fstat(fd.get(), &status) != 0) {
        throw base::system_error("read " + quoted(path_ / name), errno);
    }
    return {.text = read_all(fd.get(), most, quoted(path_ / name)), .owner = status.st_uid};
}

void Directory::require_in_place() const {
    struct stat opened {};

    struct stat named {};

    if (::fstat(fd_.get(), &opened) != 0 || ::stat(path_.c_str(), &named) != 0) {
        throw base::system_error("find the directory " + quoted(path_) + " again", errno);
    }
    if (opened.st_dev != named.st_dev || opened.st_ino != named.st_ino) {
        throw base::Error{base::ErrorKind::failed,
                          quoted(path_) + " was replaced by another directory meanwhile",
                          "Do not move the dump directory while a dump is under way."};
    }
}

void Directory::sync() const {
    // Some network file systems do not support fsync of a directory and report that.
    if (::fsync(fd_.get()) != 0 && errno != EINVAL && errno != ENOTSUP) {
        throw base::system_error("sync the directory " + quoted(path_), errno);
    }
}

} // namespace dbbackup::sys
