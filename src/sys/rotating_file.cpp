#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/directory.hpp>
#include <dbbackup/sys/locked_file.hpp>
#include <dbbackup/sys/rotating_file.hpp>
#include <dbbackup/sys/signals.hpp>
#include <dbbackup/sys/user.hpp>

#include <array>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace dbbackup::sys {

namespace {

using namespace std::chrono_literals;

/// A line is written at once. A process that holds the lock for longer was stopped in between.
constexpr auto k_patience = 2s;

std::string shown(const Directory& directory, const std::string& name) {
    return fmt::format("'{}'", base::printable(directory.path_of(name)));
}

/// The directory's owner can change the file anyway. A run by root must not lock out the owner's.
void give_to_owner(const Directory& directory, int fd) {
    struct stat status {};

    if (::fstat(directory.fd(), &status) == 0 && status.st_uid != 0) {
        // If it fails, as on some network file systems, the file stays root's.
        [[maybe_unused]] const int given = ::fchown(fd, status.st_uid, status.st_gid);
    }
}

/// Another process may create it first.
void make_if_missing(const Directory& directory, const std::string& name) {
    constexpr mode_t k_mode = 0600;
    if (directory.contains(name)) {
        return;
    }
    const Fd fd{::openat(directory.fd(), name.c_str(),
                         O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, k_mode)};
    if (!fd && errno != EEXIST) {
        throw base::system_error("make " + shown(directory, name), errno);
    }
    if (fd && is_root()) {
        give_to_owner(directory, fd.get());
    }
}

/// A run that died in the middle of a line, with the machine perhaps, must not spoil the next one.
bool ends_within_line(int fd, off_t size) {
    char last = '\n';
    return size > 0 && ::pread(fd, &last, 1, size - 1) == 1 && last != '\n';
}

/// A mistyped name must not destroy a dump, or any other file.
void require_ours(int fd, const std::string& shown,
                  const std::function<bool(std::string_view)>& is_ours) {
    std::array<char, 64> beginning{};
    const ssize_t size = ::pread(fd, beginning.data(), beginning.size(), 0);
    if (size < 0) {
        throw base::system_error("read " + shown, errno);
    }
    if (size > 0 && !is_ours({beginning.data(), static_cast<std::size_t>(size)})) {
        throw base::Error{base::ErrorKind::failed, shown + " is another kind of file"};
    }
}

/// Gives each file the next number; nothing is renamed if one of them is not ours.
void make_way(const Directory& directory, const std::string& name, unsigned most_files,
              const std::function<bool(std::string_view)>& is_ours) {
    std::vector<std::string> names{name};
    for (unsigned i = 1; i < most_files; ++i) {
        names.push_back(fmt::format("{}.{}", name, i));
    }
    for (const std::string& each : names) {
        if (directory.contains(each)) {
            require_ours(directory.open_file(each).get(), shown(directory, each), is_ours);
        }
    }
    for (std::size_t i = names.size() - 1; i > 0; --i) {
        if (directory.contains(names[i - 1])) {
            directory.rename(names[i - 1], names[i]);
        }
    }
}

/// Otherwise, anyone who can put a file there could have the lines written into any file of ours.
void require_own(const Directory& directory, const std::string& name, const struct stat& status) {
    if (!directory.trusts(status.st_uid)) {
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format("{} belongs to {}", shown(directory, name), describe_user(status.st_uid))};
    }
    if (status.st_nlink > 1) {
        throw base::Error{base::ErrorKind::failed, shown(directory, name) + " has other names too"};
    }
}

LockedFile open_locked(const Directory& directory, const std::string& name) {
    constexpr int k_most_attempts = 10;
    for (int attempt = 1;; ++attempt) {
        make_if_missing(directory, name);
        try {
            if (auto file = LockedFile::acquire(directory, name, k_patience)) {
                return std::move(*file);
            }
        } catch (const base::SystemError& error) {
            // Another process may have just renamed it.
            if (error.error_number() == ENOENT && attempt < k_most_attempts) {
                continue;
            }
            throw;
        }
        throw base::Error{base::ErrorKind::failed,
                          shown(directory, name) + " is locked by another process"};
    }
}

struct stat status_of(const LockedFile& file, const std::string& shown) {
    struct stat status {};

    if (::fstat(file.fd(), &status) != 0) {
        throw base::system_error("look at " + shown, errno);
    }
    return status;
}

} // namespace

RotatingFile::RotatingFile(std::filesystem::path path, std::uint64_t most_bytes,
                           unsigned most_files, std::function<bool(std::string_view)> is_ours)
    : path_(std::move(path)), most_bytes_(most_bytes), most_files_(most_files),
      is_ours_(std::move(is_ours)) {
}

void RotatingFile::append(std::string_view line) const {
    const CleanupScope undisturbed;
    const std::string name = path_.filename();
    const Directory directory =
        Directory::open(path_.has_parent_path() ? path_.parent_path() : std::filesystem::path{"."});
    LockedFile file = open_locked(directory, name);
    struct stat status = status_of(file, shown(directory, name));
    require_own(directory, name, status);
    require_ours(file.fd(), shown(directory, name), is_ours_);
    if (status.st_size > 0 &&
        static_cast<std::uint64_t>(status.st_size) + line.size() > most_bytes_) {
        make_way(directory, name, most_files_, is_ours_);
        // A process that waits for the lock notices that the name now leads to another file, and
        // follows.
        file = open_locked(directory, name);
        status = status_of(file, shown(directory, name));
        require_own(directory, name, status);
    }
    if (::lseek(file.fd(), status.st_size, SEEK_SET) < 0) {
        throw base::system_error("write " + shown(directory, name), errno);
    }
    try {
        const std::string whole =
            (ends_within_line(file.fd(), status.st_size) ? "\n" : "") + std::string{line};
        write_all(file.fd(), base::as_bytes(whole), shown(directory, name), "");
    } catch (const base::Error&) {
        // If even that fails, half a line remains at the end.
        [[maybe_unused]] const int undone = ::ftruncate(file.fd(), status.st_size);
        throw;
    }
}

} // namespace dbbackup::sys
