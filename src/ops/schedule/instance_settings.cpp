// The file from which the service of an instance gets its database.

#include <dbbackup/base/command_line.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/schedule.hpp>
#include <dbbackup/sys/directory.hpp>
#include <dbbackup/sys/file_rights.hpp>
#include <dbbackup/sys/user.hpp>

#include <cerrno>
#include <fmt/format.h>
#include <sys/stat.h>

namespace dbbackup::ops {

namespace {

constexpr std::size_t k_most_bytes = 1 << 20;

std::string quoted(const std::filesystem::path& path) {
    return fmt::format("'{}'", base::printable(path.native()));
}

base::Error missing(const std::filesystem::path& file, bool has_directory) {
    const std::string directory = file.parent_path().native();
    const std::string make_directory =
        has_directory
            ? ""
            : base::shell_words({"sudo", "install", "-d", "-m", "0700", directory}) + " && ";
    return {
        base::ErrorKind::usage,
        fmt::format("{} does not exist: the service reads DATABASE_URL from there", quoted(file)),
        fmt::format(
            "Make it: {}{} && sudo ${{EDITOR:-vi}} {}. It needs a line such as "
            "DATABASE_URL=postgres://USER:PASSWORD@HOST/DATABASE. Nothing was "
            "changed.",
            make_directory,
            base::shell_words({"sudo", "install", "-m", "0600", "/dev/null", file.native()}),
            base::shell_words({file.native()}))};
}

base::Error unsafe(const std::filesystem::path& path, const std::string& why,
                   const std::string& command) {
    return {base::ErrorKind::refused, fmt::format("{} is not safe to use: {}", quoted(path), why),
            fmt::format("Look at what is in it, and make it root's alone: {}. Nothing was changed.",
                        command)};
}

/// `forbidden` are the rights that others must not have: `mode` takes them away.
void require_of_root(const std::filesystem::path& path, const struct stat& status, bool may_be_read,
                     const std::string& mode) {
    const std::string command =
        fmt::format("{} && {}", base::shell_words({"sudo", "chown", "root:root", path.native()}),
                    base::shell_words({"sudo", "chmod", mode, path.native()}));
    const sys::RightsOfOthers others = sys::rights_of_others(status);
    if (others.own) {
        throw unsafe(path, "it belongs to " + sys::describe_user(status.st_uid), command);
    }
    if (others.write) {
        throw unsafe(path,
                     fmt::format("others may write to it (mode {:04o})", status.st_mode & 07777U),
                     command);
    }
    if (others.read && !may_be_read) {
        throw unsafe(path,
                     fmt::format("others may read it (mode {:04o}), and it is for passwords",
                                 status.st_mode & 07777U),
                     command);
    }
}

struct stat status_of(int fd, const std::filesystem::path& path) {
    struct stat status {};

    if (::fstat(fd, &status) != 0) {
        throw base::system_error("look at " + quoted(path), errno);
    }
    return status;
}

} // namespace

std::string read_instance_settings(const std::string& instance, const SystemPlaces& places) {
    const std::string name = instance + ".env";
    const std::filesystem::path path = places.settings / name;
    std::error_code ignored;
    if (!std::filesystem::exists(places.settings, ignored)) {
        throw missing(path, false);
    }
    const sys::Directory directory = sys::Directory::open(places.settings);
    require_of_root(places.settings, status_of(directory.fd(), places.settings), true, "go-w");
    if (!directory.contains(name)) {
        throw missing(path, true);
    }
    // Not through a link: nobody sees who can replace what it leads to.
    if (!directory.find_file(name)) {
        throw base::Error{base::ErrorKind::refused,
                          fmt::format("{} is not a regular file", quoted(path)),
                          "Put the file itself there, not a link. Nothing was changed."};
    }
    const sys::Fd file = directory.open_file(name);
    require_of_root(path, status_of(file.get(), path), false, "0600");
    return sys::read_all(file.get(), k_most_bytes, quoted(path));
}

} // namespace dbbackup::ops
