#include "ops/server/find_set.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/existing_directory.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace dbbackup::ops {

namespace {

bool is_whole(const store::SetEntry& entry, const store::DumpDirectory& directory) {
    return entry.set && store::find_missing(*entry.set, directory).empty();
}

store::SetEntry choose(const store::DumpDirectory& directory, const std::string& reference,
                       const std::string& hint) {
    std::vector<store::SetEntry> sets = store::list_sets(directory);
    const bool is_latest = reference == "latest";
    std::erase_if(sets, [&](const store::SetEntry& entry) {
        return is_latest ? !is_whole(entry, directory) : !entry.name.starts_with(reference);
    });
    if (sets.empty()) {
        throw base::Error{
            base::ErrorKind::failed,
            is_latest ? fmt::format("there is no whole set in '{}'",
                                    base::printable(directory.files().path().native()))
                      : fmt::format("there is no set '{}' in '{}'", base::printable(reference),
                                    base::printable(directory.files().path().native())),
            hint};
    }
    const auto exact = std::ranges::find(sets, reference, &store::SetEntry::name);
    if (exact != sets.end()) {
        return std::move(*exact);
    }
    if (sets.size() > 1 && !is_latest) {
        std::vector<std::string> names;
        for (const store::SetEntry& entry : sets) {
            names.push_back(entry.name);
        }
        throw base::Error{base::ErrorKind::usage,
                          fmt::format("'{}' matches {} sets: {}", base::printable(reference),
                                      sets.size(), base::list_some(names)),
                          "Write more of the name."};
    }
    return std::move(sets.front());
}

void require_sound(const store::SetEntry& entry, const store::DumpDirectory& directory) {
    if (entry.is_foreign) {
        throw base::Error{
            base::ErrorKind::refused,
            fmt::format("the set '{}' is not used: {}", base::printable(entry.name), entry.problem),
            "Anybody who may add files to the directory could have written it."};
    }
    if (!entry.set) {
        throw base::Error{base::ErrorKind::damaged, entry.problem};
    }
    if (const auto missing = store::find_missing(*entry.set, directory); !missing.empty()) {
        throw base::Error{
            base::ErrorKind::damaged,
            fmt::format("the set '{}' is not whole. Missing, or another dump than the set lists: "
                        "{}",
                        base::printable(entry.name), base::list_all(missing)),
            "Nothing was changed. Restore another set, or the other databases one by one."};
    }
}

} // namespace

FoundSet find_set(const std::filesystem::path& directory, const std::string& reference,
                  const base::CommandLine& command_line) {
    const std::filesystem::path path{reference};
    store::DumpDirectory found = path.has_parent_path()
                                     ? store::DumpDirectory::open(path.parent_path())
                                     : store::open_existing(directory, command_line);
    store::SetEntry entry =
        choose(found, path.filename().native(), "List them: " + command_line.another({"list"}));
    require_sound(entry, found);
    return {.directory = std::move(found), .entry = std::move(entry)};
}

} // namespace dbbackup::ops
