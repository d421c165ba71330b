#pragma once

#include "ops/client/child_reader.hpp"
#include "ops/seal/age_program.hpp"

#include <dbbackup/sys/child_process.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace dbbackup::ops {

/// What a sealed file holds, through age.
class SealedSource : public ChildReader {
public:
    /// Reads the file `fd` from its start. Call from the main thread.
    SealedSource(const AgeProgram& age, int fd, int identity_fd);

    // At its end, age must have exited 0: read() throws base::Error{failed} if the identity does
    // not open it or age fails, and {damaged} if age says that it was changed or is incomplete.

private:
    explicit SealedSource(std::unique_ptr<sys::ChildProcess> age);
    void on_end() override;
    void on_silence(std::chrono::milliseconds silence) override;

    std::unique_ptr<sys::ChildProcess> age_;
};

/// The whole of it, at most `most` bytes. Throws as SealedSource does.
[[nodiscard]] std::string read_sealed(const AgeProgram& age, int fd, int identity_fd,
                                      std::size_t most);

} // namespace dbbackup::ops
