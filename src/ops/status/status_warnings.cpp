#include "ops/status/status_warnings.hpp"

#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <fmt/format.h>

namespace dbbackup::ops {

std::string_view name_of(WarningKind kind) noexcept {
    switch (kind) {
    case WarningKind::no_dumps:
        return "no_dumps";
    case WarningKind::no_good_dump:
        return "no_good_dump";
    case WarningKind::too_old:
        return "too_old";
    case WarningKind::never_verified:
        return "never_verified";
    case WarningKind::verification_too_old:
        return "verification_too_old";
    case WarningKind::never_proven:
        return "never_proven";
    case WarningKind::proof_too_old:
        return "proof_too_old";
    case WarningKind::never_opened:
        return "never_opened";
    case WarningKind::key_too_old:
        return "key_too_old";
    case WarningKind::one_recipient:
        return "one_recipient";
    case WarningKind::damaged:
        return "damaged";
    case WarningKind::unreadable:
        return "unreadable";
    case WarningKind::future:
        return "future";
    case WarningKind::foreign:
        return "foreign";
    case WarningKind::shrunk:
        return "shrunk";
    case WarningKind::rows_lost:
        return "rows_lost";
    case WarningKind::tables_gone:
        return "tables_gone";
    case WarningKind::tables_emptied:
        return "tables_emptied";
    case WarningKind::held_after_loss:
        return "held_after_loss";
    case WarningKind::leftovers:
        return "leftovers";
    case WarningKind::lost:
        return "lost";
    case WarningKind::disk_nearly_full:
        return "disk_nearly_full";
    case WarningKind::remote_unreachable:
        return "remote_unreachable";
    case WarningKind::no_copy:
        return "no_copy";
    case WarningKind::copy_too_old:
        return "copy_too_old";
    case WarningKind::timer_off:
        return "timer_off";
    case WarningKind::timer_overdue:
        return "timer_overdue";
    case WarningKind::timer_failed:
        return "timer_failed";
    }
    return "";
}

bool is_newer(const store::DumpEntry* a, const store::DumpEntry* b) {
    const auto time_a = a->started_at();
    const auto time_b = b->started_at();
    return time_a != time_b ? time_a > time_b : a->name > b->name;
}

StatusWarning problem_of(WarningKind kind, Gravity gravity, const Dumps& dumps,
                         const std::string& state) {
    const store::DumpEntry& newest = *dumps.front();
    std::string message =
        fmt::format("'{}'{} {}: {}", base::printable(newest.name),
                    gravity == Gravity::unhealthy ? ", newer than any good dump," : "", state,
                    base::printable(newest.problem));
    if (dumps.size() > 1) {
        message += fmt::format("; and {} more", dumps.size() - 1);
    }
    return {.kind = kind,
            .gravity = gravity,
            .message = std::move(message),
            .hint = gravity == Gravity::unhealthy ? "Take a new dump: dbbackup dump" : ""};
}

StatusWarning foreign_dumps(const Dumps& dumps) {
    std::vector<std::string> texts;
    for (const store::DumpEntry* dump : dumps) {
        texts.push_back(
            fmt::format("'{}' of {}", base::printable(dump->name), dump->foreign_owner));
    }
    return {.kind = WarningKind::foreign,
            .gravity = Gravity::told,
            .message = "not counted, because another user owns the dump or its manifest: " +
                       base::list_some(texts, k_most_shown),
            .hint = "Anybody who may add files to the directory can forge such dumps. Give each "
                    "user their own directory, or always run dbbackup as the same user."};
}

bool DatabaseStatus::is_healthy() const {
    return std::ranges::count(warnings, Gravity::unhealthy, &StatusWarning::gravity) == 0;
}

std::size_t DatabaseStatus::copies_of_newest() const {
    const auto elsewhere = std::ranges::count_if(copies, &CopyStatus::has_newest_dump);
    return newest ? 1 + static_cast<std::size_t>(elsewhere) : 0;
}

bool StatusReport::is_healthy() const {
    return std::ranges::count(warnings, Gravity::unhealthy, &StatusWarning::gravity) == 0 &&
           std::ranges::all_of(databases, &DatabaseStatus::is_healthy);
}

} // namespace dbbackup::ops
