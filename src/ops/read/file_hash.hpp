#pragma once

#include <dbbackup/stream/pump.hpp>

#include <atomic>
#include <cstdint>
#include <future>
#include <string>

namespace dbbackup::ops {

struct FileSum {
    std::string sha256;
    std::uint64_t size = 0; ///< bytes
};

/// SHA-256 and size of an open file, read from its start on a thread of its own.
class FileHash {
public:
    /// `name` names the file in errors. `observer` sees it, on that thread, up to finish().
    FileHash(int fd, std::string name, stream::Observer* observer = nullptr);
    FileHash(const FileHash&) = delete;
    FileHash& operator=(const FileHash&) = delete;
    /// Stops reading.
    ~FileHash();

    /// Whether finish() would return at once.
    [[nodiscard]] bool finished() const;
    /// Waits for the end. Throws base::Error if the file could not be read.
    [[nodiscard]] const FileSum& finish() const;
    /// The same; a signal ends the wait with base::Interrupted. Call from the main thread.
    [[nodiscard]] const FileSum& finish_unless_interrupted() const;

private:
    std::atomic<bool> stop_{false};
    /// Last: its destructor waits for the thread, which uses the other member.
    std::shared_future<FileSum> reading_;
};

} // namespace dbbackup::ops
