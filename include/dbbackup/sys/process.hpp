#pragma once

#include <dbbackup/sys/fd.hpp>

#include <optional>
#include <sys/types.h>
#include <utility>

namespace dbbackup::sys {

/// A process that need not be a child of ours. While the object lives it means that same process: a
/// signal never reaches another one that has since got its id (pidfd_open(2)). Kernels before 5.3
/// cannot tell them apart.
class Process {
public:
    /// Nothing if no process has that id, or the id is not one of a process that may be signalled.
    [[nodiscard]] static std::optional<Process> find(pid_t pid) noexcept;

    [[nodiscard]] pid_t id() const noexcept { return pid_; }

    /// Does nothing if it has ended, or if we may not.
    void send(int signal_number) const noexcept;

private:
    Process(pid_t pid, Fd handle) : pid_(pid), handle_(std::move(handle)) {}

    pid_t pid_;
    Fd handle_; ///< none on old kernels
};

} // namespace dbbackup::sys
