#include "ops/dump/publish_dump.hpp"
#include "ops/read/dump_check.hpp"
#include "ops/read/dump_file.hpp"
#include "ops/remote/choose_copy.hpp"
#include "ops/remote/transfer_progress.hpp"
#include "ops/seal/sealed_manifest.hpp"

#include <dbbackup/base/byte_size.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/copies.hpp>
#include <dbbackup/store/dump_name.hpp>
#include <dbbackup/store/leftovers.hpp>
#include <dbbackup/store/manifest_update.hpp>
#include <dbbackup/stream/checksum.hpp>
#include <dbbackup/stream/fd_sink.hpp>
#include <dbbackup/sys/atomic_file.hpp>
#include <dbbackup/sys/private_directory.hpp>
#include <dbbackup/sys/signals.hpp>

#include <cstdlib>
#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

/// A copy, and the text of its manifest there.
struct ChosenCopy {
    store::DumpEntry entry;
    std::string manifest;
};

ChosenCopy choose(const ListedRemote& there, const FetchRequest& request,
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

/// Throws base::Error{damaged} unless the copy is the file of its manifest.
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

class PrivateCopy : public FetchedCopy {
public:
    PrivateCopy(const ListedRemote& there, const ChosenCopy& copy, Listener& listener)
        : directory_(temporary_directory(), k_prefix, std::nullopt), name_(copy.entry.name),
          origin_(there.remote->path_of(copy.entry.name)) {
        // What killed runs fetched: it is removed with what is returned.
        (void)sys::PrivateDirectory::adopt_abandoned(temporary_directory(), k_prefix);
        const auto files = sys::Directory::open(directory_.path());
        require_room(files, copy.entry.size,
                     "Set TMPDIR to a directory with more room, or pull the copy into a dump "
                     "directory and use it from there.");
        sys::AtomicFile file{files, name_};
        download(there, copy.entry, file, listener);
        publish_dump(file, copy.manifest, files, listener);
    }

    [[nodiscard]] std::filesystem::path path() const override { return directory_.path() / name_; }

    [[nodiscard]] std::string origin() const override { return origin_; }

private:
    static constexpr const char* k_prefix = "dbbackup-fetched";

    static std::filesystem::path temporary_directory() {
        const char* named = ::secure_getenv("TMPDIR");
        return named == nullptr || *named == '\0' ? "/var/tmp" : named;
    }

    sys::PrivateDirectory directory_;
    std::string name_;
    std::string origin_;
};

/// What a killed run left of this dump. The lock says that nobody works on it.
void remove_leftovers(const store::DumpDirectory& directory, const std::string& name) {
    for (const store::Leftover& leftover : store::find_leftovers(directory)) {
        const bool is_of_it =
            leftover.name == sys::AtomicFile::partial_name_of(name) ||
            leftover.name == sys::AtomicFile::partial_name_of(store::manifest_name_of(name));
        if (is_of_it && leftover.kind == store::Leftover::Kind::partial) {
            store::remove_leftover(directory, leftover);
        }
    }
}

/// Reads the whole dump while it still has its partial name.
void require_good(const store::DumpDirectory& directory, const sys::AtomicFile& file,
                  const store::DumpEntry& copy, const Context& context) {
    if (copy.manifest->seal && !context.identity) {
        return; // it is the file of its manifest, and no more can be known
    }
    store::DumpEntry partial = copy;
    if (copy.manifest->seal) {
        partial.manifest =
            open_sealed_manifest(*copy.manifest, store::manifest_name_of(copy.name), context);
    }
    partial.name = sys::AtomicFile::partial_name_of(file.name());
    const DumpFile dump{{.directory = store::DumpDirectory::open(directory.files().path()),
                         .entry = partial,
                         .warnings = {},
                         .older_sound = std::nullopt},
                        context};
    (void)check_dump(dump, partial.manifest,
                     {.listener = context.listener,
                      .estimated_bytes = partial.manifest->file.uncompressed_size});
}

} // namespace

std::unique_ptr<FetchedCopy> fetch_copy(const FetchRequest& request,
                                        const store::RemoteSettings& remote,
                                        const Context& context) {
    const ListedRemote there = open_and_list(remote, context);
    const ChosenCopy copy = choose(there, request, remote, context);
    return std::make_unique<PrivateCopy>(there, copy, context.listener);
}

PullReport pull(const FetchRequest& request, const std::filesystem::path& directory,
                const store::RemoteSettings& remote, const Context& context) {
    const ListedRemote there = open_and_list(remote, context);
    const ChosenCopy copy = choose(there, request, remote, context);
    const auto here = store::DumpDirectory::open_or_create(directory);
    const sys::FileLock lock = here.lock(copy.entry.manifest->database.name);
    PullReport report{.path = here.files().path_of(copy.entry.name),
                      .origin = there.remote->path_of(copy.entry.name),
                      .manifest = *copy.entry.manifest,
                      .was_there = false};
    if (const auto own = here.find(copy.entry.name)) {
        const bool is_same = own->manifest && own->problem.empty() &&
                             store::identity_of_dump(*own->manifest) ==
                                 store::identity_of_dump(*copy.entry.manifest);
        if (!is_same) {
            throw base::Error{base::ErrorKind::failed,
                              fmt::format("'{}' is here already, and it is {}",
                                          base::printable(report.path),
                                          own->problem.empty() ? "another dump" : own->problem),
                              "Nothing was changed. Move it away, or pull into another directory "
                              "with --dir."};
        }
        report.was_there = true;
        return report;
    }
    remove_leftovers(here, copy.entry.name);
    require_room(here.files(), copy.entry.size, "Free some space there, or use another --dir.");
    sys::AtomicFile file{here.files(), copy.entry.name};
    download(there, copy.entry, file, context.listener);
    file.sync();
    require_good(here, file, copy.entry, context);
    publish_dump(file, copy.manifest, here.files(), context.listener);
    store::record_copy(here, copy.entry.name,
                       {.remote = remote.name,
                        .name = copy.entry.name,
                        .at = context.clock.now(),
                        .checked_by = "read"});
    if (copy.entry.manifest->pinned) { // perhaps only by a note
        store::set_pinned(here, copy.entry.name, store::Pinned::yes);
    }
    return report;
}

} // namespace dbbackup::ops
