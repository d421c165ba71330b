#include "pg/sql/object_kind.hpp"

#include <algorithm>
#include <array>

namespace dbbackup::pg {

namespace {

// As in statements; of those with the same beginning, the longer one first.

constexpr auto k_relations = std::to_array<std::string_view>(
    {"foreign table", "materialized view", "sequence", "table", "view"});

constexpr auto k_others_in_schemas = std::to_array<std::string_view>(
    {"aggregate", "collation", "conversion", "domain", "function", "index", "operator class",
     "operator family", "operator", "procedure", "statistics", "text search configuration",
     "text search dictionary", "text search parser", "text search template", "type"});

constexpr auto k_outside_schemas = std::to_array<std::string_view>(
    {"access method", "cast", "event trigger", "foreign data wrapper", "language", "publication",
     "server", "subscription", "transform"});

constexpr auto k_no_objects = std::to_array<std::string_view>(
    {"column", "constraint", "extension", "policy", "rule", "schema", "trigger", "user mapping"});

bool holds(std::span<const std::string_view> kinds, std::string_view kind) {
    return std::ranges::find(kinds, kind) != kinds.end();
}

} // namespace

void take_adjectives(WordReader& reader) {
    static constexpr auto k_adjectives = std::to_array<std::string_view>(
        {"or", "replace", "unlogged", "recursive", "unique", "trusted", "procedural", "default",
         "global", "local", "constraint"});
    while (reader.take_any_keyword(k_adjectives)) {
    }
}

std::string_view take_kind(WordReader& reader) {
    for (const std::span<const std::string_view> kinds :
         {std::span<const std::string_view>{k_relations},
          {k_others_in_schemas},
          {k_outside_schemas},
          {k_no_objects}}) {
        for (const std::string_view kind : kinds) {
            if (reader.take_phrase(kind)) {
                return kind;
            }
        }
    }
    return {};
}

void take_before_name(WordReader& reader) {
    if (!reader.take_phrase("if exists")) {
        reader.take_phrase("if not exists");
    }
    reader.take_keyword("only");
}

bool is_object_kind(std::string_view kind) {
    return lives_in_schema(kind) || holds(k_outside_schemas, kind);
}

bool lives_in_schema(std::string_view kind) {
    return is_relation(kind) || holds(k_others_in_schemas, kind);
}

bool is_relation(std::string_view kind) {
    return holds(k_relations, kind);
}

} // namespace dbbackup::pg
