#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace dbbackup::sys {

/// A file that several processes append lines to. Once it has grown to `most_bytes` it becomes
/// FILE.1, that one FILE.2 and so on; of `most_files` in all, the oldest goes. Each line is written
/// whole, under a lock on the file.
class RotatingFile {
public:
    RotatingFile(std::filesystem::path path, std::uint64_t most_bytes, unsigned most_files);

    /// Makes the file, mode 0600, if there is none. `line` ends in a line feed. Throws base::Error
    /// if it could not be written, and then no part of it is; also if the file is a link, no
    /// regular file, has other names, or belongs to somebody who is neither this user, nor root,
    /// nor the directory's owner. A signal does not cut it short.
    void append(std::string_view line) const;

private:
    std::filesystem::path path_;
    std::uint64_t most_bytes_;
    unsigned most_files_;
};

} // namespace dbbackup::sys
