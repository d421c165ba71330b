#include <dbbackup/base/bytes.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/identity.hpp>
#include <dbbackup/ops/secret_key.hpp>

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#ifdef __linux__
#include <sys/mman.h>
#endif
#include <utility>

namespace dbbackup::ops {

namespace {

constexpr std::size_t k_most_bytes = std::size_t{1} << 20;
constexpr const char* k_want =
    "Name the file with the secret key (as age-keygen makes it, or an OpenSSH key) with --identity "
    "or in DBBACKUP_IDENTITY_FILE.";

base::Error cannot_read(const std::filesystem::path& path, int error_number) {
    if (is_secret_key(path.native())) {
        return {base::ErrorKind::usage, "a secret key was given instead of the name of its file",
                k_want};
    }
    const base::Error error = base::system_error(
        fmt::format("open the identity file '{}'", base::printable(path.native())), error_number);
    return {base::ErrorKind::usage, error.what(), k_want};
}

/// A file that exists only in memory, with the rest of what `file` gives.
sys::Fd copy_to_memory(const sys::Fd& file, const std::filesystem::path& path) {
#ifdef __linux__
    sys::Fd copy{::memfd_create("dbbackup-identity", MFD_CLOEXEC)};
    if (!copy) {
        throw cannot_read(path, errno);
    }
    const std::string name = base::printable(path.native());
    sys::write_all(copy.get(), base::as_bytes(sys::read_all(file.get(), k_most_bytes, name)), name);
    return copy;
#else
    (void)file;
    throw cannot_read(path, EINVAL);
#endif
}

} // namespace

int IdentityFile::fd() const {
    if (!fd_) {
        sys::Fd file{::open(path_.c_str(), O_RDONLY | O_CLOEXEC)};
        struct stat status {};

        if (!file || ::fstat(file.get(), &status) != 0) {
            throw cannot_read(path_, errno);
        }
        if (S_ISDIR(status.st_mode)) {
            throw cannot_read(path_, EISDIR);
        }
        fd_ = S_ISREG(status.st_mode) ? std::move(file) : copy_to_memory(file, path_);
    }
    return fd_.get();
}

} // namespace dbbackup::ops
