#include "cli/report/json_values.hpp"
#include "cli/report/prune_json.hpp"
#include "cli/report/report_json.hpp"
#include "cli/report/schedule_text.hpp"

#include <chrono>

namespace dbbackup::cli {

namespace {

Json warnings_json(const std::vector<ops::StatusWarning>& warnings) {
    Json json = Json::array();
    for (const ops::StatusWarning& warning : warnings) {
        json.push_back({{"kind", ops::name_of(warning.kind)},
                        {"unhealthy", warning.gravity == ops::Gravity::unhealthy},
                        {"message", text(warning.message)},
                        {"hint", text(warning.hint)}});
    }
    return json;
}

Json newest_json(const ops::NewestDump& newest, base::UtcTime now) {
    const store::Manifest& manifest = newest.dump.manifest.value();
    const auto age = std::chrono::floor<std::chrono::seconds>(now - manifest.dump.started_at);
    return {
        {"name", text(newest.dump.name)},
        {"started_at", base::format_utc(manifest.dump.started_at)},
        {"age_seconds", age.count()},
        {"size", newest.dump.size},
        {"size_before", number_or_null(newest.size_before)},
        {"rows", manifest.knows_contents() ? Json(manifest.contents.total_rows()) : Json(nullptr)},
        {"sealed", manifest.seal.has_value()},
        {"rows_before", number_or_null(newest.rows_before)}};
}

Json copies_json(const std::vector<ops::CopyStatus>& copies) {
    Json json = Json::array();
    for (const ops::CopyStatus& copy : copies) {
        json.push_back({{"remote", text(copy.remote)},
                        {"elsewhere", copy.is_elsewhere},
                        {"newest", text_or_null(copy.newest)},
                        {"newest_started_at", time_or_null(copy.newest_at)},
                        {"read_at", time_or_null(copy.last_read)},
                        {"has_newest_dump", copy.has_newest_dump}});
    }
    return json;
}

Json remotes_json(const std::vector<ops::RemoteStatus>& remotes) {
    Json json = Json::array();
    for (const ops::RemoteStatus& remote : remotes) {
        json.push_back({{"name", text(remote.name)},
                        {"target", text(remote.target)},
                        {"required", remote.is_required},
                        {"asked", remote.was_asked},
                        {"problem", text_or_null(remote.problem)}});
    }
    return json;
}

Json database_json(const ops::DatabaseStatus& database, base::UtcTime now) {
    return {{"database", text(database.name)},
            {"host", text(database.host)},
            {"port", database.port},
            {"healthy", database.is_healthy()},
            {"dumps", database.dumps},
            {"foreign", database.foreign},
            {"newest", database.newest ? newest_json(*database.newest, now) : Json(nullptr)},
            {"verified_at", time_or_null(database.last_verified)},
            {"proven_at", time_or_null(database.last_proven)},
            {"opened_at", time_or_null(database.last_opened)},
            {"leftovers", texts(database.leftovers)},
            {"copies_of_newest", database.copies_of_newest()},
            {"copies", copies_json(database.copies)},
            {"loss", database.loss ? loss_json(*database.loss) : Json(nullptr)},
            {"warnings", warnings_json(database.warnings)}};
}

} // namespace

std::string to_json(const ops::StatusReport& report) {
    Json databases = Json::array();
    for (const ops::DatabaseStatus& database : report.databases) {
        databases.push_back(database_json(database, report.now));
    }
    return finish({{"directory", text(report.directory.native())},
                   {"at", base::format_utc(report.now)},
                   {"healthy", report.is_healthy()},
                   {"free_bytes", report.free_bytes},
                   {"databases", std::move(databases)},
                   {"remotes", remotes_json(report.remotes)},
                   {"timers", report.timers ? timers_json(*report.timers) : Json(nullptr)},
                   {"warnings", warnings_json(report.warnings)}});
}

} // namespace dbbackup::cli
