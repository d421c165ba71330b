#include "ops/prune/prune_locked.hpp"

#include "ops/loss/held_back.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/manifest_update.hpp>
#include <dbbackup/store/remove_dump.hpp>
#include <dbbackup/store/server_file.hpp>
#include <dbbackup/sys/file_use.hpp>
#include <dbbackup/sys/signals.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <iterator>

namespace dbbackup::ops {

namespace {

bool is_wanted(const PruneRequest& request, const store::DumpEntry& dump) {
    if (!request.series.empty()) {
        return dump.manifest && std::ranges::count(request.series, series_of(*dump.manifest)) > 0;
    }
    return (!request.database || dump.database() == request.database) &&
           (!request.named || request.named->has(dump.manifest));
}

bool is_wanted(const PruneRequest& request, const store::Leftover& leftover) {
    if (!request.series.empty()) {
        return std::ranges::any_of(request.series, [&leftover](const store::Series& series) {
            return series.identity.database == leftover.database;
        });
    }
    return !request.database || leftover.database == *request.database;
}

/// What is decided on, and the sets that this keeps.
void decide(const store::DumpDirectory& directory, std::vector<store::DumpEntry> dumps,
            const std::set<std::string>& databases, const PruneRequest& request,
            PruneReport& report) {
    std::vector<store::PruneCandidate> candidates;
    std::set<std::string> others;
    std::ranges::move(store::list_globals(directory), std::back_inserter(dumps));
    for (store::DumpEntry& dump : dumps) {
        if (!is_wanted(request, dump)) {
            others.insert(dump.manifest ? dump.manifest->dump_id : "");
        } else {
            const bool is_locked =
                !dump.manifest || databases.contains(dump.manifest->database.name);
            // An untrusted user's dump is kept in any case, and its owner could keep it locked
            // forever.
            const bool is_held =
                !is_locked || (!dump.is_foreign() && sys::is_in_use(directory.files(), dump.name));
            const bool is_lost = is_after_loss(report.losses, dump);
            candidates.push_back(
                {.dump = std::move(dump), .is_held = is_held, .is_after_loss = is_lost});
        }
    }
    report.decisions = plan_unless_only_accepting(std::move(candidates), request, report.now);
    if (report.has_rules) {
        report.sets = store::keep_sets(report.decisions, store::list_sets(directory), others);
    }
}

/// Before anything goes: whoever asks later why it went finds the answer.
void record_accepted(const store::DumpDirectory& directory,
                     const std::vector<store::DumpEntry>& dumps, const PruneReport& report) {
    for (const Loss& loss : report.accepted) {
        if (const auto* newest = find_recording_dump(dumps, loss.identity, report.now)) {
            store::record_accepted_loss(directory, newest->name, report.now);
        }
    }
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

std::string counted(std::size_t count, const char* noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

/// Carries out the decisions. A file that cannot be deleted is a warning: it must not protect all
/// others forever.
class PruneExecution {
public:
    PruneExecution(const store::DumpDirectory& directory, PruneReport& report, Listener& listener)
        : directory_(directory), report_(report), listener_(listener), wanted_(report.removed()) {}

    void run() {
        count_unread();
        std::erase_if(report_.leftovers, [this](const store::Leftover& leftover) {
            return !attempt(leftover.name, undeleted_leftovers_,
                            [&] { store::remove_leftover(directory_, leftover); });
        });
        remove_sets();
        try {
            remove_dumps();
        } catch (const base::Interrupted&) {
            listener_.on_warning(
                fmt::format("the signal came after {} of {} were deleted, each with its manifest",
                            removed_, counted(wanted_, "dump")));
            throw;
        }
        sync();
        require_all_removed();
    }

private:
    /// They stay, but the user must know that the rules were not applied to them.
    void count_unread() {
        for (const store::PruneDecision& decision : report_.decisions) {
            if (decision.dump.is_unanswered && !decision.dump.is_foreign()) {
                note_problem(fmt::format("'{}' was not judged: {}",
                                         base::printable(decision.dump.name),
                                         decision.dump.problem));
                ++unread_;
            }
        }
    }

    void note_problem(const std::string& problem) {
        listener_.on_warning(problem);
        if (first_problem_.empty()) {
            first_problem_ = problem;
        }
    }

    /// First: at any moment a set lists what is there, or is gone.
    void remove_sets() {
        for (store::SetDecision& decision : report_.sets) {
            if (decision.is_kept) {
                continue;
            }
            sys::throw_if_interrupted();
            const std::string& name = decision.entry.name;
            if (attempt(name, undeleted_sets_, [&] { directory_.files().remove(name); })) {
                listener_.on_detail(fmt::format("deleted '{}'", base::printable(name)));
            }
        }
    }

    void remove_dumps() {
        for (store::PruneDecision& decision : report_.decisions) {
            if (decision.is_kept()) {
                continue;
            }
            sys::throw_if_interrupted(); // never between a dump and its manifest
            if (!attempt(decision.dump.name, undeleted_dumps_, [&] { remove(decision); })) {
                decision.reasons.push_back(store::KeepReason::held);
            }
            removed_ += decision.is_kept() ? 0 : 1;
        }
    }

    /// False if it failed.
    template <typename Action>
    bool attempt(const std::string& name, std::size_t& failures, const Action& action) {
        try {
            action();
            return true;
        } catch (const base::Error& error) {
            note_problem(
                fmt::format("'{}' could not be deleted: {}", base::printable(name), error.what()));
            ++failures;
            return false;
        }
    }

    void remove(store::PruneDecision& decision) const {
        const std::string shown = base::printable(decision.dump.name);
        switch (store::remove_dump(directory_, decision.dump)) {
        case store::Removal::done:
            listener_.on_detail(fmt::format("deleted '{}'", shown));
            return;
        case store::Removal::changed:
            listener_.on_warning(fmt::format("'{}' changed meanwhile, and is kept", shown));
            break;
        case store::Removal::in_use:
            listener_.on_warning(
                fmt::format("'{}' is being read by another run, and is kept", shown));
            break;
        }
        decision.reasons.push_back(store::KeepReason::held);
    }

    void sync() const {
        try {
            directory_.files().sync();
        } catch (const base::Error& error) {
            throw base::Error{
                error.kind(), error.what(),
                fmt::format("Already deleted: {}; after a power failure some may be back.",
                            counted(removed_, "dump"))};
        }
    }

    void require_all_removed() const {
        const std::size_t problems =
            undeleted_dumps_ + undeleted_leftovers_ + undeleted_sets_ + unread_;
        if (problems == 0) {
            return;
        }
        std::vector<std::string> undeleted;
        if (undeleted_dumps_ > 0) {
            undeleted.push_back(counted(undeleted_dumps_, "dump"));
        }
        if (undeleted_sets_ > 0) {
            undeleted.push_back(counted(undeleted_sets_, "set"));
        }
        if (undeleted_leftovers_ > 0) {
            undeleted.push_back(counted(undeleted_leftovers_, "leftover"));
        }
        std::string told = counted(removed_, "dump") + " deleted";
        if (!undeleted.empty()) {
            told += fmt::format(", {} could not be", fmt::join(undeleted, " and "));
        }
        if (unread_ > 0) {
            told += fmt::format(", {} could not be read", counted(unread_, "manifest"));
        }
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format("{}: {}{}", told, first_problem_, problems > 1 ? ", and more" : ""),
            "Fix the problems named in the warnings, and prune again."};
    }

    const store::DumpDirectory& directory_;
    PruneReport& report_;
    Listener& listener_;
    std::size_t wanted_;
    std::size_t removed_ = 0;
    std::size_t undeleted_dumps_ = 0;
    std::size_t undeleted_leftovers_ = 0;
    std::size_t undeleted_sets_ = 0;
    std::size_t unread_ = 0;
    std::string first_problem_;
};

} // namespace

PruneReport prune_locked(const store::DumpDirectory& directory,
                         const std::set<std::string>& databases, const PruneRequest& request,
                         Listener& listener, base::UtcTime now) {
    PruneReport report{.directory = request.directory,
                       .database = request.database,
                       .now = now,
                       .decisions = {},
                       .leftovers = {},
                       .sets = {},
                       .irregular = directory.irregular(),
                       .dry_run = request.dry_run == DryRun::yes,
                       .has_rules = store::has_rules(request.policy),
                       .command_line = request.command_line};
    if (report.has_rules) {
        report.leftovers = choose_leftovers(directory, databases, request, now);
    }
    std::vector<store::DumpEntry> dumps = directory.list();
    judge_losses(dumps, request, report);
    if (!report.dry_run && !report.accepted.empty()) {
        record_accepted(directory, dumps, report);
        dumps = directory.list(); // what was changed since it was listed would be kept
    }
    decide(directory, std::move(dumps), databases, request, report);
    if (!report.dry_run) {
        PruneExecution{directory, report, listener}.run();
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
