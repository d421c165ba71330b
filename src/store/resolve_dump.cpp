#include "store/latest_dump.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/moment.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/dump_name.hpp>
#include <dbbackup/store/dump_query.hpp>
#include <dbbackup/store/existing_directory.hpp>
#include <dbbackup/store/server_file.hpp>

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace dbbackup::store {

namespace {

std::string shown(const std::filesystem::path& path) {
    return base::printable(path.native());
}

bool is_moment(const std::string& word) {
    try {
        (void)base::parse_moment(word, base::UtcTime{});
        return true;
    } catch (const base::Error&) {
        return false;
    }
}

/// Advice for a word that is not a dump's name but a database's.
std::optional<std::string> find_advice_on_database(const DumpQuery& query, base::UtcTime now) {
    DumpQuery newest = query;
    newest.reference = "latest";
    newest.latest.only_database = query.reference;
    newest.latest.only_label = std::nullopt;
    try {
        const FoundDump found = find_latest(DumpDirectory::open(query.directory), newest, 0, now);
        return fmt::format("'{}' is a database. Its newest dump: {}",
                           base::printable(query.reference),
                           query.command_line.again({found.entry.name}));
    } catch (const base::Error&) {
        return std::nullopt; // no command to suggest
    }
}

[[noreturn]] void throw_not_found(const DumpQuery& query, const std::filesystem::path& name,
                                  const std::filesystem::path& directory,
                                  const std::optional<std::string>& advice = std::nullopt) {
    std::error_code none;
    if (std::filesystem::exists(directory / name / "toc.dat", none)) {
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format("'{}' is a directory, perhaps by pg_dump -F directory",
                        shown(directory / name)),
            "dbbackup reads plain SQL and the custom format. pg_restore restores such "
            "a directory."};
    }
    throw base::Error{base::ErrorKind::failed,
                      fmt::format("there is no dump '{}' in '{}'", shown(name), shown(directory)),
                      advice ? *advice
                      : is_moment(query.reference)
                          ? fmt::format("The newest dump from before a time, such as today: {}",
                                        query.command_line.again({"latest", "--before", "today"}))
                          : fmt::format("{}{}List the dumps: {}", query.other_meaning,
                                        query.other_meaning.empty() ? "" : ". ",
                                        query.command_line.another({"list"}))};
}

FoundDump found(DumpDirectory directory, DumpEntry entry) {
    std::vector<std::string> warnings;
    if (entry.is_foreign()) {
        warnings.push_back(
            fmt::format("'{}': {}", base::printable(entry.name), base::printable(entry.problem)));
    }
    return {.directory = std::move(directory),
            .entry = std::move(entry),
            .warnings = std::move(warnings),
            .older_sound = std::nullopt};
}

bool is_there(const std::filesystem::path& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
}

/// A path means what it names, even through a link. Links in the dump directory are not followed.
std::filesystem::path follow_link(const std::filesystem::path& path) {
    std::error_code error;
    if (!std::filesystem::is_symlink(path, error)) {
        return path;
    }
    const std::filesystem::path real = std::filesystem::canonical(path, error);
    return error ? path : real;
}

FoundDump find_at(const DumpQuery& query) {
    const std::filesystem::path path = follow_link(query.reference);
    DumpDirectory directory = DumpDirectory::open(path.parent_path());
    auto entry = directory.find(path.filename().native());
    if (!entry) {
        throw_not_found(query, path.filename(), directory.files().path());
    }
    return found(std::move(directory), std::move(*entry));
}

bool ends_like_dump(const std::string& name) {
    return std::ranges::any_of(k_dump_suffixes,
                               [&name](std::string_view suffix) { return name.ends_with(suffix); });
}

/// A bare word that is not a dump's name may be a label or the beginning of a name: an untrusted
/// user's file of that name must not replace the dump that is meant.
std::optional<FoundDump> find_named(const std::filesystem::path& directory,
                                    const std::string& name) {
    DumpDirectory dumps = DumpDirectory::open(directory);
    auto entry = dumps.find(name);
    if (entry && entry->is_foreign() && !ends_like_dump(name)) {
        return std::nullopt;
    }
    return entry ? std::optional{found(std::move(dumps), std::move(*entry))} : std::nullopt;
}

bool fits(const DumpEntry& dump, const std::string& word) {
    const bool has_label = dump.manifest && dump.manifest->dump.label == word;
    return dump.name.starts_with(word) || has_label;
}

[[noreturn]] void throw_ambiguous(const DumpQuery& query, const std::vector<DumpEntry>& dumps,
                                  base::UtcTime now) {
    constexpr std::size_t k_most_shown = 5;
    std::string choice;
    for (std::size_t i = 0; i < std::min(dumps.size(), k_most_shown); ++i) {
        choice += (i == 0 ? "" : ", ") + base::printable(dumps[i].name);
        if (!dumps[i].name.starts_with(query.reference)) {
            choice += " (by its label)";
        }
    }
    throw base::Error{base::ErrorKind::usage,
                      fmt::format("'{}' matches {} dumps: {}{}", base::printable(query.reference),
                                  dumps.size(), choice, dumps.size() > k_most_shown ? ", …" : ""),
                      find_advice_on_database(query, now).value_or("Write more of the name.")};
}

/// By the beginning of its name, or by its label.
DumpEntry choose_by_word(std::vector<DumpEntry> dumps, const DumpQuery& query, base::UtcTime now) {
    std::erase_if(dumps, [&query](const DumpEntry& dump) {
        // No dump may pass for another by its name or label.
        return dump.is_foreign() || dump.is_second_name() || !fits(dump, query.reference) ||
               (query.latest.only_named && !query.latest.only_named->has(dump.manifest));
    });
    if (dumps.empty()) {
        throw_not_found(query, query.reference, query.directory,
                        find_advice_on_database(query, now));
    }
    if (dumps.size() > 1) {
        throw_ambiguous(query, dumps, now);
    }
    return std::move(dumps.front());
}

void require_sensible(const DumpQuery& query) {
    if (query.reference.empty()) {
        throw base::Error{base::ErrorKind::failed, "the name of the dump is empty",
                          "Name a dump, or use latest."};
    }
    const char* narrowing = query.latest.before          ? "--before"
                            : query.latest.only_database ? "--database"
                            : query.latest.only_label    ? "--label"
                                                         : nullptr;
    if (narrowing != nullptr && !find_latest_number(query.reference)) {
        throw base::Error{base::ErrorKind::usage,
                          fmt::format("{} limits what 'latest' can be, but you named '{}'",
                                      narrowing, base::printable(query.reference)),
                          fmt::format("Leave out {}, or use latest.", narrowing)};
    }
}

/// Files about a server hold no database.
void require_of_database(const DumpQuery& query) {
    const std::filesystem::path path{query.reference};
    const auto file = parse_server_file(path.filename().native());
    if (!file) {
        return;
    }
    const bool is_set = file->kind == ServerFile::Kind::set;
    throw base::Error{base::ErrorKind::usage,
                      fmt::format("'{}' is {}, not a dump of a database", shown(path),
                                  is_set ? "a set" : "a dump of roles and tablespaces"),
                      is_set ? "Restore it with: " +
                                   query.command_line.another({"restore", "--set", query.reference})
                             : "Restore the set that it is in, with restore --set. It is SQL for "
                               "psql, too."};
}

} // namespace

