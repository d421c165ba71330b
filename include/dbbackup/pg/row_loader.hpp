#pragma once

#include <dbbackup/pg/dump_outline.hpp>
#include <dbbackup/pg/dump_scanner.hpp>
#include <dbbackup/pg/session.hpp>
#include <dbbackup/stream/pump.hpp>

#include <memory>
#include <vector>

namespace dbbackup::pg {

/// Loads the rows of some tables of a dump again, each into a temporary table without constraints
/// or triggers, to ask the server how it reads the dump's text.
class RowLoader : public stream::Observer {
public:
    /// Makes the temporary tables, with the columns that `tables` have in the database of
    /// `session`, which outlives the loader. Throws ServerError.
    RowLoader(Session& session, const std::vector<CopiedTable>& tables);
    ~RowLoader() override;

    /// Throws ServerError, and base::Error{damaged} if the dump holds what no restore may run.
    void observe(base::Bytes bytes) override;

    [[nodiscard]] const DumpScanner& scanner() const noexcept;

    /// The temporary table with the rows of `tables[i]`, with its columns in the same order.
    [[nodiscard]] CopiedTable loaded(std::size_t i) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace dbbackup::pg
