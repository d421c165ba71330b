#pragma once

#include <dbbackup/ops/listener.hpp>
#include <dbbackup/pg/connection_url.hpp>
#include <dbbackup/pg/dump_scanner.hpp>
#include <dbbackup/stream/pump.hpp>
#include <dbbackup/sys/child_process.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace dbbackup::ops {

[[nodiscard]] std::chrono::milliseconds
elapsed_since(std::chrono::steady_clock::time_point started);

/// Who hears of a child, and how.
struct ChildWatch {
    Listener& listener;
    std::uint64_t estimated_bytes = 0; ///< of its output, for progress; 0 where unknown
    /// Whose secrets are taken out of what the child says; none for one that connects to nothing.
    const pg::Connection* connection = nullptr;
};

/// Tells a listener now and then how far a stream of SQL has come.
class ProgressReport {
public:
    ProgressReport(const pg::DumpScanner& scanner, const ChildWatch& watch, Progress::Phase phase);

    /// `bytes` more have passed, or none.
    void add(std::uint64_t bytes);

private:
    const pg::DumpScanner& scanner_;
    Listener& listener_;
    Progress progress_;
    std::chrono::steady_clock::time_point started_;
    std::chrono::steady_clock::time_point last_report_;
};

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

/// Waits for a child whose output has come to its end. Passes its warnings on and returns them;
/// throws base::Error{failed} with what it said of the cause where it did not succeed.
std::vector<std::string> require_success(sys::ChildProcess& child, const ChildWatch& watch);

} // namespace dbbackup::ops
