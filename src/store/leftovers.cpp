#include <dbbackup/store/leftovers.hpp>
#include <dbbackup/store/remove_dump.hpp>
#include <dbbackup/store/server_file.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>

namespace dbbackup::store {

namespace {

constexpr std::string_view k_hidden = ".";
constexpr std::string_view k_partial = ".partial";
constexpr std::string_view k_update = ".update";
constexpr std::string_view k_removed = ".removed";
constexpr std::chrono::hours k_stale_age{24};

/// The text between a leading dot and `suffix`.
std::optional<std::string_view> unwrap(std::string_view name, std::string_view suffix) {
    if (!name.starts_with(k_hidden) || !name.ends_with(suffix) ||
        name.size() <= k_hidden.size() + suffix.size()) {
        return std::nullopt;
    }
    return name.substr(k_hidden.size(), name.size() - k_hidden.size() - suffix.size());
}

/// The dump that a partial file was to become, or whose manifest.
std::optional<std::string_view> find_dump_of_partial(std::string_view name) {
    auto dump = unwrap(name, k_partial);
    if (dump) {
        for (const std::string_view suffix : {k_update, k_manifest_suffix}) {
            if (dump->ends_with(suffix)) {
                dump->remove_suffix(suffix.size());
            }
        }
    }
    return dump;
}

/// The database whose lock protects the file with that name, if dbbackup gives such names.
std::optional<std::string> find_database_of(std::string_view file_name) {
    if (const auto dump = parse_dump_name(file_name)) {
        return dump->database;
    }
    return parse_server_file(file_name) ? std::optional{std::string{k_no_database}} : std::nullopt;
}

std::optional<Leftover> find_leftover(const DumpDirectory& directory, const std::string& name) {
    const auto removed = unwrap(name, k_removed);
    const auto partial = find_dump_of_partial(name);
    const auto file = removed || partial ? directory.files().find_file(name) : std::nullopt;
    // An untrusted user's file is not from our runs: it must not hide a loss or remove a manifest.
    if (!file || !directory.files().trusts(file->owner)) {
        return std::nullopt;
    }
    // A file with a name that dbbackup does not give may be anyone's and is never removed.
    const auto database = find_database_of(removed ? *removed : *partial);
    if (!database) {
        return std::nullopt;
    }
    return Leftover{.name = name,
                    .database = *database,
                    .kind = removed ? Leftover::Kind::removal : Leftover::Kind::partial,
                    .size = file->size,
                    .last_change = file->last_change};
}

} // namespace

bool Leftover::is_stale(base::UtcTime now) const noexcept {
    return kind == Kind::removal || now - last_change > k_stale_age;
}

std::vector<Leftover> find_leftovers(const DumpDirectory& directory) {
    std::vector<Leftover> leftovers;
    for (const std::string& name : directory.files().entries()) {
        if (auto leftover = find_leftover(directory, name)) {
            leftovers.push_back(std::move(*leftover));
        }
    }
    std::ranges::sort(leftovers, {}, &Leftover::name);
    return leftovers;
}

void remove_leftover(const DumpDirectory& directory, const Leftover& leftover) {
    const sys::Directory& files = directory.files();
    if (leftover.kind == Leftover::Kind::removal) {
        const std::string dump{unwrap(leftover.name, k_removed).value()};
        // If the dump has come back by other means, the manifest belongs to the new one.
        const auto owner = files.find_owner(dump);
        if (!owner || !files.trusts(*owner)) {
            files.remove(manifest_name_of(dump));
        }
    }
    files.remove(leftover.name);
}

} // namespace dbbackup::store
