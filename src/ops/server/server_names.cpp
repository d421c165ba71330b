#include "ops/server/server_names.hpp"

#include <dbbackup/sys/atomic_file.hpp>

#include <chrono>
#include <utility>

namespace dbbackup::ops {

std::string choose_server_name(store::ServerFile::Kind kind, std::string suffix,
                               const std::string& host, const store::DumpDirectory& directory,
                               base::UtcTime now) {
    store::ServerFile file{
        .kind = kind, .host = store::host_in_name(host), .time = now, .suffix = std::move(suffix)};
    const auto is_taken = [&directory](const std::string& name) {
        const sys::Directory& files = directory.files();
        return files.contains(name) || files.contains(store::manifest_name_of(name)) ||
               files.contains(sys::AtomicFile::partial_name_of(name));
    };
    while (is_taken(store::format_server_file(file))) {
        file.time += std::chrono::milliseconds{1};
    }
    return store::format_server_file(file);
}

std::string globals_suffix(const DumpRequest& request) {
    const std::string sealed{request.recipients.empty() ? "" : store::k_sealed_suffix};
    switch (request.compression.method) {
    case stream::CompressionMethod::zstd:
        return ".sql.zst" + sealed;
    case stream::CompressionMethod::none:
        return ".sql" + sealed;
    case stream::CompressionMethod::gzip:
        break;
    }
    return ".sql.gz" + sealed;
}

} // namespace dbbackup::ops
