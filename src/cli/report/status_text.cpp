#include "cli/report/status_text.hpp"

#include "cli/report/schedule_text.hpp"
#include "cli/terminal/text_table.hpp"

#include <dbbackup/base/byte_size.hpp>
#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace dbbackup::cli {

namespace {

std::string server_of(const ops::DatabaseStatus& database) {
    return fmt::format("{}:{}", database.host, database.port);
}

/// " (+1.5 %)", or nothing if there is nothing to compare with.
std::string change(std::optional<std::uint64_t> before, std::uint64_t now) {
    if (!before || *before == 0) {
        return "";
    }
    const double percent = (static_cast<double>(now) / static_cast<double>(*before) - 1) * 100;
    return std::abs(percent) < 0.05 ? " (0.0 %)" : fmt::format(" ({:+.1f} %)", percent);
}

std::string ago(const std::optional<base::UtcTime>& time, base::UtcTime now) {
    return time ? base::format_duration(now - *time) + " ago" : "never";
}

std::vector<std::string> newest_cells(const std::optional<ops::NewestDump>& newest,
                                      base::UtcTime now) {
    if (!newest) {
        return {"none", "-", "-", "-"};
    }
    const store::Manifest& manifest = newest->dump.manifest.value();
    const std::uint64_t rows = manifest.contents.total_rows();
    return {
        newest->dump.name, base::format_duration(now - manifest.dump.started_at),
        base::format_byte_size(newest->dump.size) + change(newest->size_before, newest->dump.size),
        manifest.knows_contents() ? base::with_thousands(rows) + change(newest->rows_before, rows)
                                  : "?"};
}

std::string table_of(const ops::StatusReport& report, const Screen& screen) {
    TextTable table{{{"DATABASE"},
                     {"SERVER", Align::left, Fit::shorten, 4},
                     {"NEWEST", Align::left, Fit::whole, 6},
                     {"AGE", Align::right},
                     {"SIZE", Align::right, Fit::whole, 3},
                     {"ROWS", Align::right, Fit::whole, 2},
                     {"VERIFIED", Align::right, Fit::whole, 5},
                     {"PROVEN", Align::right, Fit::whole, 7},
                     {"LEFTOVERS", Align::right, Fit::whole, 1},
                     {"HEALTHY"}}};
    for (const ops::DatabaseStatus& database : report.databases) {
        std::vector<TextTable::Cell> cells{database.name, server_of(database)};
        for (std::string& cell : newest_cells(database.newest, report.now)) {
            cells.emplace_back(std::move(cell));
        }
        cells.emplace_back(ago(database.last_verified, report.now));
        cells.emplace_back(ago(database.last_proven, report.now));
        cells.emplace_back(std::to_string(database.leftovers.size()));
        cells.emplace_back(database.is_healthy() ? "yes" : "no",
                           database.is_healthy() ? Tone::plain : Tone::bad);
        table.add(cells);
    }
    return table.to_string(screen) + "\n";
}

std::string lines_of(const std::vector<ops::StatusWarning>& warnings, const std::string& subject,
                     const Screen& screen) {
    std::string lines;
    for (const ops::StatusWarning& warning : warnings) {
        lines += fmt::format("{} {}{}\n",
                             warning.gravity == ops::Gravity::unhealthy ? screen.bad("unhealthy:")
                                                                        : screen.caution("note:"),
                             subject, base::printable(warning.message));
        lines += warning.hint.empty()
                     ? ""
                     : fmt::format("    hint: {}\n", base::printable(warning.hint));
    }
    return lines;
}

/// "shop on db:5432: 3 copies of the newest dump, in 3 places: here, disk, offsite (elsewhere)".
std::string copies_line(const ops::DatabaseStatus& database) {
    if (!database.newest) {
        return {};
    }
    std::string places = "here";
    bool is_elsewhere = false;
    for (const ops::CopyStatus& copy : database.copies) {
        if (copy.has_newest_dump) {
            places += ", " + copy.remote + (copy.is_elsewhere ? " (elsewhere)" : "");
            is_elsewhere = is_elsewhere || copy.is_elsewhere;
        }
    }
    const std::size_t count = database.copies_of_newest();
    return fmt::format("{} on {}: {} of the newest dump, in {}: {}{}\n",
                       base::printable(database.name), base::printable(server_of(database)),
                       count == 1 ? "1 copy" : fmt::format("{} copies", count),
                       count == 1 ? "1 place" : fmt::format("{} places", count), places,
                       is_elsewhere ? "" : "; none elsewhere");
}

std::string copies_text(const ops::StatusReport& report, const Screen& screen) {
    if (report.remotes.empty()) {
        return {};
    }
    TextTable table{{{"DATABASE"},
                     {"REMOTE"},
                     {"REQUIRED"},
                     {"NEWEST COPY", Align::left, Fit::whole, 2},
                     {"AGE", Align::right},
                     {"READ THERE", Align::right, Fit::whole, 1}}};
    std::string lines;
    for (const ops::DatabaseStatus& database : report.databases) {
        for (const ops::CopyStatus& copy : database.copies) {
            const auto remote =
                std::ranges::find(report.remotes, copy.remote, &ops::RemoteStatus::name);
            table.add({database.name, copy.remote, remote->is_required ? "yes" : "no",
                       copy.newest.empty() ? "none" : copy.newest,
                       copy.newest_at ? base::format_duration(report.now - *copy.newest_at) : "-",
                       ago(copy.last_read, report.now)});
        }
        lines += copies_line(database);
    }
    return table.to_string(screen) + "\n" + lines + "\n";
}

} // namespace

std::string to_text(const ops::StatusReport& report, const Screen& screen) {
    std::string text = report.databases.empty() ? "" : table_of(report, screen);
    text += copies_text(report, screen);
    text += report.timers
                ? timer_lines(*report.timers, report.now)
                : fmt::format("{} systemd could not be asked for its timers: {}\n",
                              screen.caution("note:"), base::printable(report.timers_problem));
    for (const ops::DatabaseStatus& database : report.databases) {
        const std::string subject = fmt::format("{} on {}: ", database.name, server_of(database));
        text += lines_of(database.warnings, base::printable(subject), screen);
    }
    text += lines_of(report.warnings, "", screen);
    return text + (report.is_healthy() ? "healthy" : screen.bad("not healthy")) + "\n";
}

} // namespace dbbackup::cli
