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

/// One dump in the directory.
struct DumpEntry {
    std::string name;
    std::uint64_t size = 0;
    std::optional<Manifest> manifest;
    /// Set if there is a manifest that was not read: {damaged} if it is not a manifest, {failed} if
    /// it is of a later version or this user may not read it. `problem` has the details.
    std::optional<base::ErrorKind> unread_manifest;
    /// The system could not read the manifest, which may be good: a failing disk, for example.
    bool is_unanswered = false;
    /// Why this dump is not good, as far as known without reading it ("it has no manifest", or the
    /// result of a verification), or empty.
    std::string problem;
    /// The owner of the file or its manifest ("user 'mallory' (uid 1001)", safe to show), if that
    /// is neither this user, nor root, nor the directory's owner. Anyone who may add files to the
    /// directory could have put such a dump there and forged its content: it never counts.
    /// `problem` says so too.
    std::string foreign_owner;
    bool has_other_names = false; ///< hard links to the file

    [[nodiscard]] bool is_foreign() const noexcept { return !foreign_owner.empty(); }
    /// A hard link to a dump under a name that is not its own, or may not be. Any user may make
    /// such links if the system allows it: it never counts, or the dump would count twice.
    [[nodiscard]] bool is_second_name() const noexcept {
        return has_other_names && (!manifest || manifest->file.name != name);
    }

    /// From the manifest or, without one, from the name.
    [[nodiscard]] std::optional<std::string> database() const;
    [[nodiscard]] std::optional<std::string> label() const;
    /// According to its manifest, it holds a part of its database (scope_of).
    [[nodiscard]] bool is_part() const;
    [[nodiscard]] std::optional<base::UtcTime> started_at() const;
    [[nodiscard]] bool is_of_the_future(base::UtcTime now) const;
    /// `problem`, and whether it is dated in the future.
    [[nodiscard]] std::string problem_at(base::UtcTime now) const;
};

/// Newest first; those without a time last; by name if times are equal.
[[nodiscard]] bool is_newer(const DumpEntry& a, const DumpEntry& b);

/// A copy at a remote, of `size` bytes, whose manifest has the content `manifest_text`; nothing if
/// the remote did not give it.
[[nodiscard]] DumpEntry make_copy_entry(const std::string& name, std::uint64_t size,
                                        const std::optional<std::string>& manifest_text);

/// The directory where dumps live.
class DumpDirectory {
public:
    /// Throws base::Error if the directory does not exist.
    [[nodiscard]] static DumpDirectory open(const std::filesystem::path& path);
    [[nodiscard]] static DumpDirectory open_or_create(const std::filesystem::path& path);

    [[nodiscard]] const sys::Directory& files() const noexcept { return files_; }

    /// Acquires `.DATABASE.lock` and holds it as long as the result lives. Throws
    /// base::Error{locked} if another run holds it.
    [[nodiscard]] sys::FileLock lock(const std::string& database) const;
    /// Whether a run may hold that lock: its file exists, which a killed run leaves behind too.
    [[nodiscard]] bool may_be_locked(const std::string& database) const;

    /// All dumps with their manifests, newest first. DumpEntry::problem reports unreadable
    /// manifests.
    [[nodiscard]] std::vector<DumpEntry> list() const;

    /// Names of lost dumps: the manifest exists, but no regular file; sorted. Not those whose
    /// removal has begun. Files of untrusted users (sys::Directory::trusts) do not count here as
    /// dumps, as manifests or as signs of a removal.
    [[nodiscard]] std::vector<std::string> lost() const;
    [[nodiscard]] bool is_lost(const std::string& name) const;

    /// Names that end like a dump's but are not regular files: links, directories and the like;
    /// sorted.
    [[nodiscard]] std::vector<std::string> irregular() const;

    /// The manifest of the dump `name`, whether or not the dump exists; nothing if no manifest can
    /// be read.
    [[nodiscard]] std::optional<Manifest> find_manifest(const std::string& name) const;

    /// The dump with that file name and its manifest; nothing if there is no such file.
    [[nodiscard]] std::optional<DumpEntry> find(const std::string& name) const;

    /// Names that dbbackup gave to dumps of `database`, newest first, by the time in the name. Not
    /// those of untrusted users' files.
    [[nodiscard]] std::vector<DumpName> names_of(const std::string& database) const;

private:
    explicit DumpDirectory(sys::Directory files) : files_(std::move(files)) {}

    sys::Directory files_;
};

} // namespace dbbackup::store
