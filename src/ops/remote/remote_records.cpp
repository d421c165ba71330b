#include "ops/remote/remote_records.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/manifest.hpp>
#include <dbbackup/sys/atomic_file.hpp>
#include <dbbackup/sys/fd.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace dbbackup::ops {

namespace {

std::string file_name_of(const std::string& remote) {
    return ".remote-" + remote + ".json";
}

[[noreturn]] void throw_unreadable(const store::DumpDirectory& directory, const std::string& name) {
    throw base::Error{
        base::ErrorKind::failed,
        fmt::format("'{}' cannot be read: it is not what dbbackup wrote",
                    base::printable(directory.files().path_of(name))),
        "It says when each copy was first seen. Bring it back from a copy, or remove it: then all "
        "copies count as new, and keep-at-least protects them for its whole length again."};
}

} // namespace

RemoteRecords read_records(const store::DumpDirectory& directory, const std::string& name) {
    const std::string file_name = file_name_of(name);
    const auto file = directory.files().find_file(file_name);
    // Without records, more is protected, never less: so another user's do not count.
    if (!file || !directory.files().trusts(file->owner)) {
        return {};
    }
    const auto json = nlohmann::json::parse(
        directory.files().read_file(file_name, store::k_most_manifest_bytes), nullptr, false);
    RemoteRecords records;
    try {
        for (const auto& note : json.at("own_notes")) {
            records.own_notes.insert(note.get<std::string>());
        }
        for (const auto& [copy, time] : json.at("first_seen").items()) {
            const auto seen = base::parse_utc(time.get<std::string>());
            if (!seen) {
                throw_unreadable(directory, file_name);
            }
            records.first_seen.emplace(copy, *seen);
        }
    } catch (const nlohmann::json::exception&) {
        throw_unreadable(directory, file_name);
    }
    return records;
}

void write_records(const store::DumpDirectory& directory, const std::string& name,
                   const RemoteRecords& records) {
    nlohmann::ordered_json json{{"own_notes", records.own_notes},
                                {"first_seen", nlohmann::ordered_json::object()}};
    for (const auto& [copy, time] : records.first_seen) {
        json["first_seen"][copy] = base::format_utc(time);
    }
    sys::AtomicFile file{directory.files(), file_name_of(name),
                         sys::AtomicFile::partial_name_of(file_name_of(name) + "." +
                                                          store::make_dump_id().substr(0, 8))};
    const std::string text = json.dump(2) + "\n";
    sys::write_all(file.fd(), base::as_bytes(text), base::printable(file.partial_path()));
    file.sync();
    file.replace();
    directory.files().sync();
}

} // namespace dbbackup::ops
