#include "ops/loss/likeness.hpp"

#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/loss.hpp>
#include <dbbackup/pg/newest_migration.hpp>
#include <dbbackup/store/manifest_update.hpp>
#include <dbbackup/store/retention.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>

namespace dbbackup::ops {

namespace {

using store::DumpEntry;
using store::Identity;
using store::Manifest;

bool is_own(const DumpEntry& dump) {
    return !dump.is_second_name() && !store::find_foreign(dump);
}

bool is_of(const DumpEntry& dump, const Identity& identity) {
    return is_own(dump) && store::identity_of(*dump.manifest) == identity;
}

/// Damage of the file does not matter: what its manifest says of the database was so.
bool counts(const DumpEntry& dump, base::UtcTime now) {
    return is_own(dump) && !dump.manifest->dump.safety &&
           store::scope_of(dump.manifest->dump) == store::Scope::whole &&
           !dump.is_of_the_future(now);
}

bool is_later(const DumpEntry& a, const DumpEntry& b) {
    const base::UtcTime time_a = a.manifest->dump.started_at;
    const base::UtcTime time_b = b.manifest->dump.started_at;
    return time_a != time_b ? time_a > time_b : a.name > b.name;
}

bool is_any(const DumpEntry& /*dump*/) {
    return true;
}

bool is_sound(const DumpEntry& dump) {
    return dump.problem.empty();
}

const DumpEntry* find_newest(const std::vector<DumpEntry>& dumps, const Identity& identity,
                             base::UtcTime now, bool (*is_wanted)(const DumpEntry&)) {
    const DumpEntry* newest = nullptr;
    for (const DumpEntry& dump : dumps) {
        if (counts(dump, now) && is_of(dump, identity) && is_wanted(dump) &&
            (newest == nullptr || is_later(dump, *newest))) {
            newest = &dump;
        }
    }
    return newest;
}

const Manifest::Restore* find_last_restore(const std::vector<DumpEntry>& dumps,
                                           const Identity& identity) {
    const Manifest::Restore* last = nullptr;
    for (const DumpEntry& dump : dumps) {
        if (!is_of(dump, identity)) {
            continue;
        }
        for (const Manifest::Restore& restore : dump.manifest->restores) {
            last = last == nullptr || restore.at >= last->at ? &restore : last;
        }
    }
    return last;
}

std::vector<pg::MigrationState> migrations_of(const Manifest& manifest) {
    std::vector<pg::MigrationState> migrations;
    if (manifest.contents.state) {
        for (const Manifest::Migrations& recorded : manifest.contents.state->migrations) {
            migrations.push_back({.tool = recorded.tool,
                                  .table = {recorded.schema, recorded.table},
                                  .applied = recorded.applied});
        }
    }
    return migrations;
}

void compare_identity(const Manifest::Before& before, const Manifest::Database& now,
                      std::vector<std::string>& changes) {
    const bool knows_server = !before.system_identifier.empty() && !now.system_identifier.empty();
    if (knows_server && before.system_identifier != now.system_identifier) {
        changes.push_back(fmt::format(
            "it is on another server: the system identifier is {}, before it was {}",
            base::printable(now.system_identifier), base::printable(before.system_identifier)));
    } else if (before.oid != 0 && now.oid != 0 && before.oid != now.oid) {
        changes.push_back(fmt::format("the database was made anew: its OID is {}, before it was {}",
                                      now.oid, before.oid));
    }
}

void compare_contents(const Manifest& before, const Manifest& now, const LossLimits& limits,
                      std::vector<std::string>& changes) {
    const bool knows_both = before.knows_contents() && now.knows_contents();
    const std::string migration =
        pg::find_lost_migration(migrations_of(before), migrations_of(now));
    if (knows_both && !migration.empty()) {
        changes.push_back(
            fmt::format("the newest migration went back: '{}' is not applied any more",
                        base::mark_outside(base::printable(migration))));
    }
    const std::uint64_t rows_before = before.contents.total_rows();
    const std::uint64_t rows = now.contents.total_rows();
    if (knows_both && fell_by_more(rows_before, rows, limits.max_row_loss)) {
        changes.push_back("it has " + describe_row_loss(rows_before, rows, limits.max_row_loss));
    }
    if (is_written_alike(before, now) &&
        fell_by_more(before.file.size, now.file.size, limits.max_shrink)) {
        changes.push_back("its dump takes " +
                          describe_shrinking(before.file.size, now.file.size, limits.max_shrink));
    }
}

using DumpsById = std::map<std::string, const DumpEntry*>;

DumpsById by_dump_id(const std::vector<DumpEntry>& dumps) {
    DumpsById found;
    for (const DumpEntry& dump : dumps) {
        if (is_own(dump)) {
            found.emplace(store::identity_of_dump(*dump.manifest), &dump);
        }
    }
    return found;
}

Loss judge(const DumpEntry& dump, const DumpsById& by_id, const LossLimits& limits) {
    const Manifest& manifest = *dump.manifest;
    Loss loss;
    loss.identity = store::identity_of(manifest);
    loss.dump = dump.name;
    const Manifest::Before& before = *manifest.before;
    compare_identity(before, manifest.database, loss.changes);
    const auto earlier = by_id.find(before.dump_id);
    if (!before.dump_id.empty() && earlier != by_id.end()) {
        loss.before = earlier->second->name;
        compare_contents(*earlier->second->manifest, manifest, limits, loss.changes);
    }
    return loss;
}

} // namespace

std::string Loss::text() const {
    return fmt::format("{} on {}:{}: since '{}', {}", base::printable(identity.database),
                       base::printable(identity.host), identity.port, base::printable(dump),
                       fmt::join(changes, "; "));
}

std::vector<Loss> find_losses(const std::vector<DumpEntry>& dumps, const LossLimits& limits,
                              base::UtcTime now) {
    const DumpsById by_id = by_dump_id(dumps);
    std::map<Identity, const DumpEntry*> first;
    std::map<Identity, Loss> losses;
    for (const DumpEntry& dump : dumps) {
        if (!counts(dump, now) || !dump.manifest->before) {
            continue;
        }
        Loss loss = judge(dump, by_id, limits);
        if (loss.changes.empty()) {
            continue;
        }
        const DumpEntry*& known = first[loss.identity];
        const auto accepted = find_acceptance(dumps, loss.identity);
        const bool is_accepted = accepted && *accepted >= dump.manifest->dump.started_at;
        if (!is_accepted && (known == nullptr || is_later(*known, dump))) {
            known = &dump;
            losses.insert_or_assign(loss.identity, std::move(loss));
        }
    }
    std::vector<Loss> found;
    for (auto& [identity, loss] : losses) {
        found.push_back(std::move(loss));
    }
    return found;
}

const Loss* find_loss_of(const std::vector<Loss>& losses, const Identity& identity) {
    const auto found = std::ranges::find(losses, identity, &Loss::identity);
    return found == losses.end() ? nullptr : &*found;
}

std::optional<base::UtcTime> find_acceptance(const std::vector<DumpEntry>& dumps,
                                             const Identity& identity) {
    std::optional<base::UtcTime> last;
    for (const DumpEntry& dump : dumps) {
        if (is_of(dump, identity)) {
            last = std::max(last, dump.manifest->loss_accepted_at);
        }
    }
    return last;
}

const DumpEntry* find_recording_dump(const std::vector<DumpEntry>& dumps, const Identity& identity,
                                     base::UtcTime now) {
    const DumpEntry* sound = find_newest(dumps, identity, now, is_sound);
    return sound != nullptr ? sound : find_newest(dumps, identity, now, is_any);
}

std::optional<Manifest::Before> find_before(const std::vector<DumpEntry>& dumps,
                                            const Identity& identity, base::UtcTime now) {
    const DumpEntry* newest = find_newest(dumps, identity, now, is_any);
    if (newest == nullptr) {
        return std::nullopt;
    }
    const Manifest& manifest = *newest->manifest;
    const Manifest::Restore* restore = find_last_restore(dumps, identity);
    if (restore != nullptr && restore->at >= manifest.dump.started_at) {
        return Manifest::Before{.dump_id = restore->dump_id,
                                .system_identifier = restore->system_identifier,
                                .oid = restore->oid,
                                .restored_at = restore->at};
    }
    Manifest::Before before{.dump_id = store::identity_of_dump(manifest),
                            .system_identifier = manifest.database.system_identifier,
                            .oid = manifest.database.oid,
                            .restored_at = std::nullopt};
    if (before.system_identifier.empty() && manifest.before) {
        before.system_identifier = manifest.before->system_identifier;
    }
    if (before.oid == 0 && manifest.before) {
        before.oid = manifest.before->oid;
    }
    return before;
}

} // namespace dbbackup::ops
