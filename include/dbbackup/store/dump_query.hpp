#pragma once

#include <dbbackup/base/clock.hpp>
#include <dbbackup/base/command_line.hpp>
#include <dbbackup/store/dump_directory.hpp>
#include <dbbackup/store/dump_series.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::store {

/// Whether a dump of a part of a database (`-t`, `--schema-only`, …) can be its newest dump.
enum class PartialDumps { ignored, accepted };

/// What "latest" chooses from.
struct LatestChoice {
    /// The newest dump of this database, if it has any; else of the only database that has dumps.
    std::optional<std::string> database;
    /// Only dumps that were started before this.
    std::optional<base::UtcTime> before;
    PartialDumps partial_dumps = PartialDumps::ignored;
    /// Only dumps of this database, and only dumps with this label; there must be at least one.
    std::optional<std::string> only_database = std::nullopt;
    std::optional<std::string> only_label = std::nullopt;
    /// Only dumps of this database, for any word that can mean several: a label, for example.
    std::optional<NamedDatabase> only_named = std::nullopt;
    /// The command has --database, for hints.
    bool may_name_database = false;

    [[nodiscard]] bool is_narrowed() const noexcept {
        return only_database || only_label || only_named;
    }
    /// Whether a dump of that database with that label and manifest can be chosen.
    [[nodiscard]] bool has(const std::optional<std::string>& dump_database,
                           const std::optional<std::string>& label,
                           const std::optional<Manifest>& manifest) const {
        return (!only_database || dump_database == only_database) &&
               (!only_label || label == only_label) && (!only_named || only_named->has(manifest));
    }
    [[nodiscard]] bool has(const DumpEntry& dump) const {
        return has(dump.database(), dump.label(), dump.manifest);
    }
};

/// What "latest" means if all dumps are parts.
enum class OnlyParts {
    refused,
    newest, ///< with a warning
};

/// The dump that the user asks for.
struct DumpQuery {
    std::filesystem::path directory;
    /// A path, a name, the beginning of a name, a label, "latest" or "latest~N".
    std::string reference = "latest";
    LatestChoice latest = {};
    OnlyParts only_parts = OnlyParts::refused;
    base::CommandLine command_line = {}; ///< for hints
    /// For hints: what a word may mean that is no dump. A sentence without its full stop, or empty.
    std::string other_meaning = {};
};

/// A dump and the directory it is in.
struct FoundDump {
    DumpDirectory directory;
    DumpEntry entry;
    /// What the user should know about the choice: an untrusted owner, or the dumps that "latest"
    /// skipped. Safe to show.
    std::vector<std::string> warnings;
    /// For "latest" and "latest~N", the next older whole dump without a known problem.
    std::optional<std::string> older_sound;
};

/// One of several dumps that were listed elsewhere.
struct ListedDump {
    DumpEntry entry;
    // As in FoundDump.
    std::vector<std::string> warnings;
    std::optional<std::string> older_sound;
};

/// How `choice` limits the dumps, to append to "dump in 'DIR'" in messages: " of database 'shop'
/// with the label 'x'". Empty if it does not.
[[nodiscard]] std::string narrowing_text(const LatestChoice& choice);

/// "latest" is 0, "latest~N" N and "latest~" 1; nothing for anything else.
[[nodiscard]] std::optional<std::size_t> find_latest_number(const std::string& reference);

/// The requested dump, by the first of these that finds any:
///  1. a path, or the full name of a dump in the directory, else of a file here;
///  2. "latest", the newest whole dump, and "latest~N", the one N before it;
///  3. the beginning of a name, or a label, if only one dump matches.
///
/// 2 and 3 never find an untrusted user's dump; 2 finds no safety dump and none started after
/// `now`. Throws base::Error{failed} if there is none, {usage} if the query is ambiguous or makes
/// no sense, and {refused} if only parts match.
[[nodiscard]] FoundDump resolve_dump(const DumpQuery& query, base::UtcTime now);

/// The same among `dumps`, which are those of `query.directory`, whatever that is: it is only
/// shown. No path means one of them.
[[nodiscard]] ListedDump resolve_listed(std::vector<DumpEntry> dumps, const DumpQuery& query,
                                        base::UtcTime now);

} // namespace dbbackup::store
