#pragma once

#include <dbbackup/store/retention.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dbbackup::test {

/// A dump as prune sees it; each setter returns the changed one, for use in tables.
struct DumpCase : store::PruneCandidate {
    explicit DumpCase(const std::string& time, const std::string& name = {}) {
        dump.name = name.empty() ? time : name;
        dump.size = 1;
        dump.manifest.emplace();
        dump.manifest->file.name = dump.name;
        dump.manifest->file.size = 1;
        dump.manifest->database.name = "app";
        dump.manifest->database.host = "db";
        dump.manifest->database.port = 5432;
        // "2026-11-20", "2026-11-20T03:15" and so on up to the millisecond.
        constexpr std::string_view k_midnight = "0000-00-00T00:00:00.000Z";
        dump.manifest->dump.started_at =
            base::parse_utc(time + std::string{k_midnight.substr(time.size())}).value();
    }

    [[nodiscard]] DumpCase of(std::string database, std::string host = "db", int port = 5432) && {
        dump.manifest->database.name = std::move(database);
        dump.manifest->database.host = std::move(host);
        dump.manifest->database.port = port;
        return std::move(*this);
    }

    /// With that option of pg_dump.
    [[nodiscard]] DumpCase with(const char* option) && {
        dump.manifest->dump.options.emplace_back(option);
        return std::move(*this);
    }

    [[nodiscard]] DumpCase safety() && {
        dump.manifest->dump.safety = true;
        return std::move(*this);
    }

    [[nodiscard]] DumpCase damaged() && {
        dump.problem = "found damaged";
        return std::move(*this);
    }

    [[nodiscard]] DumpCase pinned() && {
        dump.manifest->pinned = true;
        return std::move(*this);
    }

    [[nodiscard]] DumpCase held() && {
        is_held = true;
        return std::move(*this);
    }

    [[nodiscard]] DumpCase after_loss() && {
        is_after_loss = true;
        return std::move(*this);
    }

    [[nodiscard]] DumpCase checked(const char* level, const char* result = "ok") && {
        store::Manifest::Verification verification;
        verification.level = level;
        verification.at = dump.manifest->dump.started_at;
        verification.result = result;
        dump.manifest->verifications.push_back(verification);
        return std::move(*this);
    }

    /// Beside a manifest of another file.
    [[nodiscard]] DumpCase with_manifest_of(std::string name) && {
        dump.manifest->file.name = std::move(name);
        return std::move(*this);
    }

    /// Of another user, who may have forged it.
    [[nodiscard]] DumpCase of_another_user() && {
        dump.foreign_owner = "user 'mallory' (uid 1001)";
        dump.problem = "it belongs to user 'mallory' (uid 1001)";
        return std::move(*this);
    }

    [[nodiscard]] DumpCase without_manifest() && {
        dump.manifest.reset();
        dump.problem = "it has no manifest";
        return std::move(*this);
    }
};

/// "NAME: reason reason" for each dump, in the given order; a removed one has no reasons.
inline std::vector<std::string> decide(const std::vector<DumpCase>& dumps,
                                       const store::RetentionPolicy& policy,
                                       const std::string& now = "2030-01-01") {
    std::vector<std::string> texts;
    for (const store::PruneDecision& decision : plan_prune(
             {dumps.begin(), dumps.end()}, policy, DumpCase{now}.dump.started_at().value())) {
        std::string text = decision.dump.name + ":";
        for (const store::KeepReason reason : decision.reasons) {
            text += " " + std::string{name_of(reason)};
        }
        texts.push_back(text);
    }
    return texts;
}

} // namespace dbbackup::test
