#pragma once

#include <dbbackup/pg/database_state.hpp>
#include <dbbackup/pg/dump_scanner.hpp>
#include <dbbackup/stream/pump.hpp>

#include <memory>

namespace dbbackup::pg {

/// Reads a dump for what a manifest records of it: the rows (DumpScanner), and the state of the
/// database. Runs nothing and refuses nothing. Memory is bounded as in DumpScanner, and by the
/// names of the migrations.
class DumpStateReader : public stream::Observer {
public:
    DumpStateReader();
    ~DumpStateReader() override;

    void observe(base::Bytes bytes) override;

    [[nodiscard]] DumpScanner& scanner() noexcept;
    /// Once all was observed.
    [[nodiscard]] DatabaseState state() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace dbbackup::pg
