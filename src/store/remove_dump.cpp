#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/manifest_lock.hpp>
#include <dbbackup/store/remove_dump.hpp>
#include <dbbackup/sys/file_use.hpp>
#include <dbbackup/sys/user.hpp>

#include <fmt/format.h>

namespace dbbackup::store {

namespace {

/// A removal that we began would have been finished before: this file is not ours.
void require_absent(const sys::Directory& files, const std::string& hidden) {
    if (const auto owner = files.find_owner(hidden)) {
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format("'{}' is in the way{}", base::printable(files.path_of(hidden)),
                        files.trusts(*owner) ? ""
                                             : ", and belongs to " + sys::describe_user(*owner)),
            "Move it away, and prune again."};
    }
}

} // namespace

std::string removed_name_of(const std::string& name) {
    return "." + name + ".removed";
}

Removal remove_dump(const DumpDirectory& directory, const DumpEntry& decided_on) {
    const sys::Directory& files = directory.files();
    const std::string& name = decided_on.name;
    const ManifestLock lock{directory, name};
    const auto file = files.find_file(name);
    if (lock.read() != decided_on.manifest || !file || file->size != decided_on.size ||
        !files.trusts(file->owner)) {
        return Removal::changed;
    }
    if (sys::is_in_use(files, name)) {
        return Removal::in_use;
    }
    const std::string hidden = removed_name_of(name);
    require_absent(files, hidden);
    files.rename(name, hidden);
    try {
        files.remove(lock.name());
    } catch (const base::Error&) {
        files.rename(hidden, name);
        throw;
    }
    files.remove(hidden);
    return Removal::done;
}

} // namespace dbbackup::store
