#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/atomic_directory.hpp>
#include <dbbackup/sys/atomic_file.hpp>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace dbbackup::sys {

namespace {

Directory make_directory(const Directory& parent, const std::string& name) {
    const std::string path = parent.path_of(name);
    if (::mkdirat(parent.fd(), name.c_str(), 0700) != 0) {
        throw base::system_error("make the directory " + base::printable(path), errno);
    }
    Directory made = Directory::open(parent.path() / name);
    if (::fchmod(made.fd(), 0700) != 0) {
        throw base::system_error("set the permissions of " + base::printable(path), errno);
    }
    return made;
}

/// Returns an errno value or 0.
int rename_without_replacing(int parent, const char* from, const char* to) {
#ifdef RENAME_NOREPLACE
    if (::renameat2(parent, from, parent, to, RENAME_NOREPLACE) == 0) {
        return 0;
    }
    if (errno != EINVAL && errno != ENOSYS) {
        return errno;
    }
#endif
    // An ordinary rename of a directory replaces at most an empty one.
    return ::renameat(parent, from, parent, to) == 0 ? 0 : errno;
}

} // namespace

AtomicDirectory::AtomicDirectory(const Directory& parent, std::string name)
    : parent_(parent), name_(std::move(name)), partial_name_(AtomicFile::partial_name_of(name_)),
      directory_(make_directory(parent, partial_name_)) {
}

AtomicDirectory::~AtomicDirectory() {
    if (is_committed_) {
        return;
    }
    for (const std::string& file : files_) {
        ::unlinkat(directory_.fd(), file.c_str(), 0);
    }
    // Only an empty directory is removed, so nothing of others can be.
    ::unlinkat(parent_.fd(), partial_name_.c_str(), AT_REMOVEDIR);
}

Fd AtomicDirectory::make_file(const std::string& file) {
    Fd fd{::openat(directory_.fd(), file.c_str(),
                   O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (!fd) {
        throw base::system_error("make the file " + base::printable(path_of(file)), errno);
    }
    files_.push_back(file);
    ::fchmod(fd.get(), 0600);
    return fd;
}

void AtomicDirectory::commit() {
    directory_.sync();
    directory_.require_in_place();
    const int error_number =
        rename_without_replacing(parent_.fd(), partial_name_.c_str(), name_.c_str());
    if (error_number != 0) {
        throw base::system_error(
            "give the directory its name " + base::printable(parent_.path_of(name_)), error_number);
    }
    is_committed_ = true;
    try {
        parent_.sync();
    } catch (...) {
        is_committed_ =
            ::renameat(parent_.fd(), name_.c_str(), parent_.fd(), partial_name_.c_str()) != 0;
        throw;
    }
}

} // namespace dbbackup::sys
