#include "ops/status/judge_database.hpp"

#include "ops/status/compare_newest.hpp"

#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/dump_series.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace dbbackup::ops {

namespace {

/// The dumps of one database by kind.
struct SortedDumps {
    Dumps good;
    Dumps partial;
    Dumps safety;
    Dumps damaged;
    Dumps future;
    Dumps foreign;
};

bool is_partial(const store::DumpEntry& dump) {
    return store::scope_of(dump.manifest->dump) == store::Scope::part;
}

SortedDumps sort_dumps(const Dumps& dumps, const StatusLimits& limits, base::UtcTime now) {
    SortedDumps sorted;
    for (const store::DumpEntry* dump : dumps) {
        Dumps& place = dump->is_foreign()            ? sorted.foreign
                       : dump->is_of_the_future(now) ? sorted.future
                       : !dump->problem.empty()      ? sorted.damaged
                       : dump->manifest->dump.safety ? sorted.safety
                       : limits.partial_dumps == store::PartialDumps::ignored && is_partial(*dump)
                           ? sorted.partial
                           : sorted.good;
        place.push_back(dump);
    }
    return sorted;
}

void judge_age(DatabaseStatus& status, const StatusLimits& limits, base::UtcTime now) {
    const auto age = now - status.newest->dump.manifest->dump.started_at;
    if (age > limits.max_age) {
        status.warnings.push_back({.kind = WarningKind::too_old,
                                   .gravity = Gravity::unhealthy,
                                   .message = fmt::format("its newest dump is {} old, more than {}",
                                                          base::format_duration(age),
                                                          base::format_duration(limits.max_age)),
                                   .hint = "Take one: dbbackup dump. If the database no longer "
                                           "exists, move its dumps away, or use --database NAME."});
    }
}

/// A kind of check, how old the last may be, and how to do it.
struct CheckRule {
    std::optional<std::chrono::milliseconds> limit;
    std::optional<base::UtcTime> last;
    WarningKind never = WarningKind::never_verified;
    WarningKind too_old = WarningKind::verification_too_old;
    const char* done = "verified";
    const char* command = "verify";
    const char* flags = "";
    const char* what = "dump";
};

void judge_check(DatabaseStatus& status, const CheckRule& rule, base::UtcTime now) {
    if (!rule.limit || (rule.last && now - *rule.last <= *rule.limit)) {
        return;
    }
    status.warnings.push_back(
        {.kind = rule.last ? rule.too_old : rule.never,
         .gravity = Gravity::unhealthy,
         .message = rule.last
                        ? fmt::format("a {} of it was last {} {} ago, more than {}", rule.what,
                                      rule.done, base::format_duration(now - *rule.last),
                                      base::format_duration(*rule.limit))
                        : fmt::format("no {} of it was ever {}", rule.what, rule.done),
         .hint = fmt::format("Run: dbbackup {} {}{}", rule.command,
                             base::printable(status.newest->dump.name), rule.flags)});
}

void judge_checks(DatabaseStatus& status, const StatusLimits& limits, base::UtcTime now) {
    judge_check(status,
                {.limit = limits.max_verify_age,
                 .last = status.last_verified,
                 .never = WarningKind::never_verified,
                 .too_old = WarningKind::verification_too_old,
                 .done = "verified",
                 .command = "verify"},
                now);
    judge_check(status,
                {.limit = limits.max_proof_age,
                 .last = status.last_proven,
                 .never = WarningKind::never_proven,
                 .too_old = WarningKind::proof_too_old,
                 .done = "proven",
                 .command = "verify --restore"},
                now);
}

/// Whether the keys of sealed dumps are where they should be.
void judge_keys(DatabaseStatus& status, const StatusLimits& limits, base::UtcTime now) {
    const auto& seal = status.newest->dump.manifest->seal;
    if (!seal) {
        return;
    }
    judge_check(status,
                {.limit = limits.max_key_age,
                 .last = status.last_opened,
                 .never = WarningKind::never_opened,
                 .too_old = WarningKind::key_too_old,
                 .done = "opened with an identity",
                 .command = "verify",
                 .flags = " --identity FILE",
                 .what = "sealed dump"},
                now);
    if (seal->recipients.size() == 1) {
        status.warnings.push_back(
            {.kind = WarningKind::one_recipient,
             .gravity = Gravity::told,
             .message =
                 "its newest dump is sealed for one recipient alone: who loses that key loses "
                 "the dumps",
             .hint = "Add a second recipient, whose secret key is kept elsewhere."});
    }
}

void tell_of_damage(DatabaseStatus& status, const Dumps& damaged) {
    Dumps newer;
    Dumps older;
    for (const store::DumpEntry* dump : damaged) {
        const bool is_older = status.newest && is_newer(&status.newest->dump, dump);
        (is_older ? older : newer).push_back(dump);
    }
    if (!newer.empty()) {
        status.warnings.push_back(
            problem_of(WarningKind::damaged, Gravity::unhealthy, newer, "is damaged"));
    }
    if (!older.empty()) {
        status.warnings.push_back(
            problem_of(WarningKind::damaged, Gravity::told, older, "is damaged"));
    }
}

void tell_of_the_future(DatabaseStatus& status, const Dumps& future) {
    if (future.empty()) {
        return;
    }
    std::vector<std::string> names;
    for (const store::DumpEntry* dump : future) {
        names.push_back(base::printable(dump->name));
    }
    status.warnings.push_back(
        {.kind = WarningKind::future,
         .gravity = Gravity::told,
         .message = fmt::format("dated in the future: {}", base::list_some(names, k_most_shown)),
         .hint = "Such a dump counts when its time has come. Check the "
                 "clocks of this machine and of the one that took it."});
}

StatusWarning none_counts(const SortedDumps& sorted, const base::CommandLine& command_line) {
    std::string counts;
    const auto count = [&counts](const Dumps& dumps, const char* what) {
        if (!dumps.empty()) {
            counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", dumps.size(), what);
        }
    };
    count(sorted.damaged, "damaged");
    count(sorted.partial, "of a part of it");
    count(sorted.safety, "taken by restore as a safety dump");
    count(sorted.future, "dated in the future");
    count(sorted.foreign, "of other users");
    return {.kind = WarningKind::no_good_dump,
            .gravity = Gravity::unhealthy,
            .message = fmt::format("none of its dumps counts: {}", counts),
            .hint = sorted.partial.empty()
                        ? fmt::format("Take one: {}", command_line.another({"dump"}))
                        : fmt::format("Take one of the whole database: {}. If a part is enough for "
                                      "you, use --accept-partial.",
                                      command_line.another({"dump"}))};
}

/// A restore of ours, or somebody who said so, explains how the newest dump differs.
bool is_as_intended(const Dumps& good) {
    const store::Manifest& newest = *good.front()->manifest;
    return (newest.before && newest.before->restored_at) ||
           std::ranges::any_of(good, [&newest](const store::DumpEntry* dump) {
               const auto& accepted = dump->manifest->loss_accepted_at;
               return accepted && *accepted >= newest.dump.started_at;
           });
}

} // namespace

