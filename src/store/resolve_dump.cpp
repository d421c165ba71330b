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
        if (const auto database = dump.database()) {
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

DumpEntry find_latest(const DumpDirectory& dumps, const std::optional<std::string>& wanted) {
    std::vector<DumpEntry> all = dumps.list();
    std::erase_if(all, is_safety_dump);
    const std::string database = choose_database(all, dumps.files().path(), wanted);
    for (DumpEntry& dump : all) {
        if (dump.database() == database) {
            return std::move(dump);
        }
    }
    throw_not_found("dump", dumps.files().path());
}

std::optional<DumpEntry> find_by_prefix(const DumpDirectory& dumps, const std::string& prefix) {
    constexpr std::size_t k_most_shown = 5;
    std::vector<std::string> names;
    for (const DumpEntry& dump : dumps.list()) {
        if (dump.name.starts_with(prefix)) {
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
                       const std::optional<std::string>& database, Match match) {
    if (reference == k_latest) {
        DumpDirectory dumps = DumpDirectory::open(directory);
        DumpEntry latest = find_latest(dumps, database);
        return {std::move(dumps), std::move(latest)};
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
    return {std::move(dumps), std::move(*entry)};
}

} // namespace dbbackup::store