std::optional<std::size_t> find_latest_number(const std::string& reference) {
    constexpr std::string_view k_latest = "latest";
    if (!reference.starts_with(k_latest)) {
        return std::nullopt;
    }
    const std::string_view rest = std::string_view{reference}.substr(k_latest.size());
    if (rest.empty()) {
        return 0;
    }
    if (rest == "~") {
        return 1;
    }
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(rest.data() + 1, rest.data() + rest.size(), number);
    const bool is_number = error == std::errc{} && end == rest.data() + rest.size();
    return rest.front() == '~' && is_number ? std::optional{number} : std::nullopt;
}

FoundDump resolve_dump(const DumpQuery& query, base::UtcTime now) {
    require_sensible(query);
    require_of_database(query);
    if (std::filesystem::path{query.reference}.has_parent_path()) {
        return find_at(query);
    }
    if (const auto number = find_latest_number(query.reference)) {
        return find_latest(open_existing(query.directory, query.command_line), query, *number, now);
    }
    const bool is_here = is_there(query.reference);
    if (!is_here || is_there(query.directory)) {
        if (auto named = find_named(query.directory, query.reference)) {
            return std::move(*named);
        }
    }
    if (is_here) {
        if (auto named = find_named(".", query.reference)) {
            return std::move(*named);
        }
    }
    DumpDirectory directory = open_existing(query.directory, query.command_line);
    DumpEntry chosen = choose_by_word(directory.list(), query, now);
    return found(std::move(directory), std::move(chosen));
}

ListedDump resolve_listed(std::vector<DumpEntry> dumps, const DumpQuery& query, base::UtcTime now) {
    require_sensible(query);
    if (const auto number = find_latest_number(query.reference)) {
        return choose_latest(std::move(dumps), query, *number, now);
    }
    const auto named = std::ranges::find(dumps, query.reference, &DumpEntry::name);
    DumpEntry chosen = named != dumps.end() ? *named : choose_by_word(std::move(dumps), query, now);
    return {.entry = std::move(chosen), .warnings = {}, .older_sound = std::nullopt};
}

} // namespace dbbackup::store
