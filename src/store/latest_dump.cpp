#include "store/latest_dump.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/dump_part.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <utility>

namespace dbbackup::store {

namespace {

using Dumps = std::vector<DumpEntry>;

/// The dumps of one database as "latest" sees them, each list newest first.
struct SortedDumps {
    Dumps eligible; ///< it chooses from these
    Dumps parts;    ///< it would choose from these too if parts were accepted
    Dumps foreign;
    Dumps future;
    Dumps without_manifest;   ///< whether they are whole is unknown
    std::size_t too_late = 0; ///< not before the requested time
};

std::string shown(const DumpEntry& dump) {
    return fmt::format("'{}'", base::printable(dump.name));
}

std::string directory_of(const DumpQuery& query) {
    return base::printable(query.directory.native());
}

std::string and_more(const Dumps& dumps) {
    return dumps.size() <= 1 ? ""
                             : fmt::format(" (and {} more such dump{})", dumps.size() - 1,
                                           dumps.size() == 2 ? "" : "s");
}

std::string future_dump(const DumpEntry& dump) {
    return fmt::format("{} is dated in the future ({})", shown(dump),
                       base::format_utc(dump.started_at().value()));
}

std::string foreign_dump(const DumpEntry& dump) {
    return fmt::format("{}: {}", shown(dump), base::printable(dump.problem));
}

std::string partial_dump(const DumpEntry& dump) {
    return fmt::format("{} is a part: {}", shown(dump), describe_part(dump.manifest->dump));
}

std::string time_limit(const DumpQuery& query) {
    return query.latest.before
               ? fmt::format(" from before {}", base::format_utc(*query.latest.before))
               : "";
}

/// A safety dump holds a state that was given up: only its name selects it.
bool is_safety_dump(const DumpEntry& dump) {
    return dump.manifest && dump.manifest->dump.safety;
}

[[noreturn]] void throw_without_manifest(const DumpQuery& query, const Dumps& dumps) {
    throw base::Error{
        base::ErrorKind::failed,
        fmt::format("no dump in '{}' has a manifest{}, and without one it is unknown whether a "
                    "dump is whole: {}{}",
                    directory_of(query), time_limit(query), shown(dumps.front()), and_more(dumps)),
        fmt::format("Name the dump: {}", query.command_line.again({dumps.front().name}))};
}

[[noreturn]] void throw_no_dumps(const DumpQuery& query) {
    throw base::Error{
        base::ErrorKind::failed, fmt::format("there is no dump in '{}'", directory_of(query)),
        fmt::format(
            "If yours are elsewhere, name their directory with --dir. Otherwise take the first: {}",
            query.command_line.another({"dump"}))};
}

/// No dump matches the conditions on "latest".
[[noreturn]] void throw_none_like(const DumpQuery& query) {
    throw base::Error{base::ErrorKind::failed,
                      fmt::format("there is no dump in '{}'{}", directory_of(query),
                                  narrowing_text(query.latest)),
                      fmt::format("List the dumps: {}", query.command_line.another({"list"}))};
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
        throw_without_manifest(query, nameless);
    }
    const auto& wanted = query.latest.database;
    if (wanted && databases.contains(*wanted)) {
        return *wanted;
    }
    if (databases.size() > 1) {
        const std::string choice = base::list_all({databases.begin(), databases.end()});
        const std::string named =
            query.latest.may_name_database
                ? fmt::format("Name one: {}. Or all: {}",
                              query.command_line.again({"--database", *databases.begin()}),
                              query.command_line.again({"--all"}))
                : fmt::format("Name the dump. List the dumps: {}",
                              query.command_line.another({"list"}));
        throw base::Error{
            base::ErrorKind::usage,
            fmt::format("'latest' is ambiguous: there are dumps of several databases: {}", choice),
            named};
    }
    return *databases.begin();
}

SortedDumps sort_dumps(Dumps all, const std::string& database, const LatestChoice& choice,
                       base::UtcTime now) {
    SortedDumps sorted;
    for (DumpEntry& dump : all) {
        if (dump.database() != database) {
            continue;
        }
        if (choice.before && dump.started_at() >= choice.before) {
            ++sorted.too_late;
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

void warn_of_newer(std::vector<std::string>& warnings, Dumps dumps, base::UtcTime chosen,
                   std::string_view words, std::string (*tell)(const DumpEntry&)) {
    std::erase_if(dumps, [chosen](const DumpEntry& dump) {
        return dump.started_at() < std::optional{chosen};
    });
    if (!dumps.empty()) {
        warnings.push_back(fmt::format("{} {}{}", words, tell(dumps.front()), and_more(dumps)));
    }
}

std::string bare_dump(const DumpEntry& dump) {
    return fmt::format("{} has no manifest", shown(dump));
}

/// Says why nothing is eligible.
[[noreturn]] void throw_none_eligible(const SortedDumps& sorted, const DumpQuery& query) {
    if (!sorted.parts.empty()) {
        throw base::Error{
            base::ErrorKind::refused,
            fmt::format("there is no whole dump in '{}'{}: {}{}", directory_of(query),
                        time_limit(query), partial_dump(sorted.parts.front()),
                        and_more(sorted.parts)),
            fmt::format("Take a whole dump. Or, if you want that part: {}",
                        query.command_line.again({sorted.parts.front().name, "--accept-partial"}))};
    }
    if (!sorted.without_manifest.empty()) {
        throw_without_manifest(query, sorted.without_manifest);
    }
    if (!sorted.future.empty()) {
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format("no dump counts as 'latest': {}{}", future_dump(sorted.future.front()),
                        and_more(sorted.future)),
            "Check this machine's clock. If it is right, and you want that dump, name it."};
    }
    throw base::Error{
        base::ErrorKind::failed,
        fmt::format("no dump in '{}'{} counts as 'latest'", directory_of(query), time_limit(query)),
        fmt::format("List the dumps: {}", query.command_line.another({"list"}))};
}

std::optional<std::string> find_older_sound(const Dumps& newest_first, std::size_t chosen) {
    const auto found = std::ranges::find_if(
        newest_first.begin() + static_cast<std::ptrdiff_t>(chosen) + 1, newest_first.end(),
        [](const DumpEntry& dump) { return dump.problem.empty() && !dump.is_part(); });
    return found == newest_first.end() ? std::nullopt : std::optional{found->name};
}

std::vector<std::string> warnings_of(const SortedDumps& sorted, const DumpEntry& chosen) {
    std::vector<std::string> warnings;
    const base::UtcTime time = chosen.started_at().value_or(base::UtcTime::min());
    warn_of_newer(warnings, sorted.foreign, time, "skipped, because", foreign_dump);
    warn_of_newer(warnings, sorted.future, time, "skipped, because", future_dump);
    warn_of_newer(warnings, sorted.without_manifest, time, "skipped, because", bare_dump);
    if (!chosen.is_part()) {
        warn_of_newer(warnings, sorted.parts, time, "skipped, because", partial_dump);
    }
    return warnings;
}

} // namespace

std::string narrowing_text(const LatestChoice& choice) {
    std::string text;
    if (choice.only_database) {
        text += fmt::format(" of database '{}'", base::printable(*choice.only_database));
    }
    if (choice.only_label) {
        text += fmt::format(" with the label '{}'", base::printable(*choice.only_label));
    }
    return text;
}

FoundDump find_latest(DumpDirectory directory, const DumpQuery& query, std::size_t number,
                      base::UtcTime now) {
    Dumps all = directory.list();
    if (all.empty()) {
        throw_no_dumps(query);
    }
    std::erase_if(all, [&query](const DumpEntry& dump) {
        return !query.latest.has(dump.database(), dump.label());
    });
    if (all.empty()) {
        throw_none_like(query);
    }
    std::erase_if(all, is_safety_dump);
    std::erase_if(all, [](const DumpEntry& dump) { return dump.is_second_name(); });
    if (all.empty()) {
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format("there are only safety dumps in '{}', and 'latest' is never one of them",
                        directory_of(query)),
            fmt::format("Name the dump. List the dumps: {}", query.command_line.another({"list"}))};
    }
    if (std::ranges::all_of(all, &DumpEntry::is_foreign)) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("there are only other users' dumps in '{}': {}{}",
                                      directory_of(query), foreign_dump(all.front()),
                                      and_more(all)),
                          "'latest' is never one of them. If you trust that user, name the dump."};
    }
    const std::string database = choose_database(all, query);
    const SortedDumps sorted = sort_dumps(std::move(all), database, query.latest, now);
    const bool takes_part =
        sorted.eligible.empty() && !sorted.parts.empty() && query.only_parts == OnlyParts::newest;
    const Dumps& choice = takes_part ? sorted.parts : sorted.eligible;
    if (choice.empty()) {
        throw_none_eligible(sorted, query);
    }
    if (number >= choice.size()) {
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format("there is no '{}': 'latest' chooses from {} of '{}'{}",
                        base::printable(query.reference),
                        choice.size() == 1 ? "one dump" : fmt::format("{} dumps", choice.size()),
                        base::printable(database), time_limit(query)),
            fmt::format("List the dumps: {}", query.command_line.another({"list"}))};
    }
    const DumpEntry& chosen = choice[number];
    FoundDump found{.directory = std::move(directory),
                    .entry = chosen,
                    .warnings = warnings_of(sorted, chosen),
                    .older_sound = find_older_sound(choice, number)};
    if (chosen.is_part()) {
        found.warnings.push_back(fmt::format("PARTIAL: {}", partial_dump(chosen)));
    }
    return found;
}

} // namespace dbbackup::store
