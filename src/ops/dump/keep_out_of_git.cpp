#include "ops/dump/keep_out_of_git.hpp"

#include <dbbackup/base/bytes.hpp>
#include <dbbackup/base/command_line.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/atomic_file.hpp>
#include <dbbackup/sys/fd.hpp>

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <optional>
#include <string_view>

namespace dbbackup::ops {

namespace {

constexpr const char* k_ignore_file = ".gitignore";
constexpr std::string_view k_ignore_all = "# Made by dbbackup: dumps hold the whole database.\n*\n";
/// The default dump directory, usually inside a project.
constexpr const char* k_default_directory = "dumps/";

bool is_in_git_work_tree(const std::filesystem::path& directory) {
    std::error_code error;
    std::filesystem::path place = std::filesystem::canonical(directory, error);
    if (error) {
        return false;
    }
    for (; place.has_relative_path(); place = place.parent_path()) {
        if (std::filesystem::exists(place / ".git", error)) {
            return true;
        }
    }
    return false;
}

/// The directory; nothing if it does not exist.
std::optional<store::DumpDirectory> find_directory(const std::filesystem::path& path) {
    try {
        return store::DumpDirectory::open(path);
    } catch (const base::SystemError& error) {
        if (error.error_number() != ENOENT) {
            throw;
        }
        return std::nullopt;
    }
}

void write_ignore_file(const sys::Directory& files, Listener& listener) {
    const auto warn = [&listener](const base::Error& error) {
        listener.on_warning(fmt::format("cannot tell git to ignore the dumps: {}", error.what()));
    };
    try {
        sys::AtomicFile file{files, k_ignore_file};
        sys::write_all(file.fd(), base::as_bytes(k_ignore_all), file.partial_path());
        file.sync();
        file.commit();
    } catch (const base::SystemError& error) {
        // The first dump of another database may create both at the same time.
        if (error.error_number() != EEXIST) {
            warn(error);
        }
    } catch (const base::Error& error) {
        if (!files.contains(k_ignore_file)) {
            warn(error);
        }
    }
}

bool holds_dump(const sys::Directory& files) {
    return std::ranges::any_of(
        files.entries(), [](const std::string& name) { return store::has_dump_suffix(name); });
}

void tell_how_to_ignore(const sys::Directory& files, Listener& listener) {
    const std::string ignore_file = files.path_of(k_ignore_file);
    listener.on_notice(fmt::format("'{}' is in a git work tree. If git does not ignore it yet: "
                                   "echo '*' > {}",
                                   base::printable(files.path().native()),
                                   base::shell_words({ignore_file})));
}

} // namespace

store::DumpDirectory open_outside_of_git(const std::filesystem::path& path, Listener& listener) {
    if (auto existing = find_directory(path)) {
        const sys::Directory& files = existing->files();
        if (!files.contains(k_ignore_file) && is_in_git_work_tree(path) && !holds_dump(files)) {
            tell_how_to_ignore(files, listener);
        }
        return std::move(*existing);
    }
    auto made = store::DumpDirectory::open_or_create(path);
    if ((path / "").lexically_normal() == k_default_directory || is_in_git_work_tree(path)) {
        write_ignore_file(made.files(), listener);
    }
    return made;
}

} // namespace dbbackup::ops
