#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/dump_directory.hpp>
#include <dbbackup/store/dump_series.hpp>
#include <dbbackup/store/remove_dump.hpp>
#include <dbbackup/store/server_file.hpp>
#include <dbbackup/sys/user.hpp>

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <unordered_set>

namespace dbbackup::store {

namespace {

void add_problem(DumpEntry& entry, const std::string& problem) {
    entry.problem += (entry.problem.empty() ? "" : "; ") + problem;
}

/// Reported first: an untrusted user may have forged everything else.
void tell_owner(DumpEntry& entry, const std::string& what, uid_t owner) {
    if (!entry.is_foreign()) {
        entry.foreign_owner = sys::describe_user(owner);
        entry.problem = fmt::format("{} {}", what, entry.foreign_owner);
    }
}

/// Adds what the manifest says against the dump.
void compare_with_manifest(DumpEntry& entry) {
    if (entry.manifest->file.size != entry.size) {
        add_problem(entry, fmt::format("its size is {} bytes, its manifest says {}", entry.size,
                                       entry.manifest->file.size));
    } else if (const auto damage = entry.manifest->found_damaged()) {
        add_problem(entry, fmt::format("found damaged at {}: {}", base::format_utc(damage->at),
                                       damage->result));
    }
}

void read_manifest_of(DumpEntry& entry, const sys::Directory& files) {
    const std::string manifest_name = manifest_name_of(entry.name);
    std::optional<uid_t> owner = files.find_owner(manifest_name);
    std::string problem;
    try {
        const sys::OwnedText record = files.read_owned_file(manifest_name, k_most_manifest_bytes);
        owner = record.owner; // of the very file that is read
        entry.manifest = parse_manifest(record.text, manifest_name);
        if (is_of_globals(*entry.manifest) != entry.name.starts_with(k_server_mark)) {
            entry.manifest.reset();
            throw base::Error{base::ErrorKind::damaged,
                              fmt::format("the manifest '{}' is of another kind of dump",
                                          base::printable(manifest_name))};
        }
    } catch (const base::SystemError& error) {
        if (error.is_shortage()) {
            throw; // says nothing about this manifest, and would hide the others too
        }
        entry.unread_manifest = error.kind();
        // A link, or a file that we may not read, is an answer.
        entry.is_unanswered = error.error_number() != EACCES && error.error_number() != ELOOP &&
                              error.error_number() != ENOENT;
        problem = error.what();
    } catch (const base::Error& error) {
        entry.unread_manifest = error.kind();
        problem = error.what();
    }
    if (owner && !files.trusts(*owner)) {
        tell_owner(entry, "its manifest belongs to", *owner);
    }
    if (entry.unread_manifest) {
        add_problem(entry, problem);
    } else {
        compare_with_manifest(entry);
    }
}

DumpEntry read_entry(const sys::Directory& files, const std::string& name,
                     const sys::FileFacts& file, bool has_manifest) {
    DumpEntry entry{.name = name,
                    .size = file.size,
                    .manifest = {},
                    .unread_manifest = {},
                    .is_unanswered = false,
                    .problem = {},
                    .foreign_owner = {},
                    .has_other_names = file.has_other_names};
    if (!files.trusts(file.owner)) {
        tell_owner(entry, "it belongs to", file.owner);
    }
    if (has_manifest) {
        read_manifest_of(entry, files);
    } else {
        add_problem(entry, "it has no manifest");
    }
    return entry;
}

std::string lock_name_of(const std::string& database) {
    return database == k_no_database ? ".@server.lock"
                                     : "." + encode_database_name(database) + ".lock";
}

} // namespace

bool is_newer(const DumpEntry& a, const DumpEntry& b) {
    const auto time_a = a.started_at();
    const auto time_b = b.started_at();
    return time_a != time_b ? time_a > time_b : a.name > b.name;
}

DumpEntry make_copy_entry(const std::string& name, std::uint64_t size,
                          const std::optional<std::string>& manifest_text) {
    DumpEntry entry{.name = name,
                    .size = size,
                    .manifest = {},
                    .unread_manifest = {},
                    .is_unanswered = !manifest_text,
                    .problem = {},
                    .foreign_owner = {}};
    if (!manifest_text) {
        entry.unread_manifest = base::ErrorKind::failed;
        add_problem(entry, "its manifest could not be read there");
        return entry;
    }
    try {
        entry.manifest = parse_manifest(*manifest_text, manifest_name_of(name));
    } catch (const base::Error& error) {
        entry.unread_manifest = error.kind();
        add_problem(entry, error.what());
        return entry;
    }
    if (entry.manifest->file.name != name) {
        add_problem(entry, fmt::format("its manifest is of '{}'",
                                       base::printable(entry.manifest->file.name)));
    }
    compare_with_manifest(entry);
    return entry;
}

std::optional<std::string> DumpEntry::database() const {
    if (manifest) {
        return manifest->database.name;
    }
    const auto parsed = parse_dump_name(name);
    return parsed ? std::optional{parsed->database} : std::nullopt;
}

std::optional<std::string> DumpEntry::label() const {
    return manifest ? manifest->dump.label : std::nullopt;
}

bool DumpEntry::is_part() const {
    return manifest && scope_of(manifest->dump) == Scope::part;
}

std::optional<base::UtcTime> DumpEntry::started_at() const {
    if (manifest) {
        return manifest->dump.started_at;
    }
    const auto parsed = parse_dump_name(name);
    return parsed ? std::optional{parsed->time} : std::nullopt;
}

bool DumpEntry::is_of_the_future(base::UtcTime now) const {
    return started_at() > std::optional{now};
}

std::string DumpEntry::problem_at(base::UtcTime now) const {
    constexpr const char* k_future = "it is dated in the future";
    return !is_of_the_future(now) ? problem
           : problem.empty()      ? k_future
                                  : problem + "; " + k_future;
}

DumpDirectory DumpDirectory::open(const std::filesystem::path& path) {
    return DumpDirectory{sys::Directory::open(path)};
}

DumpDirectory DumpDirectory::open_or_create(const std::filesystem::path& path) {
    return DumpDirectory{sys::Directory::open_or_create(path)};
}

sys::FileLock DumpDirectory::lock(const std::string& database) const {
    const std::string name = lock_name_of(database);
    if (auto lock = sys::FileLock::try_acquire(files_, name)) {
        return std::move(*lock);
    }
    const sys::LockHolder holder = sys::FileLock::find_holder(files_, name);
    std::string message = database == k_no_database
                              ? "another run holds the lock for the sets"
                              : fmt::format("another run holds the lock for database '{}'",
                                            base::printable(database));
    if (holder.stranger) {
        throw base::Error{
            base::ErrorKind::locked,
            fmt::format("{}: its file '{}' belongs to {}", message,
                        base::printable(files_.path_of(name)),
                        sys::describe_user(*holder.stranger)),
            "Ask that user, or wait for the run to end and try again. If no run of theirs is under "
            "way, remove that file. Better: give each user their own dump directory."};
    }
    throw base::Error{base::ErrorKind::locked,
                      message +
                          (holder.process ? fmt::format(" (process {})", *holder.process) : ""),
                      "Wait for it to end and try again."};
}

bool DumpDirectory::may_be_locked(const std::string& database) const {
    return files_.contains(lock_name_of(database));
}

std::vector<DumpEntry> DumpDirectory::list() const {
    const std::vector<std::string> names = files_.entries();
    const std::unordered_set<std::string> present{names.begin(), names.end()};
    std::vector<DumpEntry> dumps;
    for (const std::string& name : names) {
        const auto file = has_dump_suffix(name) ? files_.find_file(name) : std::nullopt;
        if (file) {
            const bool has_manifest = present.contains(manifest_name_of(name));
            dumps.push_back(read_entry(files_, name, *file, has_manifest));
        }
    }
    std::ranges::sort(dumps, is_newer);
    return dumps;
}

std::vector<std::string> DumpDirectory::lost() const {
    std::vector<std::string> lost;
    for (const std::string& name : files_.entries()) {
        if (name.ends_with(k_manifest_suffix)) {
            std::string dump = name.substr(0, name.size() - k_manifest_suffix.size());
            if (has_dump_suffix(dump) && is_lost(dump)) {
                lost.push_back(std::move(dump));
            }
        }
    }
    std::ranges::sort(lost);
    return lost;
}

bool DumpDirectory::is_lost(const std::string& name) const {
    // In this order: a removal renames the dump first, and deletes the manifest before the rest.
    const auto dump = files_.find_file(name);
    if (dump && files_.trusts(dump->owner)) {
        return false;
    }
    const auto removal_by = files_.find_owner(removed_name_of(name));
    if (removal_by && files_.trusts(*removal_by)) {
        return false;
    }
    const auto manifest = files_.find_file(manifest_name_of(name));
    return manifest && files_.trusts(manifest->owner);
}

std::vector<std::string> DumpDirectory::irregular() const {
    std::vector<std::string> names = files_.entries();
    std::erase_if(names, [this](const std::string& name) {
        return !has_dump_suffix(name) || files_.find_file_size(name) || !files_.contains(name);
    });
    std::ranges::sort(names);
    return names;
}

std::optional<Manifest> DumpDirectory::find_manifest(const std::string& name) const {
    const std::string manifest_name = manifest_name_of(name);
    try {
        return parse_manifest(files_.read_file(manifest_name, k_most_manifest_bytes),
                              manifest_name);
    } catch (const base::Error&) {
        return std::nullopt;
    }
}

std::optional<DumpEntry> DumpDirectory::find(const std::string& name) const {
    const auto file = files_.find_file(name);
    if (!file) {
        return std::nullopt;
    }
    return read_entry(files_, name, *file, files_.contains(manifest_name_of(name)));
}

std::vector<DumpName> DumpDirectory::names_of(const std::string& database) const {
    std::vector<DumpName> names;
    for (const std::string& file_name : files_.entries()) {
        auto name = parse_dump_name(file_name);
        const auto owner =
            name && name->database == database ? files_.find_owner(file_name) : std::nullopt;
        if (owner && files_.trusts(*owner)) {
            names.push_back(std::move(*name));
        }
    }
    std::ranges::sort(names, std::ranges::greater{}, &DumpName::time);
    return names;
}

} // namespace dbbackup::store
