#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/atomic_file.hpp>
#include <dbbackup/sys/user.hpp>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fmt/format.h>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

namespace dbbackup::sys {

namespace {

/// Renames within `directory_fd`, never replacing; returns an errno value or 0.
int rename_without_replacing(int directory_fd, const char* from, const char* to) {
#ifdef RENAME_NOREPLACE
    if (::renameat2(directory_fd, from, directory_fd, to, RENAME_NOREPLACE) == 0) {
        return 0;
    }
    if (errno != EINVAL && errno != ENOSYS) {
        return errno;
    }
#endif
    // If the file system has no such rename: a hard link never replaces a file either.
    if (::linkat(directory_fd, from, directory_fd, to, 0) != 0) {
        return errno;
    }
    ::unlinkat(directory_fd, from, 0);
    return 0;
}

std::string hint_for(int error_number) {
    switch (error_number) {
    case EACCES:
    case EROFS:
        return "Make the directory writable for this user, or choose another with --dir.";
    case EEXIST:
        return "Nothing was changed. Move the file of that name away.";
    default:
        return {};
    }
}

} // namespace

AtomicFile::AtomicFile(const Directory& directory, std::string name)
    : AtomicFile(directory, name, partial_name_of(name)) {
}

AtomicFile::AtomicFile(const Directory& directory, std::string name, std::string partial_name)
    : directory_(directory), name_(std::move(name)), partial_name_(std::move(partial_name)),
      fd_(::openat(directory.fd(), partial_name_.c_str(),
                   O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)) {
    if (!fd_) {
        const int error_number = errno;
        const auto owner = directory.find_owner(partial_name_);
        const bool is_strangers = error_number == EEXIST && owner && !directory.trusts(*owner);
        throw base::system_error(
            "make the file " + base::printable(partial_path()), error_number,
            hint_for(error_number) +
                (is_strangers ? fmt::format(" It belongs to {}.", describe_user(*owner)) : ""));
    }
    ::fchmod(fd_.get(), 0600);
}

AtomicFile::~AtomicFile() {
    // If another file has its name by now, it is not ours to remove.
    if ((stage_ == Stage::partial || stage_ == Stage::synced) && is_in_place()) {
        ::unlinkat(directory_.fd(), partial_name_.c_str(), 0);
    }
}

bool AtomicFile::is_in_place() const noexcept {
    try {
        return directory_.leads_to(partial_name_, fd_.get());
    } catch (const base::Error&) {
        return false; // unknown: it is left to the next run
    }
}

void AtomicFile::sync() {
    if (::fsync(fd_.get()) != 0) {
        throw base::system_error("sync " + base::printable(partial_path()), errno);
    }
    stage_ = Stage::synced;
}

void AtomicFile::take_rights_of(int fd) {
    struct stat theirs {};

    struct stat ours {};

    if (::fstat(fd, &theirs) != 0 || ::fstat(fd_.get(), &ours) != 0) {
        throw base::system_error("look at " + base::printable(partial_path()), errno);
    }
    const bool is_given = (theirs.st_uid == ours.st_uid && theirs.st_gid == ours.st_gid) ||
                          ::fchown(fd_.get(), theirs.st_uid, theirs.st_gid) == 0;
    // If the group has no rights, an owner who is not a member of it need not fail.
    if (!is_given && (theirs.st_uid != ours.st_uid || (theirs.st_mode & S_IRWXG) != 0)) {
        throw base::system_error("keep the owner and group of " +
                                     base::printable(directory_.path_of(name_)),
                                 errno, "Run this as the file's owner or as root.");
    }
    if (::fchmod(fd_.get(), theirs.st_mode & 0777U) != 0) {
        throw base::system_error(
            "keep the permissions of " + base::printable(directory_.path_of(name_)), errno);
    }
}

void AtomicFile::require_synced() const {
    if (stage_ != Stage::synced) {
        throw std::logic_error("AtomicFile is given its name without sync");
    }
}

base::Error AtomicFile::cannot_name(int error_number) const {
    return base::system_error(
        "give the file its name " + base::printable(directory_.path_of(name_)), error_number);
}

void AtomicFile::require_in_place() const {
    if (directory_.contains(partial_name_) && !directory_.leads_to(partial_name_, fd_.get())) {
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format("'{}' was replaced while it was written", base::printable(partial_path())),
            "Find out who writes to that directory."};
    }
}

void AtomicFile::commit() {
    require_synced();
    require_in_place();
    const int error_number =
        rename_without_replacing(directory_.fd(), partial_name_.c_str(), name_.c_str());
    if (error_number != 0) {
        throw cannot_name(error_number);
    }
    stage_ = Stage::committed;
}

void AtomicFile::replace() {
    require_synced();
    require_in_place();
    if (::renameat(directory_.fd(), partial_name_.c_str(), directory_.fd(), name_.c_str()) != 0) {
        throw cannot_name(errno);
    }
    stage_ = Stage::gone; // nothing is left to undo
}

void AtomicFile::withdraw() noexcept {
    if (stage_ == Stage::committed) {
        ::unlinkat(directory_.fd(), name_.c_str(), 0);
        stage_ = Stage::gone;
    }
}

void AtomicFile::remove_leftover(const Directory& directory, const std::string& partial_name,
                                 int fd) noexcept {
    struct stat leftover {};

    struct stat owned {};

    if (::fstatat(directory.fd(), partial_name.c_str(), &leftover, AT_SYMLINK_NOFOLLOW) == 0 &&
        ::fstat(fd, &owned) == 0 && S_ISREG(leftover.st_mode) &&
        (leftover.st_uid == ::geteuid() || leftover.st_uid == owned.st_uid)) {
        ::unlinkat(directory.fd(), partial_name.c_str(), 0);
    }
}

} // namespace dbbackup::sys
