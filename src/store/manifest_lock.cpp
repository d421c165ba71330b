#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/manifest_lock.hpp>
#include <dbbackup/sys/atomic_file.hpp>
#include <dbbackup/sys/user.hpp>

#include <chrono>
#include <fmt/format.h>

namespace dbbackup::store {

namespace {

/// An update takes milliseconds; on a slow disk, or with many at once, somewhat longer.
constexpr std::chrono::seconds k_patience{10};

/// We neither write in the name of an untrusted user nor wait for a lock that one holds.
void require_trusted(const sys::Directory& files, uid_t owner, const std::string& shown) {
    if (!files.trusts(owner)) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("the manifest '{}' belongs to {}, and is not changed", shown,
                                      sys::describe_user(owner)),
                          "Nothing was changed. Run this as that user, in a directory of theirs."};
    }
}

sys::LockedFile require_lock(const sys::Directory& files, const std::string& name) {
    const std::string shown = base::printable(files.path_of(name));
    const auto owner = files.find_owner(name);
    if (!owner) {
        throw base::Error{base::ErrorKind::failed, fmt::format("there is no manifest '{}'", shown),
                          "Nothing was changed. Only a dump that dbbackup took has one."};
    }
    require_trusted(files, *owner, shown);
    if (auto file = sys::LockedFile::acquire(files, name, k_patience)) {
        require_trusted(files, file->owner(), shown);
        return std::move(*file);
    }
    throw base::Error{base::ErrorKind::locked,
                      fmt::format("another run has locked the manifest '{}'", shown),
                      "Nothing was changed. Wait for it to end and try again."};
}

} // namespace

std::string manifest_update_partial_name(const std::string& dump_name) {
    return sys::AtomicFile::partial_name_of(manifest_name_of(dump_name) + ".update");
}

ManifestLock::ManifestLock(const DumpDirectory& directory, const std::string& dump_name)
    : files_(&directory.files()), name_(manifest_name_of(dump_name)),
      partial_name_(manifest_update_partial_name(dump_name)), file_(require_lock(*files_, name_)) {
}

std::string ManifestLock::text() const {
    return file_.read(k_most_manifest_bytes);
}

Manifest ManifestLock::read() const {
    return parse_manifest(text(), name_);
}

void ManifestLock::replace(const std::string& json) const {
    require_readable_size(json);
    sys::AtomicFile::remove_leftover(*files_, partial_name_, file_.fd());
    sys::AtomicFile file{*files_, name_, partial_name_};
    file.take_rights_of(file_.fd());
    sys::write_all(file.fd(), base::as_bytes(json), base::printable(file.partial_path()));
    file.sync();
    // Someone may have removed the dump without the lock: its manifest must not come back.
    if (!file_.is_in_place()) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("the manifest '{}' was moved or replaced meanwhile",
                                      base::printable(files_->path_of(name_))),
                          "Nothing was changed. Try again."};
    }
    file.replace();
    try {
        files_->sync();
    } catch (const base::Error& error) {
        throw base::Error{
            error.kind(),
            fmt::format("the manifest '{}' was changed, but a power failure may undo that: {}",
                        base::printable(files_->path_of(name_)), error.what()),
            "Check the disk."};
    }
}

} // namespace dbbackup::store
