#pragma once

#include <dbbackup/store/manifest.hpp>

#include <compare>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace dbbackup::store {

/// The database of a dump, according to its manifest, never to the name of a file.
struct Identity {
    std::string host;
    int port = 0;
    std::string database;

    auto operator<=>(const Identity&) const = default;
};

[[nodiscard]] Identity identity_of(const Manifest& manifest);

/// A database that the user knows by a name of the configuration.
struct NamedDatabase {
    std::string name; ///< there, which need not be the database's own
    std::function<bool(const Identity&)> is_it;

    /// Whether a dump is of it; without a manifest it may be of any.
    [[nodiscard]] bool has(const std::optional<Manifest>& manifest) const {
        return manifest && is_it(identity_of(*manifest));
    }
};

/// Whether a dump holds all rows and objects, or was told to leave some out.
enum class Scope { whole, part };

/// Whether one word of pg_dump's options leaves no row and no object out; false for an unknown
/// option.
[[nodiscard]] bool leaves_nothing_out(std::string_view word);

/// By the options that pg_dump got; also `part` if one of them is unknown.
[[nodiscard]] Scope scope_of(const Manifest::Dump& dump);

/// Dumps of which a newer one can replace an older one. A dump of one table cannot replace a dump
/// of the whole database.
struct Series {
    Identity identity;
    Scope scope = Scope::whole;

    auto operator<=>(const Series&) const = default;
};

[[nodiscard]] Series series_of(const Manifest& manifest);

} // namespace dbbackup::store
