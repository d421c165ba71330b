#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/file_lock.hpp>
#include <dbbackup/sys/user.hpp>

#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dbbackup::sys {

namespace {

base::Error cannot_open(const Directory& directory, const std::string& name, int error_number) {
    const std::string shown = base::printable(directory.path_of(name));
    const auto owner = directory.find_owner(name);
    if ((error_number == EACCES || error_number == EWOULDBLOCK) && owner) {
        return base::system_error(fmt::format("open the lock file '{}', which belongs to {}", shown,
                                              describe_user(*owner)),
                                  error_number,
                                  "If no run of that user is under way, remove the file. Better: "
                                  "give each user their own dump directory.");
    }
    if (owner) {
        return base::system_error(
            fmt::format("open '{}', which is not a lock file and belongs to {}", shown,
                        describe_user(*owner)),
            error_number, "Remove it, or choose another directory with --dir.");
    }
    return base::system_error(
        "make the lock file " + shown, error_number,
        "The dump directory must exist and be writable. Choose another with --dir.");
}

struct LockFile {
    Fd fd; ///< none, and errno set, if it can be neither opened nor created
    bool is_new = false;
};

/// Opens the lock file, or creates it. Without O_CREAT if it exists: in a world-writable directory,
/// the kernel refuses that for other users' files, even to root (fs.protected_regular). O_NONBLOCK:
/// a lease on the file must not make us wait.
LockFile open_or_make(const Directory& directory, const std::string& name) {
    constexpr int k_flags = O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
    while (true) {
        Fd fd{::openat(directory.fd(), name.c_str(), k_flags)};
        if (fd || errno != ENOENT) {
            return {.fd = std::move(fd), .is_new = false};
        }
        fd = Fd{::openat(directory.fd(), name.c_str(), k_flags | O_CREAT | O_EXCL, 0600)};
        if (fd || errno != EEXIST) {
            return {.fd = std::move(fd), .is_new = true};
        }
    }
}

/// For people to read: a full disk is no reason to fail.
void write_process_id(int fd) {
    const std::string id = fmt::format("{}\n", ::getpid());
    [[maybe_unused]] const ssize_t written = ::write(fd, id.data(), id.size());
}

int lock_without_waiting(int fd) {
    while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

} // namespace

std::optional<FileLock> FileLock::try_acquire(const Directory& directory, std::string name) {
    while (true) {
        auto [fd, is_new] = open_or_make(directory, name);
        const std::string shown = base::printable(directory.path_of(name));
        if (!fd) {
            throw cannot_open(directory, name, errno);
        }
        struct stat opened {};

        // A file that also has another name is not a lock file of ours.
        if (::fstat(fd.get(), &opened) != 0 || !S_ISREG(opened.st_mode) || opened.st_nlink > 1) {
            throw base::Error{base::ErrorKind::failed,
                              fmt::format("'{}', which belongs to {}, is not a lock file", shown,
                                          describe_user(opened.st_uid)),
                              "Remove it, or choose another directory with --dir."};
        }
        if (is_new) {
            ::fchmod(fd.get(), 0600); // whatever the umask: the next run must be able to open it
        }
        const int error_number = lock_without_waiting(fd.get());
        if (error_number == EWOULDBLOCK) {
            return std::nullopt;
        }
        if (error_number != 0) {
            throw base::system_error("lock " + shown, error_number);
        }
        // A holder removes the file on release, and a lock on a removed file excludes nobody.
        if (!directory.leads_to(name, fd.get())) {
            continue;
        }
        if (is_new) {
            write_process_id(fd.get());
            return FileLock{directory, std::move(name), std::move(fd)};
        }
        // A killed run left it, and nobody holds it. A file that was not created here is never
        // changed: the name may lead to any file by now. So a new one replaces it.
        directory.remove(name);
    }
}

LockHolder FileLock::find_holder(const Directory& directory, const std::string& name) {
    LockHolder holder;
    const auto owner = directory.find_owner(name);
    if (owner && !directory.trusts(*owner)) {
        holder.stranger = owner;
        return holder;
    }
    try {
        const OwnedText file = directory.read_owned_file(name, 64);
        long process = 0;
        const char* const end = file.text.data() + file.text.size();
        if (directory.trusts(file.owner) &&
            std::from_chars(file.text.data(), end, process).ec == std::errc{}) {
            holder.process = process;
        }
    } catch (const base::Error&) {
        // Released since: there is no holder to name.
    }
    return holder;
}

FileLock::~FileLock() {
    if (fd_) {
        ::unlinkat(directory_->fd(), name_.c_str(), 0);
    }
}

} // namespace dbbackup::sys