DatabaseStatus judge_database(const Dumps& dumps, const StatusLimits& limits, base::UtcTime now,
                              const base::CommandLine& command_line) {
    Dumps newest_first = dumps;
    std::ranges::sort(newest_first, is_newer);
    const SortedDumps sorted = sort_dumps(newest_first, limits, now);
    const store::Manifest::Database& database = newest_first.front()->manifest->database;
    DatabaseStatus status{.name = database.name,
                          .host = database.host,
                          .port = database.port,
                          .dumps = dumps.size() - sorted.foreign.size(),
                          .foreign = sorted.foreign.size(),
                          .newest = std::nullopt,
                          .last_verified = std::nullopt,
                          .last_proven = std::nullopt,
                          .leftovers = {},
                          .copies = {},
                          .warnings = {}};
    for (const store::DumpEntry* dump : sorted.good) {
        status.last_verified = std::max(status.last_verified, dump->manifest->last_verified(now));
        status.last_proven = std::max(status.last_proven, dump->manifest->last_proven(now));
        if (dump->manifest->seal) {
            status.last_opened = std::max(status.last_opened, dump->manifest->last_verified(now));
        }
    }
    if (sorted.good.empty()) {
        status.warnings.push_back(none_counts(sorted, command_line));
    } else {
        NewestComparison comparison = compare_newest(sorted.good, limits);
        status.newest = std::move(comparison.newest);
        judge_age(status, limits, now);
        judge_checks(status, limits, now);
        judge_keys(status, limits, now);
        if (!is_as_intended(sorted.good)) {
            std::ranges::move(comparison.warnings, std::back_inserter(status.warnings));
        }
    }
    tell_of_damage(status, sorted.damaged);
    tell_of_the_future(status, sorted.future);
    if (!sorted.foreign.empty()) {
        status.warnings.push_back(foreign_dumps(sorted.foreign));
    }
    return status;
}

} // namespace dbbackup::ops
