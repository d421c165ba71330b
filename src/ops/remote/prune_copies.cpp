#include "ops/loss/held_back.hpp"
#include "ops/remote/copy_listing.hpp"
#include "ops/remote/copy_lock.hpp"
#include "ops/remote/copy_notes.hpp"
#include "ops/remote/remote_records.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/copies.hpp>
#include <dbbackup/store/copy_note.hpp>
#include <dbbackup/store/dump_name.hpp>
#include <dbbackup/store/manifest_update.hpp>
#include <dbbackup/sys/file_lock.hpp>
#include <dbbackup/sys/signals.hpp>

#include <algorithm>
#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

/// An upload that takes longer would have to be begun again.
constexpr std::chrono::hours k_unfinished_age{24};

/// A file at a remote, as the records here name it: other content is another file.
std::string record_key(const store::RemoteFile& file, const store::DumpEntry* copy) {
    return copy != nullptr && copy->manifest
               ? file.name + " " + store::identity_of_dump(*copy->manifest)
               : fmt::format("{} {}", file.name, file.size);
}

/// When files arrived at a remote: by its own clock or, if whoever writes there can set the times,
/// when this machine first saw them.
class Arrivals {
public:
    Arrivals(const RemoteRecords& records, std::optional<base::UtcTime> remote_now,
             base::UtcTime now)
        : records_(records), remote_now_(remote_now), now_(now) {}

    /// Whether it has been there for longer than `span` (or the same with a fixed `age`).
    [[nodiscard]] bool is_older(const store::RemoteFile& file, const store::DumpEntry* copy,
                                const base::CalendarSpan& span) {
        const base::UtcTime seen = see(file, copy);
        const bool has_clock = remote_now_ && file.arrived_at;
        const base::UtcTime arrived = has_clock ? *file.arrived_at : seen;
        return arrived < base::moment_before(has_clock ? *remote_now_ : now_, span);
    }

    /// What to remember: the files that are still there.
    [[nodiscard]] const std::map<std::string, base::UtcTime>& seen() const { return seen_; }

    /// When this machine first saw it, which is remembered.
    base::UtcTime see(const store::RemoteFile& file, const store::DumpEntry* copy) {
        const std::string key = record_key(file, copy);
        const auto known = records_.first_seen.find(key);
        // A time to come would protect it for ever; it was seen at the latest now.
        const base::UtcTime first =
            known == records_.first_seen.end() ? now_ : std::min(known->second, now_);
        seen_[key] = first;
        return first;
    }

private:
    const RemoteRecords& records_;
    std::optional<base::UtcTime> remote_now_;
    base::UtcTime now_;
    std::map<std::string, base::UtcTime> seen_;
};

bool is_wanted(const PruneRequest& request, const std::optional<std::string>& database) {
    return !request.database || database == request.database;
}

std::vector<store::PruneDecision> plan(const CopyListing& listing, const PruneRequest& request,
                                       base::UtcTime now) {
    PruneReport judged;
    judged.now = now;
    judge_losses(listing.copies, request, judged);
    std::vector<store::PruneCandidate> candidates;
    for (const store::DumpEntry& copy : listing.copies) {
        if (is_wanted(request, copy.database()) &&
            (!request.named || request.named->has(copy.manifest))) {
            candidates.push_back(
                {.dump = copy, .is_after_loss = is_after_loss(judged.losses, copy)});
        }
    }
    return plan_unless_only_accepting(std::move(candidates), request, now);
}

/// What is there without the notes of others.
CopyListing list_own(const RemoteContent& content, const RemoteRecords& records) {
    const auto is_own = [&records](const std::string& note) {
        return records.own_notes.contains(note);
    };
    RemoteContent own = content;
    std::erase_if(own.records, [&is_own](const auto& record) {
        return store::find_copy_of_note(record.first) && !is_own(record.first);
    });
    return list_copies(own, is_own);
}

/// Notes beside the newest copies: their manifests never change.
void record_accepted(const CopyListing& listing, const PruneReport& report, store::Remote& opened,
                     const store::RemoteSettings& remote, const PruneRequest& request,
                     const Context& context) {
    for (const Loss& loss : report.accepted) {
        if (const auto* newest = find_recording_dump(listing.copies, loss.identity, report.now)) {
            write_note(opened, remote, newest->name,
                       {.dump_id = store::identity_of_dump(*newest->manifest),
                        .at = report.now,
                        .accepts_loss = true},
                       request.directory, context.listener);
        }
    }
}

