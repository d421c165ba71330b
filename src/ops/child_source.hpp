#pragma once

#include "ops/archive_writer.hpp"

#include <dbbackup/stream/pump.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace dbbackup::ops {

[[nodiscard]] std::chrono::milliseconds
elapsed_since(std::chrono::steady_clock::time_point started);

/// A child's stdout as a source that tells the listener how far it has come, also while the child
/// is silent.
class ChildSource : public stream::Source {
public:
    ChildSource(sys::ChildProcess& child, const pg::DumpScanner& scanner, const ArchiveJob& job,
                Progress::Phase phase);

    std::size_t read(std::byte* buffer, std::size_t size) override;

private:
    void report();

    sys::ChildProcess& child_;
    const pg::DumpScanner& scanner_;
    Listener& listener_;
    Progress progress_;
    std::chrono::steady_clock::time_point started_;
    std::chrono::steady_clock::time_point last_report_;
};

/// Waits for a child whose output has come to its end. Passes its warnings on and returns them;
/// throws base::Error{failed} with what it said of the cause where it did not succeed.
std::vector<std::string> require_success(sys::ChildProcess& child, const ArchiveJob& job);

} // namespace dbbackup::ops
