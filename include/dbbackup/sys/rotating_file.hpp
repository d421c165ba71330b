#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

namespace dbbackup::sys {

/// A file that several processes append lines to. Once it has grown to `most_bytes`, it becomes
/// FILE.1, the previous FILE.1 becomes FILE.2, and so on; beyond `most_files` in all, the oldest is
/// deleted. Each line is written whole, under a lock on the file, and begins a new line even if the
/// last one was cut.
class RotatingFile {
public:
    /// `is_ours` tells from the first bytes of a file, at most 64, whether it is one of these: no
    /// other file is ever written to, renamed or replaced, unless it is empty.
    RotatingFile(std::filesystem::path path, std::uint64_t most_bytes, unsigned most_files,
                 std::function<bool(std::string_view)> is_ours);

    /// Creates the file, mode 0600, if there is none; root gives it to the directory's owner.
    /// `line` ends in a line feed. Throws base::Error if it could not be written, and then no part
    /// of it is; also if the file is a link, not a regular file, not one of ours, has other names,
    /// or belongs to anyone but this user, root and the directory's owner. A signal does not
    /// interrupt it.
    void append(std::string_view line) const;

private:
    std::filesystem::path path_;
    std::uint64_t most_bytes_;
    unsigned most_files_;
    std::function<bool(std::string_view)> is_ours_;
};

} // namespace dbbackup::sys
