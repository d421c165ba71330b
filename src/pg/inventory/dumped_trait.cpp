#include "pg/inventory/dumped_trait.hpp"

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

std::string_view trait_kind(Verb verb) {
    switch (verb) {
    case Verb::alter:
        return "owner";
    case Verb::comment:
        return "comment";
    case Verb::grant:
    case Verb::revoke:
        return "privileges";
    case Verb::security_label:
        return "security label";
    default:
        return {};
    }
}

} // namespace

std::optional<DumpedTrait> find_trait(const Statement& statement) {
    if (statement.verb() == Verb::alter_default_privileges) {
        return default_privileges(statement.object());
    }
    const std::string_view kind = trait_kind(statement.verb());
    const std::string_view of = statement.kind();
    if (kind.empty() || (of != "schema" && of != "language")) {
        return std::nullopt;
    }
    auto name = statement.object().take_name();
    return name ? std::optional{DumpedTrait{.kind = std::string{kind},
                                            .of = std::string{of},
                                            .name = std::move(*name),
                                            .role = {}}}
                : std::nullopt;
}

} // namespace dbbackup::pg
