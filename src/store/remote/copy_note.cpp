#include "store/json_fields.hpp"
#include "store/manifest_parts.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/store/copy_note.hpp>
#include <dbbackup/store/dump_name.hpp>

#include <algorithm>
#include <fmt/format.h>

namespace dbbackup::store {

namespace {

constexpr std::string_view k_note = ".note-";
constexpr const char* k_version = "1.0";

/// As in the names of dumps: a colon is not allowed everywhere.
std::string time_for_name(base::UtcTime time) {
    std::string text = base::format_utc(time);
    std::ranges::replace(text, ':', '-');
    std::ranges::replace(text, '.', '-');
    return text;
}

} // namespace

std::string make_note_name(std::string_view copy_name, base::UtcTime at) {
    return fmt::format("{}{}{}-{}{}", copy_name, k_note, time_for_name(at),
                       make_dump_id().substr(0, 8), k_manifest_suffix);
}

std::optional<std::string> find_copy_of_note(std::string_view file_name) {
    const std::size_t at = file_name.rfind(k_note);
    if (at == std::string_view::npos || !file_name.ends_with(k_manifest_suffix)) {
        return std::nullopt;
    }
    std::string copy{file_name.substr(0, at)};
    return has_dump_suffix(copy) ? std::optional{std::move(copy)} : std::nullopt;
}

std::string to_json(const CopyNote& note) {
    std::string fields;
    if (note.pinned) {
        fields += fmt::format(",\n  \"pinned\": {}", *note.pinned);
    }
    if (note.accepts_loss) {
        fields += ",\n  \"accepts_loss\": true";
    }
    if (note.verification) {
        fields += fmt::format(",\n  \"verifications\": [{}]", to_json(*note.verification));
    }
    if (note.check) {
        fields += fmt::format(",\n  \"checks\": [{}]", to_json(*note.check));
    }
    return fmt::format(
        "{{\n  \"format_version\": \"{}\",\n  \"dump_id\": \"{}\",\n  \"at\": \"{}\"{}\n}}\n",
        k_version, note.dump_id, base::format_utc(note.at), fields);
}

std::optional<CopyNote> parse_note(std::string_view json) {
    try {
        const Json object = parse_json(json);
        if (!read_text(object, "format_version").starts_with("1.")) {
            return std::nullopt;
        }
        CopyNote note{.dump_id = read_text(object, "dump_id"), .at = read_time(object, "at")};
        note.pinned = find_known(object, "pinned", read_flag);
        note.accepts_loss = find_known(object, "accepts_loss", read_flag).value_or(false);
        if (object.contains("verifications")) {
            const auto verifications = read_verifications(object);
            if (!verifications.empty()) {
                note.verification = verifications.front();
            }
        }
        if (const auto checks = read_checks(object); !checks.empty()) {
            note.check = checks.front();
        }
        return note;
    } catch (const base::Error&) {
        return std::nullopt; // of a later version, or not ours
    }
}

void apply_note(const CopyNote& note, bool trusted, Manifest& manifest) {
    if (note.pinned && (*note.pinned || trusted)) {
        manifest.pinned = *note.pinned;
    }
    if (note.verification && (note.verification->is_ok() || trusted)) {
        manifest.verifications.push_back(*note.verification);
    }
    if (note.accepts_loss && trusted) {
        manifest.loss_accepted_at = std::max(manifest.loss_accepted_at, std::optional{note.at});
    }
    if (note.check) {
        manifest.checks.push_back(*note.check);
    }
}

} // namespace dbbackup::store
