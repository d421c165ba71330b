#pragma once

#include <dbbackup/sys/directory.hpp>

#include <string>
#include <vector>

namespace dbbackup::sys {

/// A directory of files that has its name only once it is complete and durable. It is written as
/// `.NAME.partial`, mode 0700, its files 0600, whatever the umask.
class AtomicDirectory {
public:
    /// Makes the partial directory in `parent`, which must outlive it; throws base::Error, also if
    /// one of that name exists.
    AtomicDirectory(const Directory& parent, std::string name);
    /// Removes it with its files unless committed.
    ~AtomicDirectory();
    AtomicDirectory(const AtomicDirectory&) = delete;
    AtomicDirectory& operator=(const AtomicDirectory&) = delete;

    /// Of the directory itself.
    [[nodiscard]] int fd() const noexcept { return directory_.fd(); }

    /// The path of `file` in it, as messages show it.
    [[nodiscard]] std::string path_of(const std::string& file) const {
        return directory_.path_of(file);
    }

    /// A new file in it. Throws base::Error.
    [[nodiscard]] Fd make_file(const std::string& file);
    /// Gives the directory its name, durably; every file must be synced. If there is a file or
    /// directory of that name, throws base::Error and changes nothing.
    void commit();

private:
    const Directory& parent_;
    std::string name_;
    std::string partial_name_;
    Directory directory_;
    std::vector<std::string> files_;
    bool is_committed_ = false;
};

} // namespace dbbackup::sys
