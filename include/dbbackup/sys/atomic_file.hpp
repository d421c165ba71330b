#pragma once

#include <dbbackup/base/error.hpp>
#include <dbbackup/sys/directory.hpp>

#include <string>

namespace dbbackup::sys {

/// A file that is under its name whole and durable, or not at all. It is written as
/// `.NAME.partial`, mode 0600 whatever the umask; commit() or replace() gives it its name.
class AtomicFile {
public:
    /// Makes the partial file in `directory`, which must outlive it; throws base::Error, also if
    /// one of that name is there already.
    AtomicFile(const Directory& directory, std::string name);
    /// The same under a partial name of the caller's.
    AtomicFile(const Directory& directory, std::string name, std::string partial_name);
    /// Removes the partial file unless committed.
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    [[nodiscard]] int fd() const noexcept { return fd_.get(); }

    [[nodiscard]] const std::string& name() const noexcept { return name_; }

    /// The partial file's path, as messages show it.
    [[nodiscard]] std::string partial_path() const { return directory_.path_of(partial_name_); }

    /// Takes over owner, group and permissions of the file that is open as `fd`; the group only
    /// if it can or has rights. Throws base::Error.
    void take_rights_of(int fd);
    /// Makes the content durable. Throws base::Error.
    void sync();
    /// Gives the synced file its name, which no other file may have: throws base::Error and changes
    /// nothing if one has. The name is durable after Directory::sync().
    void commit();
    /// The same in the place of the file that has the name: at any moment the name leads to one of
    /// them, whole.
    void replace();
    /// Takes the name back after commit(): removes the file. Never throws.
    void withdraw() noexcept;

    /// Removes the partial file of a writer that was killed, where it is a regular file of this
    /// user's or of the owner of the file open as `fd`; whatever else has that name stays. The
    /// caller knows that nobody is writing it. Never throws.
    static void remove_leftover(const Directory& directory, const std::string& partial_name,
                                int fd) noexcept;

    [[nodiscard]] static std::string partial_name_of(const std::string& name) {
        return "." + name + ".partial";
    }

private:
    enum class Stage { partial, synced, committed, gone };

    void require_synced() const;
    /// That its partial name leads to nothing else.
    void require_in_place() const;
    [[nodiscard]] bool is_in_place() const noexcept;
    [[nodiscard]] base::Error cannot_name(int error_number) const;

    const Directory& directory_;
    std::string name_;
    std::string partial_name_;
    Fd fd_;
    Stage stage_ = Stage::partial;
};

} // namespace dbbackup::sys
