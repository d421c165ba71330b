#pragma once

#include <dbbackup/base/clock.hpp>
#include <dbbackup/store/manifest.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace dbbackup::store {

// The manifest of a copy never changes. What happens to a copy later is a small file beside it,
// FILE.note-TIME-RANDOM.json, described in docs/files.md.

/// One note.
struct CopyNote {
    std::string dump_id; ///< identity_of_dump: a note of another dump does not count
    base::UtcTime at;
    std::optional<bool> pinned = std::nullopt; ///< set if the note pins or unpins
    std::optional<Manifest::Verification> verification = std::nullopt;
    std::optional<Manifest::Check> check = std::nullopt;
    bool accepts_loss = false; ///< of what had changed until `at`
};

/// A new name for a note on the copy `copy_name`.
[[nodiscard]] std::string make_note_name(std::string_view copy_name, base::UtcTime at);

/// The copy that the file `file_name` is a note on; nothing if it is no note.
[[nodiscard]] std::optional<std::string> find_copy_of_note(std::string_view file_name);

[[nodiscard]] std::string to_json(const CopyNote& note);
/// Nothing if it is not a note that this version understands.
[[nodiscard]] std::optional<CopyNote> parse_note(std::string_view json);

/// Adds what `note` says to the manifest of its copy, as if it had been recorded there. A note that
/// takes protection away (unpins, accepts a loss, or found damage) counts only if it is `trusted`.
void apply_note(const CopyNote& note, bool trusted, Manifest& manifest);

} // namespace dbbackup::store
