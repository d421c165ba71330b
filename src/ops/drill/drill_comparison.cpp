#include "ops/drill/drill_comparison.hpp"

#include "ops/client/child_outcome.hpp"
#include "ops/client/child_source.hpp"
#include "ops/drill/drill_versions.hpp"
#include "ops/drill/redump.hpp"
#include "ops/server_access.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/compare_outlines.hpp>
#include <dbbackup/pg/dump_outline.hpp>
#include <dbbackup/pg/row_digest.hpp>
#include <dbbackup/pg/row_loader.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <utility>

namespace dbbackup::ops {

namespace {

std::string shown(const pg::ComparedTable& table) {
    return base::printable(table.schema.empty() ? table.name : table.schema + "." + table.name);
}

/// A difference between the dump and its copy in one table, for people; empty for a match.
std::string describe(const pg::ComparedTable& table) {
    switch (table.match) {
    case pg::TableMatch::equal:
    case pg::TableMatch::rows_counted:
        return {};
    case pg::TableMatch::rows_differ:
        return fmt::format("table {} has {} rows in the dump, {} came back", shown(table),
                           base::with_thousands(table.rows_in_dump),
                           base::with_thousands(table.rows_in_copy));
    case pg::TableMatch::contents_differ:
    case pg::TableMatch::columns_reordered:
        return fmt::format("table {} came back with other rows", shown(table));
    case pg::TableMatch::missing:
        return fmt::format("table {} did not come back", shown(table));
    case pg::TableMatch::unexpected:
        return fmt::format("table {} came back, and is not in the dump", shown(table));
    }
    return {};
}

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

class Comparison {
public:
    Comparison(const ScratchDatabase& scratch, const DrillJob& job)
        : scratch_(scratch), job_(job), watch_{.listener = job.context.listener,
                                               .estimated_bytes = job.dump.pass.sql_bytes,
                                               .connection = &scratch.connection()} {}

    void run(DrillReport& report) {
        read_dump();
        const Redump redump = dump_copy();
        pg::OutlineDifference difference = pg::compare_outlines(dump_, copy_, redump.text);
        report.text_not_compared = redump.text_not_compared;
        if (!redump.may_be_written_differently.empty() && !difference.statements.empty()) {
            report.text_not_compared =
                fmt::format("{} statements differ, but {}", difference.statements.size(),
                            redump.may_be_written_differently);
            report.notes = std::exchange(difference.statements, {});
        }
        report.tables = prove_tables(difference.tables);
        report.sequences = dump_.details().sequences.size();
        report.large_objects = dump_.inventory().large_objects.size();
        report.objects = dump_.inventory().objects.size() + dump_.inventory().table_parts.size() +
                         dump_.inventory().extensions.size() +
                         dump_.inventory().created_schemas.size();
        for (const pg::ComparedTable& table : difference.tables) {
            if (std::string text = describe(table); !text.empty()) {
                report.differences.push_back(std::move(text));
            }
        }
        for (auto* findings : {&difference.sequences, &difference.large_objects,
                               &difference.objects, &difference.statements}) {
            std::ranges::move(*findings, std::back_inserter(report.differences));
        }
    }

private:
    void read_dump() {
        const DumpPass pass =
            job_.file.read(dump_, dump_.scanner(), watch_, Progress::Phase::comparing);
        dump_.finish();
        if (pass.sha256 != job_.dump.pass.sha256) {
            throw DamagedDump{fmt::format("'{}' changed while it was verified",
                                          base::printable(job_.file.path())),
                              "Find out who writes to that file.",
                              {}};
        }
    }

    Redump dump_copy() {
        const ServerAccess access{scratch_.connection(), scratch_.context()};
        Redump redump =
            plan_redump({.manifest = job_.manifest,
                         .server_major = pg::major_version(access.server().version_number),
                         .pg_dump_major = access.tools().major,
                         .all_restored = job_.options.owners == pg::Treatment::run &&
                                         job_.options.privileges == pg::Treatment::run,
                         .encoding = job_.dump.inventory.encoding,
                         .server_version = access.server().version,
                         .pg_dump_version = access.tools().version});
        sys::ChildProcess pg_dump{access.connected_command("pg_dump", redump.arguments)};
        ChildSource sql{pg_dump, copy_.scanner(), watch_, Progress::Phase::comparing};
        try {
            stream::pump(sql, {&copy_});
            require_success(pg_dump, watch_);
            copy_.finish();
        } catch (const base::Error& error) {
            // Damage of the copy says nothing about the dump.
            throw base::Error{
                base::ErrorKind::failed,
                fmt::format("the restored copy could not be dumped: {}", error.what()),
                error.hint().empty()
                    ? "Find out what is wrong with that pg_dump. This says nothing about the dump."
                    : error.hint()};
        }
        return redump;
    }

    /// How each table was compared. If tables differ only in their text, their rows are compared by
    /// value.
    std::vector<ProvenTable> prove_tables(std::vector<pg::ComparedTable>& tables) {
        std::vector<ProvenTable> proven;
        proven.reserve(tables.size());
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

    /// Tables whose columns were restored in another order, as happens with inheritance.
    void prove_by_column(std::vector<pg::ComparedTable>& tables, std::vector<ProvenTable>& proven) {
        for (std::size_t i = 0; i < tables.size(); ++i) {
            if (tables[i].match != pg::TableMatch::columns_reordered) {
                continue;
            }
            const pg::ScannedTable* original = find_in_dump(tables[i]);
            const pg::CopiedTable* copied = find_copied(tables[i]);
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
            const pg::CopiedTable* table = in_question ? find_copied(tables[i]) : nullptr;
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

    [[nodiscard]] const pg::ScannedTable* find_in_dump(const pg::ComparedTable& table) const {
        const auto& tables = dump_.scanner().contents().tables;
        const auto found = std::ranges::find_if(tables, [&table](const pg::ScannedTable& other) {
            return other.schema == table.schema && other.name == table.name;
        });
        return found == tables.end() ? nullptr : &*found;
    }

    [[nodiscard]] const pg::CopiedTable* find_copied(const pg::ComparedTable& table) const {
        const auto& tables = dump_.details().copied_tables;
        const auto found = std::ranges::find_if(tables, [&table](const pg::CopiedTable& other) {
            return other.schema == table.schema && other.name == table.name;
        });
        return found == tables.end() ? nullptr : &*found;
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
    ChildWatch watch_;
    pg::DumpOutline dump_;
    pg::DumpOutline copy_;
    std::optional<pg::Session> session_;
};

} // namespace

void compare_copy(const ScratchDatabase& scratch, const DrillJob& job, DrillReport& report) {
    Comparison{scratch, job}.run(report);
}

} // namespace dbbackup::ops
