#pragma once

#include <dbbackup/stream/checksum.hpp>
#include <dbbackup/stream/fd_source.hpp>
#include <dbbackup/stream/pump.hpp>

#include <atomic>
#include <future>
#include <string>

namespace dbbackup::ops {

/// SHA-256 and size of an open file, read from its start on a thread of its own.
class FileHash {
public:
    /// `name` stands for the file in errors.
    FileHash(int fd, std::string name);
    FileHash(const FileHash&) = delete;
    FileHash& operator=(const FileHash&) = delete;
    /// Abandons what is not read yet.
    ~FileHash();

    /// Waits for the end. Throws base::Error where the file could not be read.
    [[nodiscard]] stream::Checksum& finish();

private:
    std::atomic<bool> stop_{false};
    stream::Checksum checksum_;
    std::future<void> reading_; ///< last: its destructor waits for the thread that uses the others
};

} // namespace dbbackup::ops
