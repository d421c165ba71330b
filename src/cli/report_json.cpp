#include "cli/report_json.hpp"

#include <dbbackup/base/text.hpp>
#include <dbbackup/store/manifest.hpp>

#include <nlohmann/json.hpp>

namespace dbbackup::cli {

namespace {

using Json = nlohmann::ordered_json;

std::string finish(const Json& json) {
    return json.dump(2) + "\n";
}

std::string text(const std::string& raw) {
    return base::to_valid_utf8(raw);
}

Json manifest_json(const store::Manifest& manifest) {
    return Json::parse(store::to_json(manifest));
}

Json time_or_null(const std::optional<base::UtcTime>& time) {
    return time ? Json(base::format_utc(*time)) : Json(nullptr);
}

Json entry_json(const store::DumpEntry& entry, base::UtcTime now) {
    const auto started_at = entry.started_at();
    const auto database = entry.database();
    Json json{{"name", text(entry.name)},
              {"database", database ? Json(text(*database)) : Json(nullptr)},
              {"started_at", time_or_null(started_at)},
              {"age_seconds",
               started_at
                   ? Json(std::chrono::floor<std::chrono::seconds>(now - *started_at).count())
                   : Json(nullptr)},
              {"size", entry.size},
              {"problem", entry.problem.empty() ? Json(nullptr) : Json(text(entry.problem))}};
    if (entry.manifest) {
        const store::Manifest& manifest = *entry.manifest;
        json["host"] = text(manifest.database.host);
        json["port"] = manifest.database.port;
        json["rows"] = manifest.contents.total_rows();
        json["tables"] = manifest.contents.tables.size();
        json["verified_at"] = time_or_null(manifest.last_verified());
        json["proven_at"] = time_or_null(manifest.last_proven());
        json["label"] = manifest.dump.label ? Json(text(*manifest.dump.label)) : Json(nullptr);
        json["pinned"] = manifest.pinned;
    }
    return json;
}

} // namespace

std::string to_json(const ops::DumpReport& report) {
    return finish({{"path", text(report.path)}, {"manifest", manifest_json(report.manifest)}});
}

std::string to_json(const ops::ListReport& report) {
    Json dumps = Json::array();
    for (const store::DumpEntry& entry : report.dumps) {
        dumps.push_back(entry_json(entry, report.now));
    }
    return finish({{"directory", text(report.directory.native())}, {"dumps", std::move(dumps)}});
}

std::string to_json(const ops::ShowReport& report) {
    const store::DumpEntry& entry = report.entry;
    return finish({{"path", text(report.path)},
                   {"problem", entry.problem.empty() ? Json(nullptr) : Json(text(entry.problem))},
                   {"manifest", manifest_json(entry.manifest.value())}});
}

} // namespace dbbackup::cli
