#pragma once

#include <dbbackup/sys/fd.hpp>

#include <optional>
#include <sys/types.h>
#include <utility>

namespace dbbackup::sys {

/// A process that need not be a child of ours. As long as one of these lives it means that very
/// process: a signal never reaches another one that got its id since (pidfd_open(2)). Kernels
/// before 5.3 cannot tell them apart.
class Process {
public:
    /// Nothing if there is none of that id, or the id is none of a process that may be signalled.
    [[nodiscard]] static std::optional<Process> find(pid_t pid) noexcept;

    [[nodiscard]] pid_t id() const noexcept { return pid_; }

    /// Harmless once it has ended, or if we may not.
    void send(int signal_number) const noexcept;

private:
    Process(pid_t pid, Fd handle) : pid_(pid), handle_(std::move(handle)) {}

    pid_t pid_;
    Fd handle_; ///< none on old kernels
};

} // namespace dbbackup::sys
