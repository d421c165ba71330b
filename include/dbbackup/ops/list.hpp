#pragma once

#include <dbbackup/base/clock.hpp>
#include <dbbackup/base/command_line.hpp>
#include <dbbackup/store/dump_directory.hpp>
#include <dbbackup/store/dump_series.hpp>
#include <dbbackup/store/dump_set.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// What a missing directory means: no dumps yet or, if the user named it, a typo.
enum class MissingDirectory { is_empty, is_error };

struct ListRequest {
    std::filesystem::path directory;
    /// Only dumps of databases of this name, and only dumps with this label.
    std::optional<std::string> database = std::nullopt;
    std::optional<std::string> label = std::nullopt;
    /// Only dumps of this database.
    std::optional<store::NamedDatabase> named = std::nullopt;

    MissingDirectory missing_directory = MissingDirectory::is_empty;
    base::CommandLine command_line = {}; ///< for hints

    [[nodiscard]] bool is_filtered() const noexcept { return database || label || named; }
};

struct ListedSet {
    store::SetEntry entry;
    std::vector<std::string> missing; ///< members that are not there: it is not whole
};

struct ListReport {
    std::filesystem::path directory;
    base::UtcTime now;                          ///< ages are counted from here
    std::vector<store::DumpEntry> dumps;        ///< newest first
    bool is_filtered = false;                   ///< there may be more
    std::vector<store::DumpEntry> globals = {}; ///< of roles and tablespaces; none if filtered
    std::vector<ListedSet> sets = {};           ///< newest first; none if filtered
};

/// The dumps of a directory; none if it does not exist and the user did not name it.
[[nodiscard]] ListReport list(const ListRequest& request, const base::Clock& clock);

} // namespace dbbackup::ops
