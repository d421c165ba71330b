#include "pg/inventory/dumped_trait.hpp"

#include "pg/sql/word_reader.hpp"

#include <string>
#include <utility>

namespace dbbackup::pg {

namespace {

/// What follows ALTER DEFAULT PRIVILEGES.
DumpedTrait default_privileges(WordReader reader) {
    DumpedTrait trait{.kind = "default privileges", .of = {}, .name = {}, .role = {}};
    if (reader.take_phrase("for role") || reader.take_phrase("for user")) {
        trait.role = reader.take_name().value_or("");
    }
    if (reader.take_phrase("in schema")) {
        trait.of = "schema";
        trait.name = reader.take_name().value_or("");
    }
    return trait;
}

/// The kind of what is set; the reader then stands before what it is set for.
std::string take_trait_kind(WordReader& reader) {
    if (reader.take_keyword("alter")) {
        return "owner";
    }
    if (reader.take_phrase("comment on")) {
        return "comment";
    }
    if (reader.take_keyword("grant") || reader.take_keyword("revoke")) {
        return reader.skip_past("on") ? "privileges" : "";
    }
    if (reader.take_phrase("security label")) {
        return reader.skip_past("on") ? "security label" : "";
    }
    return {};
}

} // namespace

std::optional<DumpedTrait> find_trait(const ScriptStatement& statement) {
    WordReader reader{statement.head};
    if (reader.take_phrase("alter default privileges")) {
        return default_privileges(reader);
    }
    std::string kind = take_trait_kind(reader);
    const std::string of = kind.empty()                      ? ""
                           : reader.take_keyword("schema")   ? "schema"
                           : reader.take_keyword("language") ? "language"
                                                             : "";
    auto name = of.empty() ? std::nullopt : reader.take_name();
    return name ? std::optional{DumpedTrait{
                      .kind = std::move(kind), .of = of, .name = std::move(*name), .role = {}}}
                : std::nullopt;
}

} // namespace dbbackup::pg
