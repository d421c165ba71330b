#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/child_process.hpp>
#include <dbbackup/sys/names_in.hpp>
#include <dbbackup/sys/private_directory.hpp>
#include <dbbackup/sys/signals.hpp>

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

/// The lock on the directory at `path`; nothing if another process holds it, or if the directory is
/// gone once the lock is acquired: then it was taken for abandoned and removed.
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

constexpr mode_t k_closed = 0700;
constexpr mode_t k_open_to_guest = 0710;

/// The fstat(2) result for a directory that could have been created here; nothing for any other.
std::optional<struct stat> find_status(const Fd& directory) noexcept {
    struct stat status {};

    const bool is_known = ::fstat(directory.get(), &status) == 0 && status.st_uid == ::geteuid();
    const mode_t mode = status.st_mode & 07777;
    return is_known && (mode == k_closed || mode == k_open_to_guest) ? std::optional{status}
                                                                     : std::nullopt;
}

/// A user who may rename entries of `parent` could replace our directory.
void require_safe(const fs::path& parent) {
    struct stat status {};

    if (::stat(parent.c_str(), &status) != 0) {
        return; // creating something in it fails and reports why
    }
    const bool is_trusted = status.st_uid == 0 || status.st_uid == ::geteuid();
    const bool is_shared = (status.st_mode & (S_IWGRP | S_IWOTH)) != 0;
    if (!is_trusted || (is_shared && (status.st_mode & S_ISVTX) == 0)) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("{} is not a safe place for a private directory: {}",
                                      base::printable(parent.native()),
                                      is_trusted ? "other users may rename what is in it"
                                                 : "it belongs to another user"),
                          "Set TMPDIR to a directory of your own, or to one like /var/tmp, which "
                          "has the sticky bit."};
    }
}

/// Whether mkdtemp(3) could have chosen the name.
bool is_made_from(const std::string& prefix, const std::string& name) {
    constexpr std::size_t k_random_part = 6;
    const auto is_random = [](unsigned char c) { return std::isalnum(c) != 0; };
    return name.starts_with(prefix + "-") && name.size() == prefix.size() + 1 + k_random_part &&
           std::all_of(name.end() - k_random_part, name.end(), is_random);
}

/// rm(1) needs few descriptors, however deeply the directories are nested.
void remove_deep(const fs::path& path) noexcept {
    constexpr std::chrono::minutes k_patience_of_rm{5};
    const CleanupScope although_interrupted;
    try {
        (void)run_and_capture({.program = "/bin/rm",
                               .arguments = {"-rf", "--", path.string()},
                               .environment = {"PATH=/usr/bin:/bin", "LC_ALL=C"}},
                              k_patience_of_rm);
    } catch (const base::Error&) {
        // It is left for the next sweep.
    }
}

} // namespace

PrivateDirectory::PrivateDirectory(const fs::path& parent, const std::string& prefix,
                                   const std::optional<User>& guest) {
    const auto fail = [&parent] {
        throw base::system_error("make a private directory in " + base::printable(parent.native()),
                                 errno, "Set TMPDIR to another place.");
    };
    require_safe(parent);
    // Retry if a sweep took the new directory for an abandoned one before it was locked.
    for (int attempt = 0; !lock_ && attempt < k_most_attempts; ++attempt) {
        std::string name = (parent / (prefix + "-XXXXXX")).string();
        if (::mkdtemp(name.data()) == nullptr) {
            fail();
        }
        path_ = name;
        lock_ = try_lock(path_);
    }
    const bool is_ready = lock_ &&
                          (!guest || ::fchown(lock_.get(), ::geteuid(), guest->gid) == 0) &&
                          ::fchmod(lock_.get(), guest ? k_open_to_guest : k_closed) == 0;
    if (!is_ready) {
        fail();
    }
}

void PrivateDirectory::make_directory(const std::string& name,
                                      const std::optional<User>& owner) const {
    // Only we may write here, so the name leads to what was just created.
    Fd made;
    if (::mkdirat(lock_.get(), name.c_str(), k_closed) == 0) {
        made = Fd{
            ::openat(lock_.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
    }
    if (!made || ::fchmod(made.get(), k_closed) != 0 ||
        (owner && ::fchown(made.get(), owner->uid, owner->gid) != 0)) {
        throw base::system_error("make the directory " + base::printable((path_ / name).native()),
                                 errno);
    }
}

std::optional<gid_t> PrivateDirectory::guest_group() const noexcept {
    const auto status = find_status(lock_);
    return status && (status->st_mode & 07777) == k_open_to_guest ? std::optional{status->st_gid}
                                                                  : std::nullopt;
}

PrivateDirectory::PrivateDirectory(PrivateDirectory&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::move(other.lock_)) {
}

PrivateDirectory::~PrivateDirectory() {
    if (!lock_) {
        return;
    }
    // Retry if an ending process still wrote into it.
    for (int attempt = 0; attempt < k_most_attempts; ++attempt) {
        std::error_code failure;
        fs::remove_all(path_, failure);
        if (!failure) {
            return;
        }
        std::this_thread::sleep_for(k_pause);
    }
    remove_deep(path_);
}

std::vector<PrivateDirectory> PrivateDirectory::adopt_abandoned(const fs::path& parent,
                                                                const std::string& prefix) {
    std::vector<PrivateDirectory> abandoned;
    for (const std::string& name : names_in(parent)) {
        if (!is_made_from(prefix, name)) {
            continue;
        }
        Fd lock = try_lock(parent / name);
        if (lock && find_status(lock)) {
            abandoned.push_back({parent / name, std::move(lock)});
        }
    }
    return abandoned;
}

} // namespace dbbackup::sys
