#include "pg/inventory/outside_object.hpp"

#include "pg/inventory/created_object.hpp"
#include "pg/sql/object_kind.hpp"

#include <string>
#include <utility>

namespace dbbackup::pg {

namespace {

/// GRANT … ON FOREIGN SERVER name: elsewhere it is a SERVER.
std::optional<std::string> find_granted_server(const Statement& statement) {
    WordReader reader{statement.words()};
    const bool sets_privileges =
        statement.verb() == Verb::grant || statement.verb() == Verb::revoke;
    return sets_privileges && reader.skip_past("on") && reader.take_phrase("foreign server")
               ? reader.take_name()
               : std::nullopt;
}

std::optional<std::string> find_mapped_server(const Statement& statement) {
    WordReader reader = statement.object();
    return statement.kind() == "user mapping" && reader.skip_past("server") ? reader.take_name()
                                                                            : std::nullopt;
}

} // namespace

std::optional<DumpObject> find_outside_object(const ScriptStatement& statement) {
    for (auto& server : {find_granted_server(statement.head), find_mapped_server(statement.head)}) {
        if (server) {
            return DumpObject{.kind = "server", .schema = {}, .name = *server};
        }
    }
    WordReader reader = statement.head.object();
    std::string kind{statement.head.kind()};
    if (kind.empty() && reader.take_keyword("procedural")) { // ALTER PROCEDURAL LANGUAGE name
        kind = take_kind(reader);
    }
    if (!is_object_kind(kind) || lives_in_schema(kind)) {
        return std::nullopt;
    }
    auto name = kind == "cast" || kind == "transform" ? name_between_types(statement)
                                                      : reader.take_name().value_or("");
    return name.empty() ? std::nullopt
                        : std::optional{DumpObject{.kind = kind, .schema = {}, .name = name}};
}

} // namespace dbbackup::pg
