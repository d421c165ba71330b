#pragma once

#include <dbbackup/base/error.hpp>
#include <dbbackup/sys/directory.hpp>

#include <string>

namespace dbbackup::sys {

/// A file that has its name only once it is complete and durable. It is written as `.NAME.partial`,
/// mode 0600 whatever the umask; commit() or replace() gives it its name.
class AtomicFile {
public:
    /// Makes the partial file in `directory`, which must outlive it; throws base::Error, also if
    /// one of that name exists.
    AtomicFile(const Directory& directory, std::string name);
    /// The same with a partial name that the caller chooses.
    AtomicFile(const Directory& directory, std::string name, std::string partial_name);
    /// Removes the partial file unless committed.
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    [[nodiscard]] int fd() const noexcept { return fd_.get(); }

    [[nodiscard]] const std::string& name() const noexcept { return name_; }

    /// The partial file's path, as messages show it.
    [[nodiscard]] std::string partial_path() const { return directory_.path_of(partial_name_); }

    /// Copies owner, group and permissions from the file open as `fd`. A group that cannot be set
    /// is an error only if it has rights. Throws base::Error.
    void take_rights_of(int fd);
    /// Makes the content durable. Throws base::Error.
    void sync();
    /// Gives the synced file its name. If another file has that name, throws base::Error and
    /// changes nothing. The name is durable after Directory::sync().
    void commit();
    /// The same, but atomically replaces the file that has the name: at any moment the name leads
    /// to one of them, complete.
    void replace();
    /// Undoes commit(): removes the file. Never throws.
    void withdraw() noexcept;

    /// Removes the partial file of a killed writer if it is a regular file that belongs to this
    /// user or to the owner of the file open as `fd`; anything else of that name stays. The caller
    /// must know that nobody is writing it. Never throws.
    static void remove_leftover(const Directory& directory, const std::string& partial_name,
                                int fd) noexcept;

    [[nodiscard]] static std::string partial_name_of(const std::string& name) {
        return "." + name + ".partial";
    }

private:
    enum class Stage { partial, synced, committed, gone };

    void require_synced() const;
    /// Throws unless its partial name still leads to it.
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
