#include "ops/prune_locked.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/remove_dump.hpp>
#include <dbbackup/sys/file_use.hpp>
#include <dbbackup/sys/signals.hpp>

#include <algorithm>
#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

bool is_wanted(const PruneRequest& request, const store::DumpEntry& dump) {
    if (request.series) {
        return dump.manifest && series_of(*dump.manifest) == *request.series;
    }
    return !request.database || dump.database() == request.database;
}

bool is_wanted(const PruneRequest& request, const store::Leftover& leftover) {
    const auto& database =
        request.series ? std::optional{request.series->identity.database} : request.database;
    return !database || leftover.database == *database;
}

std::vector<store::PruneDecision> decide(const store::DumpDirectory& directory,
                                         const std::set<std::string>& databases,
                                         const PruneRequest& request, base::UtcTime now) {
    std::vector<store::PruneCandidate> candidates;
    for (store::DumpEntry& dump : directory.list()) {
        if (is_wanted(request, dump)) {
            const bool is_locked =
                !dump.manifest || databases.contains(dump.manifest->database.name);
            const bool is_held = !is_locked || sys::is_in_use(directory.files(), dump.name);
            candidates.push_back({.dump = std::move(dump), .is_held = is_held});
        }
    }
    return store::plan_prune(std::move(candidates), request.policy, now);
}

std::vector<store::Leftover> choose_leftovers(const store::DumpDirectory& directory,
                                              const std::set<std::string>& databases,
                                              const PruneRequest& request, base::UtcTime now) {
    std::vector<store::Leftover> leftovers = store::find_leftovers(directory);
    std::erase_if(leftovers, [&](const store::Leftover& leftover) {
        return !databases.contains(leftover.database) || !is_wanted(request, leftover) ||
               !leftover.is_stale(now);
    });
    return leftovers;
}

void remove(const store::DumpDirectory& directory, store::PruneDecision& decision,
            Listener& listener) {
    const std::string shown = base::printable(decision.dump.name);
    switch (store::remove_dump(directory, decision.dump)) {
    case store::Removal::done:
        listener.on_detail(fmt::format("removed '{}'", shown));
        return;
    case store::Removal::changed:
        listener.on_warning(fmt::format("'{}' was changed meanwhile, and stays", shown));
        break;
    case store::Removal::in_use:
        listener.on_warning(fmt::format("'{}' is being read by another run, and stays", shown));
        break;
    }
    decision.reasons.push_back(store::KeepReason::held);
}

/// Nothing that went can be lost to whoever reads of the failure.
[[noreturn]] void throw_broken_off(const base::Error& error, std::size_t removed) {
    throw base::Error{
        error.kind(), error.what(),
        fmt::format("{} dump{} removed before. {}", removed, removed == 1 ? " was" : "s were",
                    error.hint().empty() ? "Prune again once that is mended." : error.hint())};
}

void carry_out(const store::DumpDirectory& directory, PruneReport& report, Listener& listener) {
    std::size_t removed = 0;
    try {
        for (const store::Leftover& leftover : report.leftovers) {
            store::remove_leftover(directory, leftover);
        }
        for (store::PruneDecision& decision : report.decisions) {
            if (!decision.is_kept()) {
                sys::throw_if_interrupted(); // never between a dump and its manifest
                remove(directory, decision, listener);
                removed += decision.is_kept() ? 0 : 1;
            }
        }
        directory.files().sync();
    } catch (const base::Error& error) {
        throw_broken_off(error, removed);
    }
}

} // namespace

PruneReport prune_locked(const store::DumpDirectory& directory,
                         const std::set<std::string>& databases, const PruneRequest& request,
                         Listener& listener, base::UtcTime now) {
    PruneReport report{.directory = request.directory,
                       .database = request.database,
                       .now = now,
                       .decisions = decide(directory, databases, request, now),
                       .leftovers = choose_leftovers(directory, databases, request, now),
                       .irregular = directory.irregular(),
                       .dry_run = request.dry_run == DryRun::yes};
    if (!report.dry_run) {
        carry_out(directory, report, listener);
    }
    return report;
}

std::size_t PruneReport::removed() const noexcept {
    return static_cast<std::size_t>(std::ranges::count_if(
        decisions, [](const store::PruneDecision& decision) { return !decision.is_kept(); }));
}

std::uint64_t PruneReport::bytes_freed() const noexcept {
    std::uint64_t bytes = 0;
    for (const store::PruneDecision& decision : decisions) {
        bytes += decision.is_kept() ? 0 : decision.dump.size;
    }
    for (const store::Leftover& leftover : leftovers) {
        bytes += leftover.size;
    }
    return bytes;
}

} // namespace dbbackup::ops
