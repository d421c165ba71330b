#include "ops/schedule/drop_in.hpp"

#include "ops/schedule/calendar.hpp"
#include "ops/schedule/timer_units.hpp"

#include <dbbackup/base/bytes.hpp>
#include <dbbackup/base/command_line.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/atomic_file.hpp>
#include <dbbackup/sys/directory.hpp>

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dbbackup::ops {

namespace {

constexpr std::string_view k_mark = "# Written by: dbbackup schedule";
constexpr std::size_t k_most_bytes = 1 << 16;
// systemd and `systemctl cat` show them to everybody, and nothing in them is secret.
constexpr mode_t k_directory_mode = 0755;
constexpr mode_t k_file_mode = 0644;

std::string quoted(const std::filesystem::path& path) {
    return fmt::format("'{}'", base::printable(path.native()));
}

base::Error in_the_way(const std::filesystem::path& path, const std::string& what) {
    return {base::ErrorKind::refused, fmt::format("{} is in the way: it is {}", quoted(path), what),
            fmt::format("Nothing was changed. Find out what put it there, and move it away: {}",
                        base::shell_words({"mv", path.native(), "/root/"}))};
}

/// The directory of drop-ins, if it is there.
std::optional<sys::Directory> find_directory(const std::filesystem::path& path) {
    struct stat status {};

    if (::lstat(path.c_str(), &status) != 0) {
        if (errno == ENOENT) {
            return std::nullopt;
        }
        throw base::system_error("look at " + quoted(path), errno);
    }
    if (!S_ISDIR(status.st_mode)) {
        throw in_the_way(path, S_ISLNK(status.st_mode) ? "a link" : "not a directory");
    }
    return sys::Directory::open(path);
}

std::string read_own(const sys::Directory& directory) {
    const std::filesystem::path path = directory.path() / k_drop_in;
    if (!directory.find_file(k_drop_in)) {
        throw in_the_way(path, "not a regular file");
    }
    std::string text = directory.read_file(k_drop_in, k_most_bytes);
    if (!text.starts_with(k_mark)) {
        throw in_the_way(path, "not a file that dbbackup wrote");
    }
    return text;
}

std::string text_for(const TimerId& timer, const TimerTime& time) {
    return fmt::format("{0} on {1}\n"
                       "# Runs {2}. To remove it: dbbackup schedule off {1}\n"
                       "# The next `schedule on` replaces this file. For changes of your own:\n"
                       "# systemctl edit {3}\n"
                       "[Timer]\n"
                       "OnCalendar=\n"
                       "OnCalendar={4}\n",
                       k_mark, timer.instance, describe(time), timer.timer_unit(),
                       to_calendar(time));
}

} // namespace

DropIn::DropIn(const TimerId& timer, const SystemPlaces& places)
    : timer_(timer), units_(places.units), directory_name_(drop_in_directory(timer)) {
    const auto directory = find_directory(units_ / directory_name_);
    if (directory && directory->contains(k_drop_in)) {
        before_.emplace(read_own(*directory));
    }
}

void DropIn::write(const TimerTime& time) const {
    write_text(text_for(timer_, time));
}

void DropIn::write_text(const std::string& text) const {
    const sys::Directory units = sys::Directory::open(units_);
    const std::filesystem::path path = units_ / directory_name_;
    // The mode is set apart because of the umask.
    const bool is_new = ::mkdirat(units.fd(), directory_name_.c_str(), k_directory_mode) == 0;
    if ((!is_new && errno != EEXIST) ||
        (is_new && ::fchmodat(units.fd(), directory_name_.c_str(), k_directory_mode, 0) != 0)) {
        throw base::system_error("make the directory " + quoted(path), errno);
    }
    const auto directory = find_directory(path);
    if (!directory) {
        throw base::Error{base::ErrorKind::failed, quoted(path) + " was removed meanwhile"};
    }
    sys::AtomicFile::remove_leftover(*directory, sys::AtomicFile::partial_name_of(k_drop_in),
                                     directory->fd());
    sys::AtomicFile file{*directory, k_drop_in};
    sys::write_all(file.fd(), base::as_bytes(text), quoted(directory->path() / k_drop_in), "");
    if (::fchmod(file.fd(), k_file_mode) != 0) {
        throw base::system_error("set the mode of " + base::printable(file.partial_path()), errno);
    }
    file.sync();
    file.replace();
    directory->sync();
    units.sync();
}

void DropIn::remove() const {
    const auto directory = find_directory(units_ / directory_name_);
    if (!directory) {
        return;
    }
    directory->remove(k_drop_in);
    sys::AtomicFile::remove_leftover(*directory, sys::AtomicFile::partial_name_of(k_drop_in),
                                     directory->fd());
    const sys::Directory units = sys::Directory::open(units_);
    // Files of the user's own stay, and so does their directory.
    ::unlinkat(units.fd(), directory_name_.c_str(), AT_REMOVEDIR);
    units.sync();
}

void DropIn::restore() const {
    if (before_) {
        write_text(*before_);
    } else {
        remove();
    }
}

} // namespace dbbackup::ops
