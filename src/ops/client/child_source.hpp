#pragma once

#include "ops/client/progress_report.hpp"

#include <dbbackup/stream/pump.hpp>
#include <dbbackup/sys/child_process.hpp>

#include <chrono>
#include <cstddef>
#include <functional>

namespace dbbackup::ops {

/// A child's stdout as a source that reports progress to the listener, even while the child is
/// silent.
class ChildSource : public stream::Source {
public:
    /// Called regularly while the child is silent, with the length of the silence. May throw.
    using OnSilence = std::function<void(std::chrono::milliseconds)>;

    ChildSource(sys::ChildProcess& child, const pg::DumpScanner& scanner, const ChildWatch& watch,
                Progress::Phase phase, OnSilence on_silence = {});

    std::size_t read(std::byte* buffer, std::size_t size) override;

private:
    sys::ChildProcess& child_;
    ProgressReport progress_;
    OnSilence on_silence_;
};

} // namespace dbbackup::ops
