#include <dbbackup/store/dump_series.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace dbbackup::store {

namespace {

/// The options of pg_dump that leave no row and no object out and only change how these are
/// written.
constexpr auto k_whole_options = std::to_array<std::string_view>({
    "--binary-upgrade",
    "--blobs",
    "--clean",
    "--compress",
    "--disable-dollar-quoting",
    "--disable-triggers",
    "--encoding",
    "--extra-float-digits",
    "--format",
    "--if-exists",
    "--include-foreign-data",
    "--large-objects",
    "--load-via-partition-root",
    "--lock-wait-timeout",
    "--no-acl",
    "--no-comments",
    "--no-owner",
    "--no-password",
    "--no-privileges",
    "--no-reconnect",
    "--no-security-labels",
    "--no-statistics",
    "--no-sync",
    "--no-synchronized-snapshots",
    "--no-table-access-method",
    "--no-tablespaces",
    "--no-toast-compression",
    "--quote-all-identifiers",
    "--restrict-key",
    "--role",
    "--sequence-data",
    "--serializable-deferrable",
    "--snapshot",
    "--statistics",
    "--strict-names",
    "--superuser",
    "--sync-method",
    "--use-set-session-authorization",
    "--verbose",
});

/// The same with one letter, which may be bundled up to one that takes the rest of the word.
constexpr std::string_view k_whole_letters = "bcOvxES";
constexpr std::string_view k_letters_with_value = "ES";

} // namespace

bool leaves_nothing_out(std::string_view word) {
    if (word.starts_with("--")) {
        return std::ranges::binary_search(k_whole_options, word.substr(0, word.find('=')));
    }
    // A word without a dash is the value of the option before it.
    if (!word.starts_with('-')) {
        return true;
    }
    const std::size_t with_value = word.find_first_of(k_letters_with_value);
    return word.substr(1, with_value).find_first_not_of(k_whole_letters) == std::string_view::npos;
}

Identity identity_of(const Manifest& manifest) {
    const Manifest::Database& database = manifest.database;
    return {.host = database.host, .port = database.port, .database = database.name};
}

Scope scope_of(const Manifest::Dump& dump) {
    static_assert(std::ranges::is_sorted(k_whole_options));
    return !dump.is_part && std::ranges::all_of(dump.options, leaves_nothing_out) ? Scope::whole
                                                                                  : Scope::part;
}

Series series_of(const Manifest& manifest) {
    return {.identity = identity_of(manifest), .scope = scope_of(manifest.dump)};
}

} // namespace dbbackup::store
