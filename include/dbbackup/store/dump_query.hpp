#pragma once

#include <dbbackup/base/clock.hpp>
#include <dbbackup/base/command_line.hpp>
#include <dbbackup/store/dump_directory.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::store {

/// Whether a dump of a part of a database (`-t`, `--schema-only`, …) can be its newest dump.
enum class PartialDumps { ignored, accepted };

/// What "latest" chooses from.
struct LatestChoice {
    /// The newest dump of this database, if it has any; else of the only one that has dumps.
    std::optional<std::string> database;
    /// Only dumps that were started before.
    std::optional<base::UtcTime> before;
    PartialDumps partial_dumps = PartialDumps::ignored;
    /// Only dumps of this database, and only dumps with this label; there must be some.
    std::optional<std::string> only_database = std::nullopt;
    std::optional<std::string> only_label = std::nullopt;
    /// The command has --database, for hints.
    bool may_name_database = false;

    [[nodiscard]] bool is_narrowed() const noexcept { return only_database || only_label; }
    /// Whether a dump of that database, with that label, is one of these.
    [[nodiscard]] bool has(const std::optional<std::string>& dump_database,
                           const std::optional<std::string>& label) const {
        return (!only_database || dump_database == only_database) &&
               (!only_label || label == only_label);
    }
};

/// What "latest" means where there are dumps of parts alone.
enum class OnlyParts {
    refused,
    newest, ///< with a warning
};

/// Which dump somebody means.
struct DumpQuery {
    std::filesystem::path directory;
    /// A path, a name, the beginning of a name, a label, "latest" or "latest~N".
    std::string reference = "latest";
    LatestChoice latest = {};
    OnlyParts only_parts = OnlyParts::refused;
    base::CommandLine command_line = {}; ///< for hints
};

/// A dump and the directory it is in.
struct FoundDump {
    DumpDirectory directory;
    DumpEntry entry;
    /// What a person should know of the choice: that it is a stranger's, or what "latest" has
    /// passed over. Safe to show.
    std::vector<std::string> warnings;
    /// Of "latest" and "latest~N", the next older whole dump that nothing is known against.
    std::optional<std::string> older_sound;
};

/// What is left of the dumps when `choice` narrows them, for messages that go on after "dump in
/// 'DIR'": " of database 'shop' with the label 'x'". Nothing if it does not.
[[nodiscard]] std::string narrowing_text(const LatestChoice& choice);

/// "latest" is 0, "latest~N" N and "latest~" 1; nothing for anything else.
[[nodiscard]] std::optional<std::size_t> find_latest_number(const std::string& reference);

/// The dump that is meant, by the first of these that finds any:
///  1. a path, or the whole name of a dump in the directory, else of a file here;
///  2. "latest", the newest whole dump, and "latest~N", the one N before it;
///  3. the beginning of a name, or a label, of one dump alone.
///
/// By 2 and 3 never a stranger's dump; by 2 none that was started after `now`, and no safety dump.
/// Throws base::Error{failed} if there is none, {usage} if several could be meant or the
/// query makes no sense, and {refused} where only dumps of parts could be.
[[nodiscard]] FoundDump resolve_dump(const DumpQuery& query, base::UtcTime now);

} // namespace dbbackup::store
