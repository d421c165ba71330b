#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/dump_directory.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace dbbackup::store {

namespace {

constexpr std::string_view k_latest = "latest";

std::string shown(const std::filesystem::path& path) {
    return base::printable(path.native());
}

[[noreturn]] void throw_not_found(const std::string& what, const std::filesystem::path& directory) {
    throw base::Error{base::ErrorKind::failed,
                      fmt::format("there is no {} in '{}'", what, shown(directory)),
                      "See what is there with: dbbackup list"};
}

/// A safety dump is of what somebody did not want: only its name brings it back.
bool is_safety_dump(const DumpEntry& dump) {
    return dump.manifest && dump.manifest->dump.safety;
}

/// The database whose newest dump "latest" means, as resolve_dump says.
std::string choose_database(const std::vector<DumpEntry>& dumps,
                            const std::filesystem::path& directory,
                            const std::optional<std::string>& wanted) {
    std::set<std::string> databases;
    for (const DumpEntry& dump : dumps) {
        const auto database = dump.database();
        if (database && !dump.is_foreign()) {
            databases.insert(*database);
        }
    }
    if (databases.empty()) {
        throw_not_found("dump", directory);
    }
    if (wanted && databases.contains(*wanted)) {
        return *wanted;
    }
    if (databases.size() > 1) {
        std::string choice;
        for (const std::string& database : databases) {
            choice += (choice.empty() ? "" : ", ") + base::printable(database);
        }
        throw base::Error{base::ErrorKind::usage,
                          fmt::format("'latest' could be of several databases: {}", choice),
                          "Name the dump; see them with: dbbackup list"};
    }
    return *databases.begin();
}

/// Dumps that "latest" passed over, the newest first.
struct PassedOver {
    std::vector<DumpEntry> foreign;
    std::vector<DumpEntry> future;
};

std::string and_more(const std::vector<DumpEntry>& dumps) {
    return dumps.size() > 1 ? fmt::format(", and {} more", dumps.size() - 1) : "";
}

std::string future_dump(const DumpEntry& dump) {
    return fmt::format("'{}' is dated in the future ({})", base::printable(dump.name),
                       base::format_utc(dump.started_at().value()));
}

std::string foreign_dump(const DumpEntry& dump) {
    return fmt::format("'{}': {}", base::printable(dump.name), base::printable(dump.problem));
}

std::vector<std::string> warnings_of(const PassedOver& passed) {
    std::vector<std::string> warnings;
    if (!passed.foreign.empty()) {
        warnings.push_back(fmt::format("passed over {}{}", foreign_dump(passed.foreign.front()),
                                       and_more(passed.foreign)));
    }
    if (!passed.future.empty()) {
        warnings.push_back(fmt::format("passed over, since {}{}",
                                       future_dump(passed.future.front()),
                                       and_more(passed.future)));
    }
    return warnings;
}

[[noreturn]] void throw_all_foreign(const std::vector<DumpEntry>& dumps,
                                    const std::filesystem::path& directory) {
    throw base::Error{base::ErrorKind::failed,
                      fmt::format("there is no dump in '{}' but those of other users: {}{}",
                                  shown(directory), foreign_dump(dumps.front()), and_more(dumps)),
                      "'latest' is never one of them. If you trust that user, name the dump."};
}

[[noreturn]] void throw_all_future(const std::vector<DumpEntry>& dumps) {
    throw base::Error{
        base::ErrorKind::failed,
        fmt::format("there is no dump that 'latest' can mean: {}{}", future_dump(dumps.front()),
                    and_more(dumps)),
        "Look at this machine's clock. If it is right, and you want that dump, name it."};
}

FoundDump find_latest(DumpDirectory directory, const std::optional<std::string>& wanted,
                      base::UtcTime now) {
    std::vector<DumpEntry> all = directory.list();
    std::erase_if(all, is_safety_dump);
    std::erase_if(all, [](const DumpEntry& dump) { return dump.is_second_name(); });
    if (!all.empty() && std::ranges::all_of(all, &DumpEntry::is_foreign)) {
        throw_all_foreign(all, directory.files().path());
    }
    const std::string database = choose_database(all, directory.files().path(), wanted);
    PassedOver passed;
    for (DumpEntry& dump : all) {
        if (dump.database() != database) {
            continue;
        }
        if (dump.is_foreign()) {
            passed.foreign.push_back(std::move(dump));
        } else if (dump.is_of_the_future(now)) {
            passed.future.push_back(std::move(dump));
        } else {
            return {std::move(directory), std::move(dump), warnings_of(passed)};
        }
    }
    throw_all_future(passed.future); // of that database there is one that is not foreign
}

std::optional<DumpEntry> find_by_prefix(const DumpDirectory& dumps, const std::string& prefix) {
    constexpr std::size_t k_most_shown = 5;
    std::vector<std::string> names;
    for (const DumpEntry& dump : dumps.list()) {
        // Nobody shall give a dump a name in order to be mistaken for another.
        if (dump.name.starts_with(prefix) && !dump.is_foreign()) {
            names.push_back(dump.name);
        }
    }
    if (names.size() <= 1) {
        return names.empty() ? std::nullopt : dumps.find(names.front());
    }
    std::string choice;
    for (std::size_t i = 0; i < std::min(names.size(), k_most_shown); ++i) {
        choice += (i == 0 ? "" : ", ") + base::printable(names[i]);
    }
    throw base::Error{base::ErrorKind::usage,
                      fmt::format("{} dumps have names that begin with '{}': {}{}", names.size(),
                                  base::printable(prefix), choice,
                                  names.size() > k_most_shown ? ", …" : ""),
                      "Write more of the name."};
}

std::vector<std::string> warnings_of(const DumpEntry& named) {
    return named.is_foreign() ? std::vector{foreign_dump(named)} : std::vector<std::string>{};
}

/// What a path names is meant, be it by a link. Names in the dump directory are not followed.
std::filesystem::path follow_link(const std::filesystem::path& path) {
    std::error_code error;
    if (!path.has_parent_path() || !std::filesystem::is_symlink(path, error)) {
        return path;
    }
    const std::filesystem::path real = std::filesystem::canonical(path, error);
    return error ? path : real;
}

} // namespace

FoundDump resolve_dump(const std::filesystem::path& directory, const std::string& reference,
                       const std::optional<std::string>& database, base::UtcTime now, Match match) {
    if (reference == k_latest) {
        return find_latest(DumpDirectory::open(directory), database, now);
    }
    const std::filesystem::path path = follow_link(reference);
    const bool is_path = path.has_parent_path();
    std::error_code ignored;
    const bool is_here = !is_path && !std::filesystem::exists(directory, ignored) &&
                         std::filesystem::exists(path, ignored);
    DumpDirectory dumps = DumpDirectory::open(is_path   ? path.parent_path()
                                              : is_here ? "."
                                                        : directory);
    auto entry = dumps.find(path.filename().native());
    if (!entry && !is_path && std::filesystem::exists(path, ignored)) {
        dumps = DumpDirectory::open(".");
        entry = dumps.find(path.native());
    }
    if (!entry && !is_path && match == Match::prefix) {
        entry = find_by_prefix(dumps, reference);
    }
    if (!entry) {
        throw_not_found(fmt::format("dump '{}'", shown(path.filename())), dumps.files().path());
    }
    std::vector<std::string> warnings = warnings_of(*entry);
    return {std::move(dumps), std::move(*entry), std::move(warnings)};
}

} // namespace dbbackup::store
