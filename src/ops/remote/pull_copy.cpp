#include "ops/dump/publish_dump.hpp"
#include "ops/read/dump_check.hpp"
#include "ops/read/dump_file.hpp"
#include "ops/remote/copy_download.hpp"
#include "ops/remote/transfer_progress.hpp"
#include "ops/seal/sealed_manifest.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/dump_name.hpp>
#include <dbbackup/store/leftovers.hpp>
#include <dbbackup/store/manifest_update.hpp>
#include <dbbackup/stream/checksum.hpp>
#include <dbbackup/stream/fd_source.hpp>
#include <dbbackup/sys/fd.hpp>
#include <dbbackup/sys/signals.hpp>
#include <dbbackup/sys/user.hpp>

#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

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

bool is_same(const store::Manifest& a, const store::Manifest& b) {
    return a.file == b.file && store::identity_of_dump(a) == store::identity_of_dump(b);
}

/// Throws unless the dump that has its name here is the same, and whole.
void require_same(const store::DumpDirectory& here, const store::DumpEntry& own,
                  const store::DumpEntry& copy, Listener& listener) {
    constexpr const char* k_hint = "Nothing was changed. Move it and its manifest away, or pull "
                                   "into another directory with --dir.";
    const std::string path = base::printable(here.files().path_of(own.name));
    if (!own.manifest || !own.problem.empty() || !is_same(*own.manifest, *copy.manifest)) {
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format("'{}' is here already{}", path,
                        own.problem.empty() ? ", and is another dump" : ": " + own.problem),
            k_hint};
    }
    stream::Checksum checksum;
    const sys::Fd file = here.files().open_file(own.name);
    stream::FdSource source{file.get(), path};
    stream::Block block{stream::k_block_size};
    TransferProgress progress{listener, Progress::Phase::reading_copy, own.size};
    while (const std::size_t got = source.read(block.data(), block.capacity())) {
        sys::throw_if_interrupted();
        checksum.observe({block.data(), got});
        progress.report(checksum.size());
    }
    if (checksum.sha256() != own.manifest->file.sha256) {
        throw base::Error{
            base::ErrorKind::damaged,
            fmt::format("'{}' is here already, but it is damaged: it differs from its manifest",
                        path),
            k_hint};
    }
}

/// Whether the manifest of a dump that was lost here is that of `copy`: then it stays, with what
/// was recorded of the dump. Throws if it is another.
bool has_its_manifest(const store::DumpDirectory& here, const store::DumpEntry& copy) {
    const std::string name = store::manifest_name_of(copy.name);
    const auto file = here.files().find_file(name);
    if (!file) {
        return false;
    }
    const auto own = here.find_manifest(copy.name);
    const std::string why =
        !here.files().trusts(file->owner)        ? "belongs to " + sys::describe_user(file->owner)
        : !own || !is_same(*own, *copy.manifest) ? "is not the manifest of that copy"
        : own->found_damaged()                   ? "says that the dump was found damaged"
                                                 : "";
    if (!why.empty()) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("'{}' is here without its dump, and {}",
                                      base::printable(here.files().path_of(name)), why),
                          "Nothing was changed. Move it away, and pull again."};
    }
    return true;
}

} // namespace

PullReport pull(const FetchRequest& request, const std::filesystem::path& directory,
                const store::RemoteSettings& remote, const Context& context) {
    const ListedRemote there = open_and_list(remote, context);
    const ChosenCopy copy = choose_to_fetch(there, request, remote, context);
    const auto here = store::DumpDirectory::open_or_create(directory);
    const sys::FileLock lock = here.lock(copy.entry.manifest->database.name);
    PullReport report{.path = here.files().path_of(copy.entry.name),
                      .origin = there.remote->path_of(copy.entry.name),
                      .manifest = *copy.entry.manifest,
                      .was_there = false};
    if (const auto own = here.find(copy.entry.name)) {
        require_same(here, *own, copy.entry, context.listener);
        report.was_there = true;
        return report;
    }
    const bool has_manifest = has_its_manifest(here, copy.entry);
    remove_leftovers(here, copy.entry.name);
    require_room(here.files(), copy.entry.size, "Free some space there, or use another --dir.");
    sys::AtomicFile file{here.files(), copy.entry.name};
    download(there, copy.entry, file, context.listener);
    file.sync();
    require_good(here, file, copy.entry, context);
    if (has_manifest) {
        file.commit();
        here.files().sync();
    } else {
        publish_dump(file, copy.manifest, here.files(), context.listener);
    }
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
