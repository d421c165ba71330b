#include "ops/drill/table_proofs.hpp"

#include "ops/drill/drill_versions.hpp"

#include <dbbackup/pg/row_digest.hpp>
#include <dbbackup/pg/row_loader.hpp>

#include <algorithm>
#include <optional>

namespace dbbackup::ops {

namespace {

TableProof proof_of(pg::TableMatch match) {
    switch (match) {
    case pg::TableMatch::equal:
        return TableProof::rows_and_contents;
    case pg::TableMatch::rows_counted:
        return TableProof::rows_counted;
    default:
        return TableProof::differs;
    }
}

/// The dump's own event triggers must not affect the comparison. Only a superuser may disable them.
void silence_event_triggers(pg::Session& session) {
    try {
        session.execute("set session_replication_role = replica");
    } catch (const pg::ServerError&) {
        // Then they may make the comparison fail, which is reported.
    }
}

/// The one of `tables` with the name of `table`.
template <typename Table>
const Table* find_table(const std::vector<Table>& tables, const pg::ComparedTable& table) {
    const auto found = std::ranges::find_if(tables, [&table](const Table& other) {
        return other.schema == table.schema && other.name == table.name;
    });
    return found == tables.end() ? nullptr : &*found;
}

class TableProver {
public:
    TableProver(const ScratchDatabase& scratch, const DrillJob& job, const ChildWatch& watch,
                const pg::DumpOutline& dump)
        : scratch_(scratch), job_(job), watch_(watch), dump_(dump) {}

    std::vector<ProvenTable> prove(std::vector<pg::ComparedTable>& tables) {
        std::vector<ProvenTable> proven;
        for (const pg::ComparedTable& table : tables) {
            proven.push_back({.schema = table.schema,
                              .name = table.name,
                              .rows = table.rows_in_dump,
                              .proof = proof_of(table.match)});
        }
        prove_by_column(tables, proven);
        if (may_be_written_differently()) {
            prove_by_value(tables, proven);
        }
        return proven;
    }

private:
    /// Tables whose columns were restored in another order, as happens with inheritance.
    void prove_by_column(std::vector<pg::ComparedTable>& tables, std::vector<ProvenTable>& proven) {
        for (std::size_t i = 0; i < tables.size(); ++i) {
            if (tables[i].match != pg::TableMatch::columns_reordered) {
                continue;
            }
            const pg::ScannedTable* original =
                find_table(dump_.scanner().contents().tables, tables[i]);
            const pg::CopiedTable* copied = find_table(dump_.details().copied_tables, tables[i]);
            const bool same = original != nullptr && copied != nullptr &&
                              pg::read_row_digest(session(), *copied) ==
                                  pg::RowDigest{original->rows, original->fingerprint};
            accept(same, TableProof::by_column, tables[i], proven[i]);
        }
    }

    /// True for a dump by another program or of another version: another time zone, or the format
    /// of floating-point numbers before version 12, is not a difference.
    [[nodiscard]] bool may_be_written_differently() const {
        return !job_.manifest || number_of_version(job_.manifest->database.server_version) !=
                                     number_of_version(scratch_.server().info().version);
    }

    /// Lets the server read the dump's rows again, without constraints and triggers, and compares
    /// the resulting values with the table's.
    void prove_by_value(std::vector<pg::ComparedTable>& tables, std::vector<ProvenTable>& proven) {
        std::vector<std::size_t> places;
        std::vector<pg::CopiedTable> copied;
        for (std::size_t i = 0; i < tables.size(); ++i) {
            const bool in_question = tables[i].match == pg::TableMatch::contents_differ ||
                                     tables[i].match == pg::TableMatch::columns_reordered;
            const pg::CopiedTable* table =
                in_question ? find_table(dump_.details().copied_tables, tables[i]) : nullptr;
            if (table != nullptr) {
                places.push_back(i);
                copied.push_back(*table);
            }
        }
        if (places.empty()) {
            return;
        }
        pg::RowLoader loader{session(), copied};
        (void)job_.file.read(loader, loader.scanner(), watch_, Progress::Phase::comparing);
        pg::write_rows_as_dumped(session(), dump_.inventory().encoding);
        for (std::size_t i = 0; i < places.size(); ++i) {
            const bool same = pg::read_row_digest(session(), loader.loaded(i)) ==
                              pg::read_row_digest(session(), copied[i]);
            accept(same, TableProof::by_value, tables[places[i]], proven[places[i]]);
        }
    }

    static void accept(bool same, TableProof proof, pg::ComparedTable& table, ProvenTable& proven) {
        if (same) {
            table.match = pg::TableMatch::equal;
            proven.proof = proof;
        }
    }

    /// A session that writes rows like pg_dump.
    pg::Session& session() {
        if (!session_) {
            session_.emplace(scratch_.server().open());
            silence_event_triggers(*session_);
            pg::write_rows_as_dumped(*session_, dump_.inventory().encoding);
        }
        return *session_;
    }

    const ScratchDatabase& scratch_;
    const DrillJob& job_;
    const ChildWatch& watch_;
    const pg::DumpOutline& dump_;
    std::optional<pg::Session> session_;
};

} // namespace

std::vector<ProvenTable> prove_tables(const ScratchDatabase& scratch, const DrillJob& job,
                                      const ChildWatch& watch, const pg::DumpOutline& dump,
                                      std::vector<pg::ComparedTable>& tables) {
    return TableProver{scratch, job, watch, dump}.prove(tables);
}

} // namespace dbbackup::ops
