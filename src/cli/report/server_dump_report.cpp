#include "cli/report/server_dump_report.hpp"

#include "cli/report/json_values.hpp"
#include "cli/report/prune_json.hpp"
#include "cli/report/prune_text.hpp"
#include "cli/terminal/counted.hpp"

#include <dbbackup/base/byte_size.hpp>
#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/base/text.hpp>

#include <chrono>
#include <fmt/format.h>

namespace dbbackup::cli {

namespace {

Json dump_json(const ops::DumpReport& report) {
    return {{"path", text(report.path)},
            {"dump_id", report.manifest.dump_id},
            {"size", report.manifest.file.size}};
}

Json error_or_null(const std::optional<base::Error>& error) {
    return error ? error_json(*error) : Json(nullptr);
}

} // namespace

std::string to_text_of_globals(const ops::DumpReport& report) {
    return fmt::format("{}\n{}: roles, memberships and tablespaces\n", base::printable(report.path),
                       base::format_byte_size(report.manifest.file.size));
}

std::string result_line_of_globals(const ops::DumpReport& report) {
    return fmt::format("dumped roles and tablespaces of {}:{} to '{}'",
                       base::printable(report.manifest.database.host),
                       report.manifest.database.port, base::printable(report.path));
}

std::string to_text(const ops::ServerDumpReport& report, bool quiet) {
    if (quiet) {
        return report.set_path ? base::printable(*report.set_path) + "\n" : "";
    }
    std::string text;
    for (const ops::MemberDump& member : report.databases) {
        text += member.report
                    ? fmt::format("{}: {} ({}, {})\n", base::printable(member.database),
                                  base::printable(member.report->path),
                                  base::format_byte_size(member.report->manifest.file.size),
                                  base::format_duration(std::chrono::milliseconds{
                                      member.report->manifest.dump.duration_ms}))
                    : fmt::format("{}: FAILED: {}\n", base::printable(member.database),
                                  base::without_marks(member.error.value().what()));
    }
    if (report.globals) {
        text += fmt::format("roles and tablespaces: {}\n", base::printable(report.globals->path));
    }
    if (report.set_path) {
        text += fmt::format("{}\na set of {}, with roles and tablespaces\n",
                            base::printable(*report.set_path),
                            counted(report.databases.size(), "database"));
    }
    return text + (report.prune ? summary(*report.prune) : std::string{});
}

std::string to_json(const ops::ServerDumpReport& report) {
    Json databases = Json::array();
    for (const ops::MemberDump& member : report.databases) {
        databases.push_back({{"name", text(member.database)},
                             {"dump", member.report ? dump_json(*member.report) : Json(nullptr)},
                             {"error", error_or_null(member.error)}});
    }
    Json json{{"set", text_or_null(report.set_path)},
              {"databases", std::move(databases)},
              {"globals", report.globals ? dump_json(*report.globals) : Json(nullptr)},
              {"prune", report.prune ? prune_json(*report.prune) : Json(nullptr)},
              {"prune_problem", text_or_null(report.prune_problem)}};
    if (const auto error = report.find_error()) {
        json["error"] = error_json(*error);
    }
    return finish(json);
}

std::string result_line(const ops::ServerDumpReport& report) {
    return fmt::format("dumped {} of {}{}", report.databases.size() - report.failed(),
                       counted(report.databases.size(), "database"),
                       report.set_path ? fmt::format(": '{}'", base::printable(*report.set_path))
                                       : std::string{", without a set"});
}

} // namespace dbbackup::cli
