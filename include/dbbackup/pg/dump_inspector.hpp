#pragma once

#include <dbbackup/pg/dump_summary.hpp>
#include <dbbackup/stream/pump.hpp>

#include <memory>

namespace dbbackup::pg {

/// Reads a dump as a restore would, but executes nothing. Finds out what is in it, whether it is
/// complete, and whether it is safe to run. Memory is bounded as in DumpScanner.
class DumpInspector : public stream::Observer {
public:
    DumpInspector();
    ~DumpInspector() override;

    /// Throws base::Error{damaged} if the dump holds what no restore may run.
    void observe(base::Bytes bytes) override;

    /// The stream has ended. Throws base::Error{damaged} if the dump is not complete.
    void finish();

    [[nodiscard]] const DumpScanner& scanner() const noexcept;
    /// Complete after finish().
    [[nodiscard]] DumpSummary summary() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace dbbackup::pg
