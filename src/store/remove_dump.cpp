#include <dbbackup/store/manifest_lock.hpp>
#include <dbbackup/store/remove_dump.hpp>
#include <dbbackup/sys/file_use.hpp>

namespace dbbackup::store {

std::string removed_name_of(const std::string& name) {
    return "." + name + ".removed";
}

Removal remove_dump(const DumpDirectory& directory, const DumpEntry& decided_on) {
    const sys::Directory& files = directory.files();
    const std::string& name = decided_on.name;
    const ManifestLock lock{directory, name};
    if (lock.read() != decided_on.manifest || files.find_file_size(name) != decided_on.size) {
        return Removal::changed;
    }
    if (sys::is_in_use(files, name)) {
        return Removal::in_use;
    }
    files.rename(name, removed_name_of(name));
    files.remove(lock.name());
    files.remove(removed_name_of(name));
    return Removal::done;
}

} // namespace dbbackup::store
