#include "store/latest_dump.hpp"

#include "store/latest_messages.hpp"

#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <utility>

namespace dbbackup::store {

namespace {

/// A safety dump holds a state that was given up: only its name selects it.
bool is_safety_dump(const DumpEntry& dump) {
    return dump.manifest && dump.manifest->dump.safety;
}

/// The database whose newest dump "latest" means, see resolve_dump.
std::string choose_database(const Dumps& dumps, const DumpQuery& query) {
    std::set<std::string> databases;
    for (const DumpEntry& dump : dumps) {
        const auto database = dump.database();
        if (database && !dump.is_foreign()) {
            databases.insert(*database);
        }
    }
    if (databases.empty()) {
        Dumps nameless = dumps;
        std::erase_if(nameless, [](const DumpEntry& dump) { return dump.is_foreign(); });
        throw_only_without_manifest(query, nameless);
    }
    const auto& wanted = query.latest.database;
    if (wanted && databases.contains(*wanted)) {
        return *wanted;
    }
    if (databases.size() > 1) {
        throw_ambiguous(query, databases);
    }
    return *databases.begin();
}

SortedDumps sort_dumps(Dumps all, const std::string& database, const LatestChoice& choice,
                       base::UtcTime now) {
    SortedDumps sorted;
    for (DumpEntry& dump : all) {
        if (dump.database() != database || (choice.before && dump.started_at() >= choice.before)) {
            continue;
        }
        const bool says_nothing = !dump.manifest && !dump.unread_manifest;
        Dumps& kind = dump.is_foreign()            ? sorted.foreign
                      : dump.is_of_the_future(now) ? sorted.future
                      : says_nothing               ? sorted.without_manifest
                      : dump.is_part() && choice.partial_dumps == PartialDumps::ignored
                          ? sorted.parts
                          : sorted.eligible;
        kind.push_back(std::move(dump));
    }
    return sorted;
}

std::optional<std::string> find_older_sound(const Dumps& newest_first, std::size_t chosen) {
    const auto found = std::ranges::find_if(
        newest_first.begin() + static_cast<std::ptrdiff_t>(chosen) + 1, newest_first.end(),
        [](const DumpEntry& dump) { return dump.problem.empty() && !dump.is_part(); });
    return found == newest_first.end() ? std::nullopt : std::optional{found->name};
}

} // namespace

std::string narrowing_text(const LatestChoice& choice) {
    std::string text;
    if (choice.only_database) {
        text += fmt::format(" of database '{}'", base::printable(*choice.only_database));
    }
    if (choice.only_named) {
        text += fmt::format(" of [database.{}]", base::printable(choice.only_named->name));
    }
    if (choice.only_label) {
        text += fmt::format(" with the label '{}'", base::printable(*choice.only_label));
    }
    return text;
}

ListedDump choose_latest(Dumps all, const DumpQuery& query, std::size_t number, base::UtcTime now) {
    if (all.empty()) {
        throw_no_dumps(query);
    }
    std::erase_if(all, [&query](const DumpEntry& dump) { return !query.latest.has(dump); });
    if (all.empty()) {
        throw_none_like(query);
    }
    std::erase_if(all, is_safety_dump);
    std::erase_if(all, [](const DumpEntry& dump) { return dump.is_second_name(); });
    if (all.empty()) {
        throw_only_safety_dumps(query);
    }
    if (std::ranges::all_of(all, &DumpEntry::is_foreign)) {
        throw_only_foreign(query, all);
    }
    const std::string database = choose_database(all, query);
    const SortedDumps sorted = sort_dumps(std::move(all), database, query.latest, now);
    const bool takes_part =
        sorted.eligible.empty() && !sorted.parts.empty() && query.only_parts == OnlyParts::newest;
    const Dumps& choice = takes_part ? sorted.parts : sorted.eligible;
    if (choice.empty()) {
        throw_none_eligible(query, sorted);
    }
    if (number >= choice.size()) {
        throw_too_few(query, database, choice.size());
    }
    const DumpEntry& chosen = choice[number];
    return {.entry = chosen,
            .warnings = warnings_of(sorted, chosen),
            .older_sound = find_older_sound(choice, number)};
}

FoundDump find_latest(DumpDirectory directory, const DumpQuery& query, std::size_t number,
                      base::UtcTime now) {
    ListedDump chosen = choose_latest(directory.list(), query, number, now);
    return {.directory = std::move(directory),
            .entry = std::move(chosen.entry),
            .warnings = std::move(chosen.warnings),
            .older_sound = std::move(chosen.older_sound)};
}

} // namespace dbbackup::store
