#pragma once

#include <dbbackup/sys/fd.hpp>

#include <filesystem>

namespace dbbackup::ops {

/// A file with the secret keys that open sealed dumps. Only age reads it. It is opened when it is
/// needed first: what needs none must not fail because it is not there.
class IdentityFile {
public:
    explicit IdentityFile(std::filesystem::path path) : path_(std::move(path)) {}

    /// For commands that are suggested.
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

    /// For age, which opens it again and again. What is not a regular file, such as a pipe, is read
    /// into memory. Throws base::Error{usage} if it cannot be read.
    [[nodiscard]] int fd() const;

private:
    std::filesystem::path path_;
    mutable sys::Fd fd_;
};

} // namespace dbbackup::ops