/// What others noted can only keep more: so a copy goes only if it goes with their notes and
/// without them.
std::vector<store::PruneDecision> plan_with_and_without(const RemoteContent& content,
                                                        const RemoteRecords& records,
                                                        const PruneRequest& request,
                                                        base::UtcTime now) {
    const auto is_own = [&records](const std::string& note) {
        return records.own_notes.contains(note);
    };
    std::vector<store::PruneDecision> decisions = plan(list_copies(content, is_own), request, now);
    for (const store::PruneDecision& without : plan(list_own(content, records), request, now)) {
        const auto same =
            std::ranges::find_if(decisions, [&](const store::PruneDecision& decision) {
                return decision.dump.name == without.dump.name;
            });
        for (const store::KeepReason reason : without.reasons) {
            if (same != decisions.end() && std::ranges::count(same->reasons, reason) == 0) {
                same->reasons.push_back(reason);
            }
        }
    }
    return decisions;
}

/// A note that could not be read, or that a later version wrote, may pin its copy.
void keep_what_is_noted_unreadably(const RemoteContent& content,
                                   std::vector<store::PruneDecision>& decisions) {
    for (const store::RemoteFile& file : content.files) {
        const auto noted = store::find_copy_of_note(file.name);
        if (!noted || !file.foreign_owner.empty()) {
            continue;
        }
        const auto text = content.records.find(file.name);
        const bool is_read = text != content.records.end() && store::parse_note(text->second);
        for (store::PruneDecision& decision : decisions) {
            if (!is_read && decision.dump.name == *noted && !decision.is_kept()) {
                decision.reasons.push_back(store::KeepReason::held);
            }
        }
    }
}

/// Deletes what was decided. A file that cannot be deleted is a warning, and an error at the end.
class CopyPruning {
public:
    CopyPruning(store::Remote& remote, const store::DumpDirectory& here, const std::string& name,
                const RemoteContent& content, PruneReport& report, Listener& listener)
        : remote_(remote), here_(here), name_(name), content_(content), report_(report),
          listener_(listener) {}

    void run() {
        keep_what_changed();
        for (store::PruneDecision& decision : report_.decisions) {
            if (decision.is_kept()) {
                continue;
            }
            sys::throw_if_interrupted();
            if (!attempt(decision.dump.name, [&] { remove_copy(decision.dump.name); })) {
                decision.reasons.push_back(store::KeepReason::held);
            }
        }
        std::erase_if(report_.leftovers, [this](const store::Leftover& leftover) {
            // A run here may just be about to write its manifest.
            const auto lock = try_lock_copy(here_, name_, leftover.name);
            return !lock || !attempt(leftover.name, [&] { remote_.remove(leftover.name); });
        });
        if (failures_ > 0) {
            throw base::Error{
                base::ErrorKind::failed,
                fmt::format("{} of {} could not be deleted there: {}", failures_,
                            attempts_ == 1 ? "1 file" : fmt::format("{} files", attempts_),
                            first_problem_),
                "If the remote refuses, give this machine the right to delete there, or prune from "
                "a machine that has it."};
        }
    }

private:
    /// Somebody may have pinned a copy, or pushed it again, since it was listed.
    void keep_what_changed() {
        std::set<std::string> before;
        for (const store::RemoteFile& file : content_.files) {
            before.insert(file.name);
        }
        for (const store::RemoteFile& file : remote_.list()) {
            if (before.contains(file.name)) {
                continue;
            }
            std::erase_if(report_.leftovers, [&file](const store::Leftover& leftover) {
                return file.name == store::manifest_name_of(leftover.name);
            });
            const auto noted = store::find_copy_of_note(file.name);
            if (!noted) {
                continue;
            }
            for (store::PruneDecision& decision : report_.decisions) {
                if (decision.dump.name == *noted && !decision.is_kept()) {
                    decision.reasons.push_back(store::KeepReason::held);
                    listener_.on_warning(fmt::format("'{}' changed meanwhile, and is kept",
                                                     base::printable(decision.dump.name)));
                }
            }
        }
    }

    /// The manifest first: without it, what is left is no copy any more.
    void remove_copy(const std::string& name) {
        remote_.remove(store::manifest_name_of(name));
        for (const store::RemoteFile& file : content_.files) {
            if (store::find_copy_of_note(file.name) == name) {
                remote_.remove(file.name);
            }
        }
        remote_.remove(name);
        listener_.on_detail(fmt::format("deleted '{}'", base::printable(remote_.path_of(name))));
    }

