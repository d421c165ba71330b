#pragma once

#include "ops/status/judge_status.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace dbbackup::test {

/// The current time for tests of status.
inline const base::UtcTime k_now = base::parse_utc("2026-11-20T12:00:00.000Z").value();

/// A good dump of `app`, started that long before k_now; each setter returns the changed one.
struct StatusDump : store::DumpEntry {
    explicit StatusDump(std::chrono::milliseconds age, const std::string& dump_name = "a.sql") {
        name = dump_name;
        size = 1'000'000;
        manifest.emplace();
        manifest->database.name = "app";
        manifest->database.host = "db";
        manifest->database.port = 5432;
        manifest->dump.format = "plain";
        manifest->dump.compression = "gzip:2";
        manifest->dump.options = {"--format=plain"};
        manifest->dump.started_at = k_now - age;
        manifest->file.size = size;
        manifest->contents.tables = {table("orders", 10'000), table("users", 500)};
    }

    [[nodiscard]] static store::Manifest::Table table(std::string name, std::uint64_t rows,
                                                      bool has_data = true) {
        return {.schema = "public",
                .name = std::move(name),
                .rows = rows,
                .bytes = rows,
                .fingerprint = {},
                .has_data = has_data};
    }

    [[nodiscard]] StatusDump of(std::string database, std::string host = "db", int port = 5432) && {
        manifest->database.name = std::move(database);
        manifest->database.host = std::move(host);
        manifest->database.port = port;
        return std::move(*this);
    }

    [[nodiscard]] StatusDump sized(std::uint64_t bytes) && {
        size = bytes;
        manifest->file.size = bytes;
        return std::move(*this);
    }

    [[nodiscard]] StatusDump holding(std::vector<store::Manifest::Table> tables) && {
        manifest->contents.tables = std::move(tables);
        return std::move(*this);
    }

    [[nodiscard]] StatusDump with(std::vector<std::string> options) && {
        std::ranges::move(options, std::back_inserter(manifest->dump.options));
        return std::move(*this);
    }

    [[nodiscard]] StatusDump compressed(std::string compression) && {
        manifest->dump.compression = std::move(compression);
        return std::move(*this);
    }

    [[nodiscard]] StatusDump custom() && {
        manifest->dump.format = "custom";
        manifest->dump.options.front() = "--format=custom";
        return std::move(*this);
    }

    [[nodiscard]] StatusDump safety() && {
        manifest->dump.safety = true;
        return std::move(*this);
    }

    [[nodiscard]] StatusDump damaged() && {
        problem = "found damaged";
        return std::move(*this);
    }

    [[nodiscard]] StatusDump checked(const char* level, std::chrono::milliseconds age,
                                     const char* result = "ok") && {
        store::Manifest::Verification verification;
        verification.level = level;
        verification.at = k_now - age;
        verification.result = result;
        manifest->verifications.push_back(verification);
        return std::move(*this);
    }

    /// Of another user, who may have forged it.
    [[nodiscard]] StatusDump foreign() && {
        foreign_owner = "user 'mallory' (uid 1001)";
        problem = "it belongs to user 'mallory' (uid 1001)";
        return std::move(*this);
    }

    [[nodiscard]] StatusDump without_manifest() && {
        manifest.reset();
        problem += "it has no manifest";
        return std::move(*this);
    }
};

struct StatusScene {
    ops::StatusRequest request{.directory = "dumps", .databases = {}, .limits = {}};
    ops::StatusSurvey survey{.dumps = {},
                             .lost = {},
                             .leftovers = {},
                             .free_bytes = 1'000'000'000'000'000,
                             .now = k_now};

    StatusScene() = default;

    explicit StatusScene(const std::vector<StatusDump>& dumps) {
        survey.dumps.assign(dumps.begin(), dumps.end());
    }

    [[nodiscard]] ops::StatusReport judge() const { return judge_status(request, survey); }
};

/// The kinds of all warnings, notes in brackets; those of no database first.
inline std::vector<std::string> kinds(const ops::StatusReport& report) {
    std::vector<std::string> kinds;
    const auto add = [&kinds](const std::vector<ops::StatusWarning>& warnings) {
        for (const ops::StatusWarning& warning : warnings) {
            const std::string name{name_of(warning.kind)};
            kinds.push_back(warning.gravity == ops::Gravity::told ? "(" + name + ")" : name);
        }
    };
    add(report.warnings);
    for (const ops::DatabaseStatus& database : report.databases) {
        add(database.warnings);
    }
    return kinds;
}

/// The same for the dumps of one table; its own tests check that a report is healthy exactly if no
/// warning is unhealthy.
inline std::vector<std::string> kinds(const std::vector<StatusDump>& dumps,
                                      const ops::StatusLimits& limits = {}) {
    StatusScene scene{dumps};
    scene.request.limits = limits;
    return kinds(scene.judge());
}

} // namespace dbbackup::test
