#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace dbbackup::ops {

/// How far an operation has got.
struct Progress {
    enum class Phase {
        dumping,
        reading_back,
        finishing,
        checking,
        restoring,
        analyzing,
        comparing,    ///< a drill: what came back with the dump
        reading_rows, ///< of a dump or a database
        placing,      ///< rows in the tables of a database
        uploading,    ///< a copy to a remote
        reading_copy, ///< at a remote
        downloading   ///< a copy from a remote
    };

    Phase phase = Phase::dumping;
    /// Of SQL or, while an archive is written and for copies, of the file.
    std::uint64_t bytes = 0;
    std::uint64_t estimated_bytes = 0; ///< the expected final `bytes`, roughly; 0 if unknown
    std::uint64_t rows = 0;
    std::string table; ///< the table whose rows are being processed, or empty
    std::chrono::milliseconds elapsed{};
};

/// Receives the events of a running operation, on the thread that runs it.
class Listener {
public:
    virtual ~Listener() = default;
    /// A problem that does not stop the operation. Never holds a secret.
    virtual void on_warning(const std::string& message) = 0;
    /// Worth a line, but not a problem.
    virtual void on_notice(const std::string& message) = 0;
    /// Detail, for users who requested it.
    virtual void on_detail(const std::string& message) = 0;
    /// Called often; the listener decides what to show.
    virtual void on_progress(const Progress& progress) = 0;
};

} // namespace dbbackup::ops
