#pragma once

#include <dbbackup/ops/listener.hpp>
#include <dbbackup/pg/connection_url.hpp>
#include <dbbackup/pg/dump_scanner.hpp>

#include <chrono>
#include <cstdint>

namespace dbbackup::ops {

[[nodiscard]] std::chrono::milliseconds
elapsed_since(std::chrono::steady_clock::time_point started);

/// Who hears of a child, and how.
struct ChildWatch {
    Listener& listener;
    std::uint64_t estimated_bytes = 0; ///< of its output, for progress; 0 if unknown
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

} // namespace dbbackup::ops
