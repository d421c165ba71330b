#include "store/json_text.hpp"

#include <dbbackup/store/manifest_lock.hpp>
#include <dbbackup/store/manifest_update.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <functional>
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

/// Manifests of earlier formats may lack it.
std::string with_member(const std::string& json, std::string_view key, std::string_view value) {
    const auto present = find_member(json, key);
    return present ? with_replaced(json, *present, value) : with_member_added(json, key, value);
}

/// A bug of ours must not lose anything that was there.
void require_else_unchanged(const Manifest& before, const std::string& json,
                            const ManifestLock& lock) {
    Manifest after = parse_manifest(json, lock.name());
    after.verifications = before.verifications;
    after.checks = before.checks;
    after.copies = before.copies;
    after.restores = before.restores;
    after.loss_accepted_at = before.loss_accepted_at;
    after.pinned = before.pinned;
    if (after != before) {
        throw std::logic_error("an update would change what it must not");
    }
}

/// The last hundred of `count`.
std::vector<bool> choose_last(std::size_t count) {
    std::vector<bool> kept(count, true);
    std::fill_n(kept.begin(), count - std::min(count, k_most_verifications), false);
    return kept;
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
    std::vector<bool> kept = choose_last(verifications.size());
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

/// The array with one more element; the earlier ones as they were written. `kept` says which of
/// them all stay.
std::string extended(std::string_view array, const std::string& added,
                     const std::vector<bool>& kept) {
    const std::string text = indented(added);
    std::vector<std::string_view> elements = elements_of(array);
    elements.push_back(text);
    std::string result;
    for (std::size_t i = 0; i < elements.size(); ++i) {
        if (kept.at(i)) {
            result += fmt::format("{}\n    {}", result.empty() ? "[" : ",", elements[i]);
        }
    }
    return result + "\n  ]";
}

/// Replaces the value of `field` of the manifest by the result of `edit`, which gets it as it was
/// written; "[]" if there is none.
void change(const DumpDirectory& directory, const std::string& dump_name, std::string_view field,
            const std::function<std::string(const Manifest&, std::string_view)>& edit) {
    const ManifestLock lock{directory, dump_name};
    const auto [text, manifest] = read(lock);
    const std::string json =
        with_member(text, field, edit(manifest, find_member(text, field).value_or("[]")));
    require_else_unchanged(manifest, json, lock);
    lock.replace(json);
}

} // namespace

void record_verification(const DumpDirectory& directory, const std::string& dump_name,
                         const Manifest::Verification& verification) {
    change(directory, dump_name, "verifications",
           [&](const Manifest& manifest, std::string_view array) {
               std::vector<Manifest::Verification> all = manifest.verifications;
               all.push_back(verification);
               return extended(array, to_json(verification), choose_kept(all));
           });
}

void record_check(const DumpDirectory& directory, const std::string& dump_name,
                  const Manifest::Check& check) {
    change(directory, dump_name, "checks", [&](const Manifest& manifest, std::string_view array) {
        return extended(array, to_json(check), choose_last(manifest.checks.size() + 1));
    });
}

void record_copy(const DumpDirectory& directory, const std::string& dump_name,
                 const Manifest::Copy& copy) {
    change(directory, dump_name, "copies", [&](const Manifest& manifest, std::string_view array) {
        std::vector<bool> kept = choose_last(manifest.copies.size() + 1);
        for (std::size_t i = 0; i < manifest.copies.size(); ++i) {
            kept[i] = kept[i] && manifest.copies[i].remote != copy.remote;
        }
        return extended(array, to_json(copy), kept);
    });
}

void record_restore(const DumpDirectory& directory, const std::string& dump_name,
                    const Manifest::Restore& restore) {
    change(directory, dump_name, "restores", [&](const Manifest& manifest, std::string_view array) {
        return extended(array, to_json(restore), choose_last(manifest.restores.size() + 1));
    });
}

void record_accepted_loss(const DumpDirectory& directory, const std::string& dump_name,
                          base::UtcTime at) {
    change(directory, dump_name, "loss_accepted_at", [at](const Manifest&, std::string_view) {
        return fmt::format("\"{}\"", base::format_utc(at));
    });
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

std::string manifest_for_copy(const DumpDirectory& directory, const std::string& dump_name) {
    const std::string name = manifest_name_of(dump_name);
    std::string json = directory.files().read_file(name, k_most_manifest_bytes);
    const Manifest manifest = parse_manifest(json, name);
    json = with_member(json, "copies", "[]");
    return manifest.dump_id.empty()
               ? with_member(json, "dump_id", fmt::format("\"{}\"", identity_of_dump(manifest)))
               : json;
}

std::string identity_of_dump(const Manifest& manifest) {
    constexpr std::size_t k_length = 32;
    return manifest.dump_id.empty() ? manifest.file.sha256.substr(0, k_length) : manifest.dump_id;
}

} // namespace dbbackup::store
