#pragma once

#include <dbbackup/ops/listener.hpp>
#include <dbbackup/pg/connection_url.hpp>
#include <dbbackup/pg/dump_scanner.hpp>

#include <chrono>
#include <cstdint>

namespace dbbackup::ops {

[[nodiscard]] std::chrono::milliseconds
elapsed_since(std::chrono::steady_clock::time_point started);

/// Whom the hints after a failure of pg_dump are for: a safety dump must hold everything, and has
/// options of `restore`.
enum class HintsFor { dump, safety_dump };

/// Who is told about a child, and how.
struct ChildWatch {
    Listener& listener;
    std::uint64_t estimated_bytes = 0; ///< of its output, for progress; 0 if unknown
    /// Its secrets are removed from the child's messages; null for a child that does not connect.
    const pg::Connection* connection = nullptr;
    HintsFor hints = HintsFor::dump;
};

/// Reports the progress of a stream of SQL to a listener at intervals.
class ProgressReport {
public:
    ProgressReport(const pg::DumpScanner& scanner, const ChildWatch& watch, Progress::Phase phase);

    /// `bytes` more were processed, or none.
    void add(std::uint64_t bytes);

private:
    const pg::DumpScanner& scanner_;
    Listener& listener_;
    Progress progress_;
    std::chrono::steady_clock::time_point started_;
    std::chrono::steady_clock::time_point last_report_;
};

} // namespace dbbackup::ops
