#pragma once

#include "cli/run_record/run_record.hpp"
#include "cli/settings/hook_settings.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::cli {

enum class HookEvent { start, success, failure, finish };

/// The programs of [hooks] in the configuration; see docs/manual/notifications.md.
class Hooks {
public:
    /// `environment` is the caller's. If a hook called this process, it runs none itself: they
    /// could go on for ever.
    Hooks(const HookSettings& settings, std::vector<std::string> environment);

    /// Runs the hook of `event`, if there is one, for a minute at most or until `must_end`. Returns
    /// what went wrong with it. Never throws.
    [[nodiscard]] std::optional<std::string> run(HookEvent event, const RunRecord& record,
                                                 const std::function<bool()>& must_end) const;

private:
    HookSettings settings_;
    std::vector<std::string> environment_;
    bool is_in_hook_ = false;
};

/// What a hook reads from its stdin: the record, with `event`; without an outcome at the start.
[[nodiscard]] std::string hook_input(HookEvent event, const RunRecord& record);

/// `DBBACKUP_HOOK_…=` for each field of the record that applies.
[[nodiscard]] std::vector<std::string> hook_variables(HookEvent event, const RunRecord& record);

} // namespace dbbackup::cli
