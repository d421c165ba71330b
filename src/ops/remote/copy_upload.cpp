#include "ops/remote/copy_upload.hpp"

#include "ops/read/file_hash.hpp"
#include "ops/remote/copy_check.hpp"
#include "ops/remote/copy_lock.hpp"
#include "ops/remote/transfer_progress.hpp"
#include "ops/seal/seal_copy.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/interrupted_operation.hpp>
#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/recipients.hpp>
#include <dbbackup/store/dump_name.hpp>
#include <dbbackup/store/manifest_update.hpp>
#include <dbbackup/sys/fd.hpp>
#include <dbbackup/sys/file_use.hpp>
#include <dbbackup/sys/signals.hpp>
#include <dbbackup/sys/unnamed_file.hpp>

#include <fmt/format.h>
#include <functional>
#include <memory>

namespace dbbackup::ops {

namespace {

/// The dump here cannot be copied: it is damaged, or nobody knows what it should be.
class NotSound : public base::Error {
    using Error::Error;
};

[[noreturn]] void throw_damaged(const std::string& path) {
    throw NotSound{base::ErrorKind::damaged,
                   fmt::format("'{}' is damaged: it differs from its manifest", path),
                   "It was not copied. Take a new dump."};
}

/// What goes there.
struct Upload {
    sys::Fd file;
    ExpectedFile expected;
    std::string manifest; ///< its text
    /// Throws unless the file is as expected.
    std::function<void()> require_expected = [] {};
};

/// The dump as it is. Whether it is that of its manifest is found out while it is copied.
Upload prepare_as_it_is(const store::FoundDump& dump) {
    const std::string& name = dump.entry.name;
    const std::string path = base::printable(dump.directory.files().path_of(name));
    sys::Fd file = dump.directory.files().open_file(name);
    sys::announce_use(file.get());
    const store::Manifest::File& record = dump.entry.manifest.value().file;
    std::string manifest = store::manifest_for_copy(dump.directory, name);
    const auto hash = std::make_shared<const FileHash>(file.get(), path);
    return {.file = std::move(file),
            .expected = {.name = name, .size = record.size, .sha256 = record.sha256},
            .manifest = std::move(manifest),
            .require_expected = [hash, path, sha256 = record.sha256] {
                if (hash->finish_unless_interrupted().sha256 != sha256) {
                    throw_damaged(path);
                }
            }};
}

/// Sealed on the way there. What is sealed already is not sealed again.
Upload prepare_sealed(const store::FoundDump& dump, const std::vector<std::string>& recipients,
                      const Context& context) {
    const std::string path = base::printable(dump.directory.files().path_of(dump.entry.name));
    const sys::Fd file = dump.directory.files().open_file(dump.entry.name);
    sys::announce_use(file.get());
    store::Manifest plain = dump.entry.manifest.value();
    plain.dump_id = store::identity_of_dump(plain);
    try {
        SealedCopy sealed = seal_copy(file.get(), plain, parse_recipients(recipients, context),
                                      dump.directory.files(), context);
        return {.file = std::move(sealed.file),
                .expected = {.name = sealed.manifest.file.name,
                             .size = sealed.manifest.file.size,
                             .sha256 = sealed.manifest.file.sha256},
                .manifest = store::to_readable_json(sealed.manifest)};
    } catch (const base::Error& error) {
        if (error.kind() != base::ErrorKind::damaged) {
            throw;
        }
        throw_damaged(path);
    }
}

bool is_sealed_on_the_way(const store::Manifest& manifest, const OpenedRemote& there) {
    return !there.settings.recipients.empty() && !manifest.seal;
}

/// Throws NotSound unless the dump may go anywhere.
void require_sound(const store::FoundDump& dump) {
    const store::DumpEntry& entry = dump.entry;
    const std::string path = base::printable(dump.directory.files().path_of(entry.name));
    if (!entry.manifest) {
        throw NotSound{base::ErrorKind::failed,
                       fmt::format("'{}' cannot be copied: {}", path, entry.problem),
                       "A copy needs the manifest that says what the dump holds."};
    }
    if (entry.manifest->file.name != entry.name) {
        throw NotSound{base::ErrorKind::failed,
                       fmt::format("'{}' cannot be copied: its manifest is of '{}'", path,
                                   base::printable(entry.manifest->file.name)),
                       "Give the dump and its manifest their names back."};
    }
    if (!entry.problem.empty()) {
        throw NotSound{entry.is_foreign() ? base::ErrorKind::failed : base::ErrorKind::damaged,
                       fmt::format("'{}' is not copied: {}", path, entry.problem),
                       "Take a new dump, or copy another one."};
    }
}

/// Whether the same dump is there already. Throws if something else has its place.
const store::DumpEntry* find_same_copy(const OpenedRemote& there, const store::Manifest& manifest,
                                       const std::string& name) {
    if (const auto* same = there.listing.find_same(store::identity_of_dump(manifest))) {
        if (!same->problem.empty()) {
            throw base::Error{base::ErrorKind::failed,
                              fmt::format("the copy '{}' is there, but it is not good: {}",
                                          base::printable(there.remote->path_of(same->name)),
                                          same->problem),
                              "Nothing there was changed. Delete that copy and its manifest, and "
                              "push again."};
        }
        return same;
    }
    if (const auto* other = there.listing.find_copy(name)) {
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format(
                "'{}' is there already, but it is {}", base::printable(there.remote->path_of(name)),
                other->manifest ? "another dump" : "not known to be this dump: " + other->problem),
            "Nothing there was changed. Give this remote another path, or move that copy away."};
    }
    return nullptr;
}

void upload(const Upload& file, OpenedRemote& there, Listener& listener) {
    const auto existing = [&there](const std::string& name) {
        return there.listing.find_file(name) == nullptr ? store::Existing::refused
                                                        : store::Existing::replaced;
    };
    TransferProgress progress{listener, Progress::Phase::uploading, file.expected.size};
    there.remote->write(file.file.get(), file.expected.name, existing(file.expected.name),
                        {.on_progress = [&progress](std::uint64_t sent) { progress.report(sent); },
                         .before_naming = file.require_expected});
}

/// Last, because without it the file there is no copy.
void publish(const Upload& file, OpenedRemote& there) {
    const std::string name = store::manifest_name_of(file.expected.name);
    const sys::Fd text = sys::make_unnamed_file();
    sys::write_all(text.get(), base::as_bytes(file.manifest), "the manifest");
    const bool is_there = there.listing.find_file(name) != nullptr;
    there.remote->write(text.get(), name,
                        is_there ? store::Existing::replaced : store::Existing::refused, {});
    const auto read = there.remote->read_texts({name});
    const auto found = read.find(name);
    if (found == read.end() || found->second != file.manifest) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("the manifest '{}' is not there as it was written",
                                      base::printable(there.remote->path_of(name))),
                          "Push again."};
    }
    // Before its manifest came, another machine's prune could sweep it as an unfinished upload.
    require_listed(*there.remote, file.expected);
}

