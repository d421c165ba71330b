#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/private_directory.hpp>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace dbbackup::sys {

namespace {

namespace fs = std::filesystem;

constexpr int k_most_attempts = 10;
constexpr std::chrono::milliseconds k_pause{20};

/// The lock on the directory at `path`; nothing where another holds it, or where it is no longer
/// there once the lock is taken: then somebody took it for abandoned and removed it.
Fd try_lock(const fs::path& path) {
    Fd fd{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
    if (!fd || ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
        return {};
    }

    struct stat locked {};

    struct stat named {};

    const bool same = ::fstat(fd.get(), &locked) == 0 && ::lstat(path.c_str(), &named) == 0 &&
                      locked.st_dev == named.st_dev && locked.st_ino == named.st_ino;
    return same ? std::move(fd) : Fd{};
}

bool belongs_to(const Fd& directory, const std::optional<User>& owner) {
    struct stat status {};

    return ::fstat(directory.get(), &status) == 0 && (status.st_mode & 07777) == 0700 &&
           (status.st_uid == ::geteuid() || (owner && status.st_uid == owner->uid));
}

/// Whether mkdtemp(3) could have made the name.
bool is_made_from(const std::string& prefix, const std::string& name) {
    constexpr std::size_t k_random_part = 6;
    const auto is_random = [](unsigned char c) { return std::isalnum(c) != 0; };
    return name.starts_with(prefix + "-") && name.size() == prefix.size() + 1 + k_random_part &&
           std::all_of(name.end() - k_random_part, name.end(), is_random);
}

} // namespace

PrivateDirectory::PrivateDirectory(const fs::path& parent, const std::string& prefix,
                                   const std::optional<User>& owner) {
    const auto fail = [&parent] {
        throw base::system_error("make a private directory in " + base::printable(parent.native()),
                                 errno, "Name another place by the variable TMPDIR.");
    };
    // Again where a sweep took the new directory for an abandoned one before it was locked.
    for (int attempt = 0; !lock_ && attempt < k_most_attempts; ++attempt) {
        std::string name = (parent / (prefix + "-XXXXXX")).string();
        if (::mkdtemp(name.data()) == nullptr) {
            fail();
        }
        path_ = name;
        lock_ = try_lock(path_);
    }
    const bool is_ours = lock_ && ::fchmod(lock_.get(), 0700) == 0 &&
                         (!owner || ::fchown(lock_.get(), owner->uid, owner->gid) == 0);
    if (!is_ours) {
        fail();
    }
}

PrivateDirectory::PrivateDirectory(PrivateDirectory&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::move(other.lock_)) {
}

PrivateDirectory::~PrivateDirectory() {
    if (!lock_) {
        return;
    }
    // Again where a process on its end still wrote into it.
    std::error_code failure;
    for (int attempt = 0; attempt < k_most_attempts; ++attempt) {
        fs::remove_all(path_, failure);
        if (!failure) {
            return;
        }
        std::this_thread::sleep_for(k_pause);
    }
}

std::vector<PrivateDirectory> PrivateDirectory::adopt_abandoned(const fs::path& parent,
                                                                const std::string& prefix,
                                                                const std::optional<User>& owner) {
    std::vector<PrivateDirectory> abandoned;
    std::error_code unreadable;
    for (const fs::directory_entry& entry : fs::directory_iterator{parent, unreadable}) {
        if (!is_made_from(prefix, entry.path().filename())) {
            continue;
        }
        Fd lock = try_lock(entry.path());
        if (lock && belongs_to(lock, owner)) {
            abandoned.push_back({entry.path(), std::move(lock)});
        }
    }
    return abandoned;
}

} // namespace dbbackup::sys
