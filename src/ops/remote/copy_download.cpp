#include "ops/remote/copy_download.hpp"

#include "ops/remote/transfer_progress.hpp"

#include <dbbackup/base/byte_size.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/stream/checksum.hpp>
#include <dbbackup/stream/fd_sink.hpp>
#include <dbbackup/sys/signals.hpp>

#include <fmt/format.h>

namespace dbbackup::ops {

ChosenCopy choose_to_fetch(const ListedRemote& there, const FetchRequest& request,
                           const store::RemoteSettings& remote, const Context& context) {
    ChosenCopy chosen{.entry = choose_copy(there, remote,
                                           {.directory = {},
                                            .reference = request.dump,
                                            .latest = request.latest,
                                            .only_parts = request.only_parts,
                                            .command_line = request.command_line},
                                           context),
                      .manifest = {}};
    const std::string path = base::printable(there.remote->path_of(chosen.entry.name));
    if (!chosen.entry.manifest) {
        throw base::Error{chosen.entry.unread_manifest.value_or(base::ErrorKind::failed),
                          fmt::format("'{}' cannot be fetched: {}", path, chosen.entry.problem),
                          "Without its manifest, nobody knows what it should be."};
    }
    if (chosen.entry.manifest->file.name != chosen.entry.name) {
        throw base::Error{
            base::ErrorKind::damaged,
            fmt::format("'{}' is not the dump of its manifest: {}", path, chosen.entry.problem),
            "Use another copy."};
    }
    const std::string name = store::manifest_name_of(chosen.entry.name);
    auto texts = there.remote->read_texts({name});
    const auto found = texts.find(name);
    // As it was listed: else somebody changed it meanwhile.
    if (found == texts.end() ||
        store::parse_manifest(found->second, name).file != chosen.entry.manifest->file) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("'{}' changed while it was fetched", path), "Try again."};
    }
    chosen.manifest = std::move(found->second);
    return chosen;
}

void require_room(const sys::Directory& directory, std::uint64_t size, const std::string& hint) {
    if (directory.free_space() < size) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("'{}' has room for {}, and the copy takes {}",
                                      base::printable(directory.path().native()),
                                      base::format_byte_size(directory.free_space()),
                                      base::format_byte_size(size)),
                          hint};
    }
}

void download(const ListedRemote& there, const store::DumpEntry& copy, sys::AtomicFile& file,
              Listener& listener) {
    const auto source = there.remote->read(copy.name, copy.size);
    stream::Checksum checksum;
    stream::FdSink sink{file.fd(), base::printable(file.partial_path())};
    stream::Block block{stream::k_block_size};
    TransferProgress progress{listener, Progress::Phase::downloading, copy.size};
    while (const std::size_t got = source->read(block.data(), block.capacity())) {
        sys::throw_if_interrupted();
        block.resize(got);
        checksum.observe(block.bytes());
        sink.write(block.bytes());
        progress.report(checksum.size());
    }
    sink.finish();
    const store::Manifest::File& record = copy.manifest.value().file;
    if (checksum.size() != record.size || checksum.sha256() != record.sha256) {
        throw base::Error{
            base::ErrorKind::damaged,
            fmt::format("the copy '{}' is damaged: it is not the file of its manifest",
                        base::printable(there.remote->path_of(copy.name))),
            "Nothing was changed. Use another copy."};
    }
}

} // namespace dbbackup::ops
