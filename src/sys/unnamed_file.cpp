#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/unnamed_file.hpp>

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace dbbackup::sys {

namespace {

/// For a file system without O_TMPFILE.
Fd make_and_unlink(const std::filesystem::path& directory) {
    std::string name = (directory / "dbbackup-XXXXXX").string();
    Fd file{::mkostemp(name.data(), O_CLOEXEC)};
    if (file.get() >= 0) {
        ::unlink(name.c_str());
    }
    return file;
}

/// `hint` helps if it cannot be made.
Fd make_unnamed_file_in(const std::filesystem::path& directory, const std::string& hint) {
    Fd file{::open(directory.c_str(), O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR)};
    if (file.get() < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
        file = make_and_unlink(directory);
    }
    if (file.get() < 0) {
        throw base::system_error("create a temporary file in '" +
                                     base::printable(directory.string()) + "'",
                                 errno, hint);
    }
    return file;
}

} // namespace

Fd make_unnamed_file() {
    const char* named = ::secure_getenv("TMPDIR");
    return make_unnamed_file_in(named == nullptr || *named == '\0' ? "/tmp" : named,
                                "Set TMPDIR to a directory that you may write to.");
}

Fd make_unnamed_file(const Directory& directory) {
    return make_unnamed_file_in(directory.path(), "Free some space there, or make it writable.");
}

} // namespace dbbackup::sys
