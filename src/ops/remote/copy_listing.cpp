#include "ops/remote/copy_listing.hpp"

#include <dbbackup/store/copy_note.hpp>
#include <dbbackup/store/dump_name.hpp>
#include <dbbackup/store/manifest_update.hpp>

#include <algorithm>
#include <map>
#include <string_view>

namespace dbbackup::ops {

namespace {

/// The dump that the file `name` is the manifest of; empty for any other file.
std::string dump_of_manifest(const std::string& name) {
    const auto suffix = store::k_manifest_suffix;
    if (!name.ends_with(suffix)) {
        return {};
    }
    std::string dump = name.substr(0, name.size() - suffix.size());
    return store::has_dump_suffix(dump) ? dump : std::string{};
}

void apply_notes(CopyListing& listing, const std::map<std::string, std::string>& texts,
                 const TrustsNote& trusts) {
    for (const auto& [name, text] : texts) {
        const auto copy_name = store::find_copy_of_note(name);
        const auto note = copy_name ? store::parse_note(text) : std::nullopt;
        const auto copy =
            std::ranges::find(listing.copies, copy_name.value_or(""), &store::DumpEntry::name);
        const store::RemoteFile* file = listing.find_file(name);
        if (file != nullptr && !file->foreign_owner.empty()) {
            continue;
        }
        if (note && copy != listing.copies.end() && copy->manifest &&
            store::identity_of_dump(*copy->manifest) == note->dump_id) {
            store::apply_note(*note, trusts(name), *copy->manifest);
        }
    }
}

/// Damage that only a note tells of.
void tell_of_damage(store::DumpEntry& copy) {
    const auto damage = copy.manifest ? copy.manifest->found_damaged() : std::nullopt;
    if (damage && copy.problem.empty()) {
        copy.problem = "found damaged at " + base::format_utc(damage->at) + ": " + damage->result;
    }
}

} // namespace

const store::RemoteFile* CopyListing::find_file(const std::string& name) const {
    const auto found = std::ranges::find(files, name, &store::RemoteFile::name);
    return found == files.end() ? nullptr : &*found;
}

const store::DumpEntry* CopyListing::find_copy(const std::string& name) const {
    const auto found = std::ranges::find(copies, name, &store::DumpEntry::name);
    return found == copies.end() ? nullptr : &*found;
}

const store::DumpEntry* CopyListing::find_same(const std::string& identity) const {
    const store::DumpEntry* found = nullptr;
    for (const store::DumpEntry& copy : copies) {
        const bool is_same = copy.manifest && store::identity_of_dump(*copy.manifest) == identity;
        if (is_same && (found == nullptr || !found->problem.empty())) {
            found = &copy;
        }
    }
    return found;
}

std::vector<store::RemoteFile> CopyListing::unfinished() const {
    std::vector<store::RemoteFile> found;
    for (const store::RemoteFile& file : files) {
        const bool is_dump_alone =
            store::has_dump_suffix(file.name) && !find_file(store::manifest_name_of(file.name));
        const auto noted = store::find_copy_of_note(file.name);
        // Anything may have the name of a dump: what dbbackup did not name is not its to remove.
        if (store::is_unfinished_upload(file.name) ||
            (is_dump_alone && store::parse_dump_name(file.name)) ||
            (noted && store::parse_dump_name(*noted) &&
             !find_file(store::manifest_name_of(*noted)))) {
            found.push_back(file);
        }
    }
    return found;
}

std::vector<std::string> CopyListing::lost() const {
    std::vector<std::string> names;
    for (const store::RemoteFile& file : files) {
        const std::string dump = dump_of_manifest(file.name);
        if (!dump.empty() && find_file(dump) == nullptr) {
            names.push_back(dump);
        }
    }
    std::ranges::sort(names);
    return names;
}

std::vector<store::RemoteFile> records_in(const std::vector<store::RemoteFile>& files) {
    std::vector<store::RemoteFile> records;
    for (const store::RemoteFile& file : files) {
        const bool is_record =
            !dump_of_manifest(file.name).empty() || store::find_copy_of_note(file.name);
        if (is_record && file.size <= store::k_most_manifest_bytes) {
            records.push_back(file);
        }
    }
    std::ranges::sort(records, {}, &store::RemoteFile::name); // notes on one copy by their time
    return records;
}

RemoteContent read_remote(store::Remote& remote) {
    RemoteContent content{.files = remote.list(), .records = {}};
    std::vector<std::string> names;
    for (const store::RemoteFile& record : records_in(content.files)) {
        names.push_back(record.name);
    }
    content.records = remote.read_texts(names);
    return content;
}

CopyListing list_copies(const RemoteContent& content, const TrustsNote& trusts) {
    CopyListing listing{.copies = {}, .files = content.files};
    std::map<std::string_view, const store::RemoteFile*> by_name;
    for (const store::RemoteFile& file : listing.files) {
        by_name.emplace(file.name, &file);
    }
    for (const store::RemoteFile& file : listing.files) {
        const std::string manifest_name = store::manifest_name_of(file.name);
        const auto manifest = by_name.find(manifest_name);
        if (!store::has_dump_suffix(file.name) || manifest == by_name.end()) {
            continue;
        }
        const auto text = content.records.find(manifest_name);
        store::DumpEntry copy = store::make_copy_entry(
            file.name, file.size,
            text == content.records.end() ? std::nullopt : std::optional{text->second});
        const std::string& stranger =
            file.foreign_owner.empty() ? manifest->second->foreign_owner : file.foreign_owner;
        if (!stranger.empty()) {
            copy.foreign_owner = stranger;
            copy.problem = "it or its manifest belongs to " + stranger;
        }
        listing.copies.push_back(std::move(copy));
    }
    apply_notes(listing, content.records, trusts);
    std::ranges::for_each(listing.copies, tell_of_damage);
    std::ranges::sort(listing.copies, store::is_newer);
    return listing;
}

CopyListing list_copies(store::Remote& remote) {
    return list_copies(read_remote(remote), [](const std::string&) { return true; });
}

} // namespace dbbackup::ops
