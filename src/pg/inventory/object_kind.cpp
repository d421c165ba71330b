#include "pg/inventory/object_kind.hpp"

#include <algorithm>
#include <array>

namespace dbbackup::pg {

namespace {

/// How a CREATE statement calls it, from the longest to the shortest of what begins alike.
constexpr std::array k_kinds = std::to_array<std::string_view>({"foreign data wrapper",
                                                                "foreign table",
                                                                "materialized view",
                                                                "operator class",
                                                                "operator family",
                                                                "text search configuration",
                                                                "text search dictionary",
                                                                "text search parser",
                                                                "text search template",
                                                                "event trigger",
                                                                "access method",
                                                                "aggregate",
                                                                "cast",
                                                                "collation",
                                                                "conversion",
                                                                "domain",
                                                                "function",
                                                                "index",
                                                                "language",
                                                                "operator",
                                                                "procedure",
                                                                "publication",
                                                                "sequence",
                                                                "server",
                                                                "statistics",
                                                                "subscription",
                                                                "table",
                                                                "transform",
                                                                "type",
                                                                "view"});

/// Those outside schemas.
constexpr std::array k_database_wide = std::to_array<std::string_view>(
    {"foreign data wrapper", "event trigger", "access method", "cast", "language", "publication",
     "server", "subscription", "transform"});

constexpr std::array k_relations = std::to_array<std::string_view>(
    {"table", "foreign table", "view", "materialized view", "sequence"});

} // namespace

std::string take_kind(WordReader& reader) {
    static constexpr std::array k_adjectives =
        std::to_array<std::string_view>({"or", "replace", "unlogged", "recursive", "unique",
                                         "trusted", "procedural", "default", "global", "local"});
    for (bool more = true; more;) {
        more = std::ranges::any_of(k_adjectives, [&reader](std::string_view adjective) {
            return reader.take_keyword(adjective);
        });
    }
    for (const std::string_view kind : k_kinds) {
        if (reader.take_phrase(kind)) {
            return std::string{kind};
        }
    }
    return {};
}

bool lives_in_schema(std::string_view kind) {
    return std::ranges::find(k_database_wide, kind) == k_database_wide.end();
}

bool is_relation(std::string_view kind) {
    return std::ranges::find(k_relations, kind) != k_relations.end();
}

} // namespace dbbackup::pg
