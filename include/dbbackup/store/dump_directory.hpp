#pragma once

#include <dbbackup/base/clock.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/store/dump_name.hpp>
#include <dbbackup/store/manifest.hpp>
#include <dbbackup/sys/directory.hpp>
#include <dbbackup/sys/file_lock.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::store {

/// One dump as it lies in the directory.
struct DumpEntry {
    std::string name;
    std::uint64_t size = 0;
    std::optional<Manifest> manifest;
    /// Set where there is a manifest that was not read: {damaged} for one that is none, {failed}
    /// for one of a later version, or that this user may not read. `problem` says more.
    std::optional<base::ErrorKind> unread_manifest;
    /// The system could not read the manifest, which may well be good: a disk that fails, say.
    bool is_unanswered = false;
    /// Why this dump is not simply good, as far as a glance shows ("it has no manifest", also what
    /// a verification found), or empty.
    std::string problem;
    /// Whose the file or its manifest is ("user 'mallory' (uid 1001)", safe to show), if that is
    /// neither this user, nor root, nor the directory's owner. Anybody who may add files to the
    /// directory can have put such a dump there, and forged all that it says: it counts for
    /// nothing. `problem` tells it too.
    std::string foreign_owner;
    bool has_other_names = false; ///< hard links to the file

    [[nodiscard]] bool is_foreign() const noexcept { return !foreign_owner.empty(); }
    /// A hard link to a dump under a name that is not its own, or may not be. Anybody may make such
    /// links where the system lets them: it counts for nothing, lest the dump count twice.
    [[nodiscard]] bool is_second_name() const noexcept {
        return has_other_names && (!manifest || manifest->file.name != name);
    }

    /// Of the manifest or, without one, of the name.
    [[nodiscard]] std::optional<std::string> database() const;
    [[nodiscard]] std::optional<std::string> label() const;
    /// Its manifest says that it holds a part of its database (scope_of).
    [[nodiscard]] bool is_part() const;
    [[nodiscard]] std::optional<base::UtcTime> started_at() const;
    [[nodiscard]] bool is_of_the_future(base::UtcTime now) const;
    /// `problem`, and that it is dated in the future, if it is.
    [[nodiscard]] std::string problem_at(base::UtcTime now) const;
};

/// The directory where dumps live.
class DumpDirectory {
public:
    /// Throws base::Error if the directory is not there.
    [[nodiscard]] static DumpDirectory open(const std::filesystem::path& path);
    [[nodiscard]] static DumpDirectory open_or_create(const std::filesystem::path& path);

    [[nodiscard]] const sys::Directory& files() const noexcept { return files_; }

    /// Holds `.DATABASE.lock` for as long as the result lives. Throws base::Error{locked} if
    /// another run holds it.
    [[nodiscard]] sys::FileLock lock(const std::string& database) const;
    /// Whether a run may hold that lock: its file is there, which a killed run leaves as well.
    [[nodiscard]] bool may_be_locked(const std::string& database) const;

    /// All dumps with what their manifests say, newest first. Manifests that can't be read are told
    /// in DumpEntry::problem.
    [[nodiscard]] std::vector<DumpEntry> list() const;

    /// Names of dumps that are not there as regular files, though their manifests are; sorted. Not
    /// those whose removal was begun. Files of strangers (sys::Directory::trusts) are neither dumps
    /// nor manifests here, nor do they show that a removal was begun.
    [[nodiscard]] std::vector<std::string> lost() const;
    [[nodiscard]] bool is_lost(const std::string& name) const;

    /// Names that end as a dump's does, but are of no regular file: links, directories and the
    /// like; sorted.
    [[nodiscard]] std::vector<std::string> irregular() const;

    /// What the manifest of the dump `name` says, whether or not there is the dump; nothing if
    /// there is none that can be read.
    [[nodiscard]] std::optional<Manifest> find_manifest(const std::string& name) const;

    /// The one dump of that file name with its manifest; nothing if there is no such file.
    [[nodiscard]] std::optional<DumpEntry> find(const std::string& name) const;

    /// Names that dbbackup gave to dumps of `database`, newest first, by the time in the name. Not
    /// those of strangers' files.
    [[nodiscard]] std::vector<DumpName> names_of(const std::string& database) const;

private:
    explicit DumpDirectory(sys::Directory files) : files_(std::move(files)) {}

    sys::Directory files_;
};

} // namespace dbbackup::store
