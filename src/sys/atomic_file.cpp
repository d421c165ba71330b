#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/atomic_file.hpp>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
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
    // Where the file system has no such rename: a hard link never replaces either.
    if (::linkat(directory_fd, from, directory_fd, to, 0) != 0) {
        return errno;
    }
    ::unlinkat(directory_fd, from, 0);
    return 0;
}

} // namespace

AtomicFile::AtomicFile(const Directory& directory, std::string name)
    : directory_(directory), name_(std::move(name)), partial_name_(partial_name_of(name_)),
      fd_(::openat(directory.fd(), partial_name_.c_str(),
                   O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)) {
    if (!fd_) {
        const int error_number = errno;
        throw base::system_error(
            "make the file " + base::printable(partial_path()), error_number,
            error_number == EACCES || error_number == EROFS
                ? "Make the directory writable for this user, or choose another with --dir."
                : "");
    }
    ::fchmod(fd_.get(), 0600);
}

AtomicFile::~AtomicFile() {
    if (stage_ == Stage::partial || stage_ == Stage::synced) {
        ::unlinkat(directory_.fd(), partial_name_.c_str(), 0);
    }
}

void AtomicFile::sync() {
    if (::fsync(fd_.get()) != 0) {
        throw base::system_error("sync " + base::printable(partial_path()), errno);
    }
    stage_ = Stage::synced;
}

void AtomicFile::commit() {
    if (stage_ != Stage::synced) {
        throw std::logic_error("AtomicFile::commit without sync");
    }
    const int error_number =
        rename_without_replacing(directory_.fd(), partial_name_.c_str(), name_.c_str());
    if (error_number != 0) {
        throw base::system_error(
            "give the file its name " + base::printable(directory_.path_of(name_)), error_number);
    }
    stage_ = Stage::committed;
}

void AtomicFile::withdraw() noexcept {
    if (stage_ == Stage::committed) {
        ::unlinkat(directory_.fd(), name_.c_str(), 0);
        stage_ = Stage::gone;
    }
}

} // namespace dbbackup::sys