/// Waits for another run that writes the same copy. Nothing if there can be no lock, because the
/// dump directory cannot be written to.
std::optional<sys::FileLock> lock_copy(const store::FoundDump& dump, const std::string& name,
                                       OpenedRemote& there, const Context& context) {
    try {
        for (bool waits = false;; waits = true) {
            if (auto lock = try_lock_copy(dump.directory, there.settings.name, name)) {
                if (waits) {
                    there.listing = list_copies(*there.remote); // with what that run did
                }
                return lock;
            }
            if (!waits) {
                context.listener.on_notice(
                    fmt::format("waiting for another run that copies '{}' to '{}'",
                                base::printable(dump.entry.name), there.settings.name));
            }
            sys::interruptible_sleep(std::chrono::milliseconds{200});
        }
    } catch (const base::SystemError&) {
        return std::nullopt;
    }
}

void record(const store::FoundDump& dump, const OpenedRemote& there, const CopyResult& result,
            const std::string& copy_name, const Context& context) {
    try {
        store::record_copy(dump.directory, dump.entry.name,
                           {.remote = there.settings.name,
                            .name = copy_name,
                            .at = context.clock.now(),
                            .checked_by = result.checked_by});
    } catch (const base::Error& error) {
        context.listener.on_warning(
            fmt::format("the copy is good, but that could not be recorded here: {}", error.what()));
    }
}

void copy_to(const store::FoundDump& dump, OpenedRemote& there, CopyResult& result,
             const Context& context) {
    require_sound(dump);
    const store::Manifest& manifest = *dump.entry.manifest;
    const bool seals = is_sealed_on_the_way(manifest, there);
    const std::string name =
        dump.entry.name + (seals ? std::string{store::k_sealed_suffix} : std::string{});
    const auto lock = lock_copy(dump, name, there, context);
    if (there.listing.find_file(name) != nullptr && there.listing.find_copy(name) == nullptr) {
        // An unfinished upload is replaced, if it still is one.
        there.listing = list_copies(*there.remote);
    }
    if (const auto* same = find_same_copy(there, manifest, name)) {
        result.state = CopyState::there;
        result.path = there.remote->path_of(same->name);
        result.size = same->size;
        return;
    }
    const Upload file =
        seals ? prepare_sealed(dump, there.settings.recipients, context) : prepare_as_it_is(dump);
    result.path = there.remote->path_of(file.expected.name);
    result.size = file.expected.size;
    upload(file, there, context.listener);
    result.checked_by =
        require_copied(*there.remote, file.expected, file.file.get(), context.listener);
    publish(file, there);
    result.state = CopyState::copied;
    record(dump, there, result, file.expected.name, context);
}

} // namespace

CopyResult copy_dump(const store::FoundDump& dump, OpenedRemote& there, const Context& context) {
    CopyResult result{.remote = there.settings.name,
                      .dump = dump.entry.name,
                      .path = there.remote->path_of(dump.entry.name)};
    const auto started = std::chrono::steady_clock::now();
    try {
        copy_to(dump, there, result, context);
    } catch (const NotSound& error) {
        result.state = CopyState::not_pushed;
        result.message = error.what();
        result.hint = error.hint();
    } catch (const base::Interrupted& interrupted) {
        throw base::InterruptedOperation{
            interrupted.signal_number(),
            fmt::format("the copy to '{}' was not finished; the dump here is unchanged",
                        there.settings.name)};
    } catch (const base::Error& error) {
        result.state = CopyState::failed;
        result.message = error.what();
        result.hint = error.hint();
    }
    result.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - started);
    return result;
}

} // namespace dbbackup::ops
