#include "ops/drill/drill.hpp"

#include "ops/drill/drill_comparison.hpp"
#include "ops/drill/drill_restore.hpp"
#include "ops/drill/drill_versions.hpp"
#include "ops/drill/scratch_database.hpp"
#include "ops/restore/restore_plan.hpp"
#include "ops/server_access.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/lock_need.hpp>

#include <chrono>
#include <fmt/format.h>
#include <utility>

namespace dbbackup::ops {

namespace {

/// A dump of only rows has no tables for them.
void require_tables(const DrillJob& job) {
    if (job.dump.holds_rows_alone()) {
        throw base::Error{base::ErrorKind::failed,
                          "the dump holds only rows, and no tables to restore them into",
                          "Drill a dump of the whole database."};
    }
}

ScratchNeeds needs_of(const DrillJob& job) {
    const auto& manifest = job.manifest;
    const pg::DumpInventory& inventory = job.dump.inventory;
    return {.server = job.options.scratch_server,
            .major = base::leading_number(dumped_version(job)),
            .encoding = inventory.encoding,
            .original = manifest ? std::optional{manifest->database} : std::nullopt,
            .locks = pg::locks_to_create(inventory)};
}

/// Warnings of a server during a drill are shown only as details.
class WarningsAsDetails : public Listener {
public:
    explicit WarningsAsDetails(Listener& next) : next_(next) {}

    void on_warning(const std::string& message) override { next_.on_detail(message); }
    void on_notice(const std::string& message) override { next_.on_detail(message); }
    void on_detail(const std::string& message) override { next_.on_detail(message); }
    void on_progress(const Progress& progress) override { next_.on_progress(progress); }

private:
    Listener& next_;
};

/// True for a hint that leads to the server's log.
bool leads_to_log(const std::string& hint) {
    return hint.find("server's log") != std::string::npos ||
           hint.find("see its log") != std::string::npos;
}

/// Nobody can read the log of a throwaway server: it says here what it says there.
[[noreturn]] void throw_with_log(const base::Error& error, const ThrowawayServer& server) {
    const std::string said = server.say_what_failed();
    throw base::Error{
        error.kind(),
        said.empty() ? error.what()
                     : fmt::format("{} (the log of the throwaway server: {})", error.what(),
                                   base::mark_outside(said)),
        "Check memory and disk space. To be able to read the server's log, drill on your own "
        "server with --scratch-url."};
}

void restore_and_compare(const ScratchDatabase& scratch, const DrillJob& job, DrillReport& report) {
    try {
        DrilledRestore restored = restore_into(scratch, job);
        report.restore_time = restored.time;
        report.left_out = std::move(restored.left_out);

        const auto started = std::chrono::steady_clock::now();
        compare_copy(scratch, job, report);
        report.compare_time = elapsed_since(started);
    } catch (const base::Error& error) {
        if (error.kind() == base::ErrorKind::failed && scratch.throwaway() != nullptr &&
            leads_to_log(error.hint())) {
            throw_with_log(error, *scratch.throwaway());
        }
        throw;
    }
}

} // namespace

DrillReport run_drill(const DrillJob& loud) {
    WarningsAsDetails listener{loud.context.listener};
    const Context quiet{.listener = listener,
                        .clock = loud.context.clock,
                        .bin_dir = loud.context.bin_dir,
                        .environment = loud.context.environment,
                        .tool_version = loud.context.tool_version,
                        .identity = loud.context.identity,
                        .recipients = loud.context.recipients};
    const DrillJob job{.request = loud.request,
                       .options = loud.options,
                       .file = loud.file,
                       .dump = loud.dump,
                       .manifest = loud.manifest,
                       .context = quiet};
    require_tables(job);
    if (job.options.scratch_server) {
        warn_of_url(*job.options.scratch_server, loud.context.listener);
    }
    const ScratchDatabase scratch{needs_of(job), quiet};
    DrillReport report;
    report.scratch = scratch.description();
    report.server_version = scratch.server().info().version;

    restore_and_compare(scratch, job, report);
    return report;
}

} // namespace dbbackup::ops
