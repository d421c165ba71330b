#pragma once

#include "ops/client/child_input.hpp"
#include "ops/read/file_hash.hpp"
#include "ops/seal/age_program.hpp"

#include <dbbackup/stream/pump.hpp>
#include <dbbackup/sys/child_process.hpp>

#include <atomic>
#include <cstdint>
#include <future>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// Seals what is written, through age, into a file. What age writes is hashed on its way there.
class SealSink final : public stream::Sink {
public:
    /// `fd` is empty, and `name` names it in errors. Call from the main thread.
    SealSink(const AgeProgram& age, const std::vector<std::string>& recipients, int fd,
             std::string name);
    SealSink(const SealSink&) = delete;
    SealSink& operator=(const SealSink&) = delete;
    /// Ends age. No other thread may still write.
    ~SealSink() override;

    void write(base::Bytes bytes) override;

    /// The file is sealed to its end: age took all, exited 0, and the file is as long as a sealed
    /// file with that content must be. Throws base::Error. Call from the main thread.
    void finish() override;

    /// If age or the file is why a write failed, throws that. Call from the main thread.
    void throw_cause();

    /// After finish().
    [[nodiscard]] const FileSum& sum() const { return collecting_.get(); }

private:
    FileSum collect();
    void require_age_success();
    void await_collector();

    std::string name_;
    int fd_;
    ChildInput input_;
    sys::Pipe output_;
    std::string beginning_; ///< of the file
    std::atomic<std::uint64_t> collected_{0};
    std::atomic<bool> stop_{false};
    sys::ChildProcess age_;
    /// Last: its destructor waits for the thread, which uses the other members.
    std::shared_future<FileSum> collecting_;
};

} // namespace dbbackup::ops