    template <typename Action>
    bool attempt(const std::string& name, const Action& action) {
        ++attempts_;
        try {
            action();
            return true;
        } catch (const base::Error& error) {
            listener_.on_warning(fmt::format("'{}' could not be deleted: {}",
                                             base::printable(remote_.path_of(name)), error.what()));
            first_problem_ = first_problem_.empty() ? error.what() : first_problem_;
            ++failures_;
            return false;
        }
    }

    store::Remote& remote_;
    const store::DumpDirectory& here_;
    const std::string& name_; ///< of the remote
    const RemoteContent& content_;
    PruneReport& report_;
    Listener& listener_;
    std::size_t attempts_ = 0;
    std::size_t failures_ = 0;
    std::string first_problem_;
};

store::Leftover leftover_of(const store::RemoteFile& file) {
    const auto parsed = store::parse_dump_name(file.name);
    return {.name = file.name,
            .database = parsed ? parsed->database : std::string{},
            .kind = store::Leftover::Kind::partial,
            .size = file.size};
}

} // namespace

PruneReport prune_copies(const PruneRequest& request, const store::RemoteSettings& remote,
                         const Context& context) {
    if (request.accept_loss == AcceptLoss::no) {
        store::require_usable(request.policy);
    }
    const auto opened = store::open_remote(remote, context.environment);
    const auto here = store::DumpDirectory::open_or_create(request.directory);
    const std::string lock_name = ".remote-" + remote.name + ".lock";
    const auto lock = sys::FileLock::try_acquire(here.files(), lock_name);
    if (!lock) {
        throw base::Error{base::ErrorKind::locked,
                          fmt::format("another run prunes the remote '{}'", remote.name),
                          "Wait for it to end and try again."};
    }
    RemoteRecords records = read_records(here, remote.name);
    const RemoteContent content = read_remote(*opened);
    const CopyListing listing = list_copies(content, [](const std::string&) { return true; });
    const base::UtcTime now = context.clock.now();

    PruneReport report{.directory = remote.target,
                       .database = request.database,
                       .now = now,
                       .decisions = plan_with_and_without(content, records, request, now),
                       .leftovers = {},
                       .sets = {},
                       .irregular = {},
                       .dry_run = request.dry_run == DryRun::yes,
                       .has_rules = store::has_rules(request.policy),
                       .command_line = request.command_line};
    // As without the notes of others, which could accept what is not right.
    judge_losses(list_own(content, records).copies, request, report);
    keep_what_is_noted_unreadably(content, report.decisions);
    const auto unfinished =
        report.has_rules ? listing.unfinished() : std::vector<store::RemoteFile>{};
    const bool asks_for_age = remote.keep_at_least || !unfinished.empty();
    Arrivals arrivals{records, asks_for_age && !report.dry_run ? opened->find_now() : std::nullopt,
                      now};
    for (const store::DumpEntry& copy : listing.copies) {
        if (const store::RemoteFile* file = listing.find_file(copy.name)) {
            (void)arrivals.see(*file, &copy); // also of databases that are not pruned now
        }
    }
    for (store::PruneDecision& decision : report.decisions) {
        const store::RemoteFile* file = listing.find_file(decision.dump.name);
        const base::CalendarSpan span = remote.keep_at_least.value_or(base::CalendarSpan{});
        if (file != nullptr && !arrivals.is_older(*file, &decision.dump, span) && !span.is_zero()) {
            decision.reasons.push_back(store::KeepReason::arrived);
        }
    }
    for (const store::RemoteFile& file : unfinished) {
        const auto parsed = store::parse_dump_name(file.name);
        const bool is_old =
            arrivals.is_older(file, nullptr, {.months = {}, .hours = k_unfinished_age});
        if (is_old && is_wanted(request, parsed ? std::optional{parsed->database} : std::nullopt)) {
            report.leftovers.push_back(leftover_of(file));
        }
    }
    if (!report.dry_run) {
        records.first_seen = arrivals.seen();
        write_records(here, remote.name, records);
        record_accepted(listing, report, *opened, remote, request, context);
        CopyPruning{*opened, here, remote.name, content, report, context.listener}.run();
    }
    return report;
}

} // namespace dbbackup::ops
