#pragma once

#include "ops/client/progress_report.hpp"

#include <dbbackup/stream/pump.hpp>
#include <dbbackup/sys/child_process.hpp>

#include <chrono>
#include <cstddef>
#include <functional>

namespace dbbackup::ops {

/// A child's stdout as a source that tells the listener how far it has come, also while the child
/// is silent.
class ChildSource : public stream::Source {
public:
    /// Called now and then while the child is silent, with how long it has been. May throw.
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
