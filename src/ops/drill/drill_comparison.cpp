#include "ops/drill/drill_comparison.hpp"

#include "ops/client/child_outcome.hpp"
#include "ops/client/child_source.hpp"
#include "ops/drill/redump.hpp"
#include "ops/drill/table_proofs.hpp"
#include "ops/server_access.hpp"

#include <dbbackup/base/dotted_name.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/compare_outlines.hpp>
#include <dbbackup/pg/dump_outline.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <utility>

namespace dbbackup::ops {

namespace {

std::string shown(const pg::ComparedTable& table) {
    return base::printable(base::dotted_name(table.schema, table.name));
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

std::string counted_statements(std::size_t differing) {
    return differing == 1 ? "1 statement differs" : fmt::format("{} statements differ", differing);
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
        if (redump.text == pg::ComparedText::version_neutral) {
            report.text_not_compared += "; only what every version writes alike was compared";
        } else if (!redump.may_be_written_differently.empty() && !difference.rewritten.empty()) {
            report.text_not_compared =
                fmt::format("{}, but {}", counted_statements(difference.rewritten.size()),
                            redump.may_be_written_differently);
            report.notes = std::exchange(difference.rewritten, {});
        }
        report.tables = prove_tables(scratch_, job_, watch_, dump_, difference.tables);
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
        for (auto* findings :
             {&difference.sequences, &difference.large_objects, &difference.objects,
              &difference.statements, &difference.rewritten}) {
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

    const ScratchDatabase& scratch_;
    const DrillJob& job_;
    ChildWatch watch_;
    pg::DumpOutline dump_;
    pg::DumpOutline copy_;
};

} // namespace

void compare_copy(const ScratchDatabase& scratch, const DrillJob& job, DrillReport& report) {
    Comparison{scratch, job}.run(report);
}

} // namespace dbbackup::ops
