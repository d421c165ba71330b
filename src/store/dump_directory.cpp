#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/dump_directory.hpp>
#include <dbbackup/store/remove_dump.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <unordered_set>

namespace dbbackup::store {

namespace {

DumpEntry read_entry(const sys::Directory& files, const std::string& name, std::uint64_t size,
                     bool has_manifest) {
    DumpEntry entry{
        .name = name, .size = size, .manifest = {}, .unread_manifest = {}, .problem = {}};
    if (!has_manifest) {
        entry.problem = "it has no manifest";
        return entry;
    }
    const std::string manifest_name = manifest_name_of(name);
    try {
        entry.manifest =
            parse_manifest(files.read_file(manifest_name, k_most_manifest_bytes), manifest_name);
        if (entry.manifest->file.size != size) {
            entry.problem = fmt::format("its size is {} bytes, its manifest says {}", size,
                                        entry.manifest->file.size);
        } else if (const auto damage = entry.manifest->found_damaged()) {
            entry.problem = fmt::format("found damaged at {}: {}", base::format_utc(damage->at),
                                        damage->result);
        }
    } catch (const base::Error& error) {
        entry.unread_manifest = error.kind();
        entry.problem = error.what();
    }
    return entry;
}

std::string lock_name_of(const std::string& database) {
    return "." + encode_database_name(database) + ".lock";
}

/// Newest first; those without any time last; by name where times are equal.
bool newer(const DumpEntry& a, const DumpEntry& b) {
    const auto time_a = a.started_at();
    const auto time_b = b.started_at();
    return time_a != time_b ? time_a > time_b : a.name > b.name;
}

} // namespace

std::optional<std::string> DumpEntry::database() const {
    if (manifest) {
        return manifest->database.name;
    }
    const auto parsed = parse_dump_name(name);
    return parsed ? std::optional{parsed->database} : std::nullopt;
}

std::optional<base::UtcTime> DumpEntry::started_at() const {
    if (manifest) {
        return manifest->dump.started_at;
    }
    const auto parsed = parse_dump_name(name);
    return parsed ? std::optional{parsed->time} : std::nullopt;
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
    const auto holder = sys::FileLock::find_holder(files_, name);
    throw base::Error{base::ErrorKind::locked,
                      fmt::format("another run holds the lock for database '{}'{}",
                                  base::printable(database),
                                  holder ? fmt::format(" (process {})", *holder) : ""),
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
        const auto size = has_dump_suffix(name) ? files_.find_file_size(name) : std::nullopt;
        if (size) {
            const bool has_manifest = present.contains(manifest_name_of(name));
            dumps.push_back(read_entry(files_, name, *size, has_manifest));
        }
    }
    std::ranges::sort(dumps, newer);
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
    // In this order: a removal takes the dump's name away first, and its manifest before the rest.
    return !files_.find_file_size(name) && !files_.contains(removed_name_of(name)) &&
           files_.find_file_size(manifest_name_of(name));
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
    const auto size = files_.find_file_size(name);
    if (!size) {
        return std::nullopt;
    }
    return read_entry(files_, name, *size, files_.contains(manifest_name_of(name)));
}

std::vector<DumpName> DumpDirectory::names_of(const std::string& database) const {
    std::vector<DumpName> names;
    for (const std::string& file_name : files_.entries()) {
        auto name = parse_dump_name(file_name);
        if (name && name->database == database) {
            names.push_back(std::move(*name));
        }
    }
    std::ranges::sort(names, std::ranges::greater{}, &DumpName::time);
    return names;
}

} // namespace dbbackup::store
