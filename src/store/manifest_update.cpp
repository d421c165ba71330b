#include "store/json_text.hpp"

#include <dbbackup/store/manifest_lock.hpp>
#include <dbbackup/store/manifest_update.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <stdexcept>
#include <utility>

namespace dbbackup::store {

namespace {

/// Three months, nightly.
constexpr std::size_t k_most_verifications = 100;

/// A manifest and its text.
struct WrittenManifest {
    std::string text;
    Manifest manifest;
};

WrittenManifest read(const ManifestLock& lock) {
    std::string text = lock.text();
    Manifest manifest = parse_manifest(text, lock.name());
    return {std::move(text), std::move(manifest)};
}

std::string with_member(const std::string& json, std::string_view key, std::string_view value) {
    const auto present = find_member(json, key);
    if (!present) {
        throw std::logic_error("a manifest that was read lacks a field");
    }
    return with_replaced(json, *present, value);
}

/// A bug of ours must not lose anything that was there.
void require_else_unchanged(const Manifest& before, const std::string& json,
                            const ManifestLock& lock) {
    Manifest after = parse_manifest(json, lock.name());
    after.verifications = before.verifications;
    after.pinned = before.pinned;
    if (after != before) {
        throw std::logic_error("an update would change what it must not");
    }
}

/// Which of `verifications` stay: for each level and outcome also the last recorded, which decides
/// whether a failure still applies, and the latest by time, which is shown.
std::vector<bool> choose_kept(const std::vector<Manifest::Verification>& verifications) {
    using Kind = std::pair<std::string, bool>; // level, and whether it was ok
    std::map<Kind, std::size_t> last;
    std::map<Kind, std::size_t> latest;
    for (std::size_t i = 0; i < verifications.size(); ++i) {
        const Kind kind{verifications[i].level, verifications[i].is_ok()};
        last[kind] = i;
        const auto [entry, is_first] = latest.try_emplace(kind, i);
        if (!is_first && verifications[entry->second].at <= verifications[i].at) {
            entry->second = i;
        }
    }
    const std::size_t old =
        verifications.size() - std::min(verifications.size(), k_most_verifications);
    std::vector<bool> kept(verifications.size(), true);
    std::fill_n(kept.begin(), old, false);
    for (const auto& chosen : {last, latest}) {
        for (const auto& [kind, index] : chosen) {
            kept[index] = true;
        }
    }
    return kept;
}

std::string indented(std::string_view json) {
    std::string text;
    for (const char c : json) {
        text += c;
        text += c == '\n' ? "    " : "";
    }
    return text;
}

/// The array with one more element; the earlier ones as they were written.
std::string extended(std::string_view array, std::vector<Manifest::Verification> verifications,
                     const Manifest::Verification& added) {
    const std::string text = indented(to_json(added));
    std::vector<std::string_view> elements = elements_of(array);
    elements.push_back(text);
    verifications.push_back(added);
    const std::vector<bool> kept = choose_kept(verifications);
    std::string result;
    for (std::size_t i = 0; i < elements.size(); ++i) {
        if (kept.at(i)) {
            result += fmt::format("{}\n    {}", result.empty() ? "[" : ",", elements[i]);
        }
    }
    return result + "\n  ]";
}

} // namespace

void record_verification(const DumpDirectory& directory, const std::string& dump_name,
                         const Manifest::Verification& verification) {
    constexpr std::string_view k_field = "verifications";
    const ManifestLock lock{directory, dump_name};
    const auto [text, manifest] = read(lock);
    const std::string_view array = find_member(text, k_field).value();
    const std::string json =
        with_member(text, k_field, extended(array, manifest.verifications, verification));
    require_else_unchanged(manifest, json, lock);
    lock.replace(json);
}

Change set_pinned(const DumpDirectory& directory, const std::string& dump_name, Pinned pinned) {
    const ManifestLock lock{directory, dump_name};
    const auto [text, manifest] = read(lock);
    const bool wanted = pinned == Pinned::yes;
    if (manifest.pinned == wanted) {
        return Change::none;
    }
    const std::string json = with_member(text, "pinned", wanted ? "true" : "false");
    require_else_unchanged(manifest, json, lock);
    lock.replace(json);
    return Change::made;
}

} // namespace dbbackup::store
