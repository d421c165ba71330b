#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace dbbackup::ops {

/// How far an operation has come.
struct Progress {
    enum class Phase {
        dumping,
        reading_back,
        finishing,
        checking,
        restoring,
        analyzing,
        comparing
    };

    Phase phase = Phase::dumping;
    std::uint64_t bytes = 0;           ///< of SQL or, while an archive is written, of the archive
    std::uint64_t estimated_bytes = 0; ///< what `bytes` will come to, roughly; 0 if unknown
    std::uint64_t rows = 0;
    std::string table; ///< whose rows are passing, or empty
    std::chrono::milliseconds elapsed{};
};

/// Hears from a running operation. Calls come from the thread that runs it.
class Listener {
public:
    virtual ~Listener() = default;
    /// Something a person should know, though the operation goes on. Never holds a secret.
    virtual void on_warning(const std::string& message) = 0;
    /// Something that is worth a line, but no cause for worry.
    virtual void on_notice(const std::string& message) = 0;
    /// Detail for those who asked for it.
    virtual void on_detail(const std::string& message) = 0;
    /// Called often; showing is the listener's business.
    virtual void on_progress(const Progress& progress) = 0;
};

} // namespace dbbackup::ops
