#include "sys/open_directory.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/user.hpp>

#include <array>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <fmt/format.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace dbbackup::sys {

namespace {

constexpr int k_to_read = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
/// A parent is only traversed, which needs no right to read it.
constexpr int k_to_pass = O_PATH | O_DIRECTORY | O_CLOEXEC;
/// As many as the kernel follows.
constexpr int k_most_links = 40;

std::string quoted(const std::filesystem::path& path) {
    return fmt::format("'{}'", base::printable(path.native()));
}

/// `path` without what would make the kernel follow a link in its last component unasked:
/// "dumps/", "dumps/." and the like are "dumps".
std::filesystem::path without_trailing(const std::filesystem::path& path) {
    std::filesystem::path stripped = path;
    while (stripped.has_relative_path() &&
           (!stripped.has_filename() || stripped.filename() == ".") && stripped.has_parent_path()) {
        stripped = stripped.parent_path();
    }
    return stripped;
}

/// The target of the link that is open as `link`.
std::filesystem::path target_of(int link, const std::filesystem::path& path) {
    std::array<char, PATH_MAX> text{};
    const ssize_t size = ::readlinkat(link, "", text.data(), text.size());
    if (size < 0) {
        throw base::system_error("read the link " + quoted(path), errno);
    }
    const std::filesystem::path target{std::string(text.data(), static_cast<std::size_t>(size))};
    return path.parent_path() / target; // which is `target` if that is absolute
}

void require_own_link(const struct stat& link, const std::filesystem::path& path) {
    if (link.st_uid != ::geteuid() && link.st_uid != 0) {
        throw base::Error{base::ErrorKind::usage,
                          fmt::format("the directory {} is a link that belongs to {}", quoted(path),
                                      describe_user(link.st_uid)),
                          "Whoever can replace the link decides what is written and deleted. Name "
                          "the directory itself, with --dir or as the remote's target."};
    }
}

/// While it lives, mkdir(2) sets exactly the requested mode. Nothing else relies on the umask
/// meanwhile: all files are created 0600.
class OpenUmask {
public:
    OpenUmask() : before_(::umask(0)) {}
    ~OpenUmask() { ::umask(before_); }
    OpenUmask(const OpenUmask&) = delete;
    OpenUmask& operator=(const OpenUmask&) = delete;

private:
    mode_t before_;
};

[[noreturn]] void throw_cannot_make(const std::filesystem::path& path, int error_number) {
    throw base::system_error("make the directory " + quoted(path), error_number,
                             "Name a directory that this user may make with --dir.");
}

/// The directory `name`, created in `parent`; nothing if that name exists. `path` is for messages.
Fd make_in(int parent, const std::string& name, const std::filesystem::path& path) {
    const int made = [&] {
        const OpenUmask umask;
        return ::mkdirat(parent, name.c_str(), 0700);
    }();
    if (made != 0) {
        if (errno == EEXIST) {
            return {};
        }
        throw_cannot_make(path, errno);
    }
    Fd fd{::openat(parent, name.c_str(), k_to_read | O_NOFOLLOW)};
    if (!fd) {
        throw_cannot_make(path, errno);
    }
    ::fchmod(fd.get(), 0700); // whatever bits it has inherited
    // Its name must survive a power failure as the dumps in it do; if the parent may not be read,
    // that is left to the system.
    if (const Fd above{::openat(parent, ".", k_to_read)}) {
        ::fsync(above.get());
    }
    return fd;
}

} // namespace

Fd open_directory(const std::filesystem::path& path) {
    std::filesystem::path place = without_trailing(path);
    for (int followed = 0; followed < k_most_links; ++followed) {
        Fd fd{::open(place.c_str(), k_to_read | O_NOFOLLOW)};
        if (fd || (errno != ENOTDIR && errno != ELOOP)) {
            return fd;
        }
        const Fd link{::open(place.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC)};

        struct stat status {};

        if (!link || ::fstat(link.get(), &status) != 0) {
            return {};
        }
        if (!S_ISLNK(status.st_mode)) {
            errno = ENOTDIR;
            return {};
        }
        require_own_link(status, place);
        place = without_trailing(target_of(link.get(), place));
    }
    errno = ELOOP;
    return {};
}

Fd make_directory(const std::filesystem::path& path) {
    Fd here{::open(path.is_absolute() ? "/" : ".", k_to_pass)};
    std::filesystem::path walked = path.root_path();
    std::vector<std::string> names;
    for (const std::filesystem::path& part : path.relative_path()) {
        if (!part.empty() && part != ".") {
            names.push_back(part.native());
        }
    }
    if (names.empty()) {
        return {};
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
        const bool is_last = i + 1 == names.size();
        walked /= names[i];
        Fd next = is_last ? Fd{} : Fd{::openat(here.get(), names[i].c_str(), k_to_pass)};
        if (!next && !is_last && errno != ENOENT) {
            throw_cannot_make(path, errno);
        }
        if (!next) {
            next = make_in(here.get(), names[i], walked);
        }
        if (!next && !is_last) {
            // Another run may have just created it; a dangling link is still there.
            next = Fd{::openat(here.get(), names[i].c_str(), k_to_pass | O_NOFOLLOW)};
            if (!next) {
                throw_cannot_make(walked, errno);
            }
        }
        here = std::move(next);
    }
    return here;
}

} // namespace dbbackup::sys
