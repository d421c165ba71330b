#include "ops/remote/record_cache.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/sys/atomic_file.hpp>
#include <dbbackup/sys/fd.hpp>

#include <nlohmann/json.hpp>

namespace dbbackup::ops {

namespace {

/// Some thousand manifests of usual size. What does not fit is not cached.
constexpr std::size_t k_most_bytes = 64U << 20U;

/// The text of each record by its name. One of another size is not the same.
using Cache = std::map<std::string, std::string>;

std::string file_name_of(const std::string& remote) {
    return ".remote-" + remote + ".cache.json";
}

Cache read_cache(const store::DumpDirectory& directory, const std::string& name) {
    try {
        const auto file = directory.files().read_owned_file(name, k_most_bytes);
        const auto json = nlohmann::json::parse(file.text, nullptr, false);
        // Another user could hide there that copies are gone bad.
        if (directory.files().trusts(file.owner) && json.is_object()) {
            return json.get<Cache>();
        }
    } catch (const base::Error&) {
        return {}; // there is none
    } catch (const nlohmann::json::exception&) {
        return {};
    }
    return {};
}

void write_cache(const store::DumpDirectory& directory, const std::string& name,
                 const Cache& records) {
    try {
        const std::string text =
            nlohmann::json(records).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
        if (text.size() > k_most_bytes) {
            return;
        }
        sys::AtomicFile file{
            directory.files(), name,
            sys::AtomicFile::partial_name_of(name + "." + store::make_dump_id().substr(0, 8))};
        sys::write_all(file.fd(), base::as_bytes(text), file.partial_path());
        file.sync();
        file.replace();
    } catch (const base::Error&) {
        return; // next time it is all read again
    }
}

} // namespace

RemoteContent read_remote_cached(store::Remote& remote, const std::string& name,
                                 const store::DumpDirectory& directory) {
    const std::string file_name = file_name_of(name);
    Cache cache = read_cache(directory, file_name);
    RemoteContent content{.files = remote.list(), .records = {}};
    std::vector<std::string> unknown;
    for (const store::RemoteFile& record : records_in(content.files)) {
        const auto known = cache.find(record.name);
        if (known != cache.end() && known->second.size() == record.size) {
            content.records.insert(*known);
        } else {
            unknown.push_back(record.name);
        }
    }
    content.records.merge(remote.read_texts(unknown));
    if (content.records != cache) {
        write_cache(directory, file_name, content.records);
    }
    return content;
}

} // namespace dbbackup::ops
