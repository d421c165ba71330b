#include "cli/report/result_lines.hpp"

#include "cli/command_line/restore_command.hpp"
#include "cli/report/compare_text.hpp"
#include "cli/terminal/counted.hpp"

#include <dbbackup/base/byte_size.hpp>
#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <chrono>
#include <fmt/format.h>

namespace dbbackup::cli {

namespace {

std::string verdict_of(const ops::VerifiedDump& dump) {
    switch (dump.verdict) {
    case ops::Verdict::damaged:
        return "damaged";
    case ops::Verdict::unverified:
        return "could not be verified";
    case ops::Verdict::good:
        return dump.drill                  ? "good, proven by a restore"
               : dump.weaker_check.empty() ? "good"
                                           : dump.weaker_check + ", not read";
    }
    return "could not be verified";
}

} // namespace

std::string result_line(const ops::CompareReport& report) {
    const std::string other = report.now.server.empty() ? report.now.name : report.now.server;
    return fmt::format("compared '{}' with {}: {}", base::printable(report.then.name),
                       base::printable(other), verdict_of(report));
}

std::string result_line(const ops::DumpReport& report) {
    const store::Manifest& manifest = report.manifest;
    std::string line = fmt::format(
        "dumped {} on {}:{} to '{}': {}, {}, in {}", base::printable(manifest.database.name),
        base::printable(manifest.database.host), manifest.database.port,
        base::printable(report.path),
        manifest.seal ? std::string{"sealed"}
                      : fmt::format("{} in {}", counted(manifest.contents.total_rows(), "row"),
                                    counted(manifest.contents.tables.size(), "table")),
        base::format_byte_size(manifest.file.size),
        base::format_duration(std::chrono::milliseconds{manifest.dump.duration_ms}));
    if (report.prune) {
        line += "; " + result_line(*report.prune);
    }
    return line;
}

std::string result_line(const ops::ExportReport& report) {
    const std::string what =
        fmt::format("{} in {} of {} on {}", counted(report.rows(), "row"),
                    counted(report.tables.size(), "table"), base::printable(report.database),
                    base::printable(report.server));
    return report.dry_run ? fmt::format("dry run: would export {}", what)
                          : fmt::format("exported {} to '{}': {}, in {}", what,
                                        base::printable(report.path.value_or("stdout")),
                                        base::format_byte_size(report.size),
                                        base::format_duration(report.duration));
}

std::string result_line(const ops::GuardReport& report) {
    return fmt::format("{}; the command ended with {}", result_line(report.dump),
                       report.command.describe());
}

std::string result_line(const ops::ImportReport& report) {
    const pg::PlacingCounts total = report.total();
    const char* deed = report.is_committed ? "imported"
                       : report.is_dry_run ? "tried to import"
                                           : "could not import";
    return fmt::format(
        "{} '{}' into {}: {} inserted, {} updated, {} deleted, {}", deed,
        base::printable(report.plan.source),
        base::printable(full_name_of(report.plan.host, report.plan.port, report.plan.database)),
        total.inserted, total.updated, total.deleted, counted(total.conflicts, "conflict"));
}

std::string result_line(const ops::ImportUndoReport& report) {
    std::uint64_t deleted = 0;
    for (const auto& table : report.tables) {
        deleted += table.deleted;
    }
    return fmt::format("{} the import of '{}': {} deleted",
                       report.is_dry_run ? "tried to undo" : "undid", base::printable(report.file),
                       counted(deleted, "row"));
}

std::string result_line(const ops::RestoreReport& report) {
    const ops::RestorePlan& plan = report.plan;
    const std::string target = base::printable(full_name_of(plan.host, plan.port, plan.database));
    if (!report.outcome) {
        return fmt::format("dry run: would restore '{}' into {}", base::printable(plan.dump_path),
                           target);
    }
    const ops::RestoreOutcome& outcome = *report.outcome;
    std::string line =
        fmt::format("restored '{}' into {}: {} in {}, in {}", base::printable(plan.dump_path),
                    target, counted(outcome.rows, "row"), counted(outcome.tables, "table"),
                    base::format_duration(outcome.duration));
    if (outcome.safety_dump) {
        line += fmt::format("; safety dump '{}'", base::printable(*outcome.safety_dump));
    }
    if (outcome.kept_database) {
        line += fmt::format("; the old database is kept as {}",
                            base::printable(*outcome.kept_database));
    }
    return line;
}

std::string result_line(const ops::VerifiedDump& dump) {
    return fmt::format("'{}': {}", base::printable(dump.path), verdict_of(dump));
}

std::string result_line(const ops::PruneReport& report) {
    return fmt::format("{} {} of {}, {}", report.dry_run ? "would delete" : "deleted",
                       report.removed(), counted(report.decisions.size(), "dump"),
                       base::format_byte_size(report.bytes_freed()));
}

std::string result_line(const ops::PinReport& report) {
    return fmt::format("'{}': {}", base::printable(report.path),
                       report.pinned ? "pinned" : "not pinned");
}

std::string result_line(const ops::CopyResult& copy) {
    return fmt::format("'{}' at {}: {}", base::printable(copy.dump), copy.remote,
                       ops::name_of(copy.state));
}

std::string result_line(const ops::PullReport& report) {
    return fmt::format("pulled '{}' from '{}'", base::printable(report.path),
                       base::printable(report.origin));
}

std::string result_line(const ops::StatusReport& report) {
    const auto healthy = std::ranges::count_if(report.databases, &ops::DatabaseStatus::is_healthy);
    return fmt::format("{}: {} of {} healthy", report.is_healthy() ? "healthy" : "unhealthy",
                       healthy, counted(report.databases.size(), "database"));
}

void log_removed(const ops::PruneReport& report, Console& console) {
    for (const store::PruneDecision& decision : report.decisions) {
        if (!decision.is_kept() && !report.dry_run) {
            console.log_result(fmt::format("deleted '{}'", base::printable(decision.dump.name)));
        }
    }
}

} // namespace dbbackup::cli
