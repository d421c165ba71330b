#include "pg/replay/creation_place.hpp"

#include "pg/inventory/created_object.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <fmt/format.h>

namespace dbbackup::pg {

namespace {

bool belongs_to_postgresql(const std::string& schema) {
    return schema.starts_with("pg_") || schema == "information_schema";
}

bool may_change_place(const Statement& statement) {
    return statement.verb() == Verb::set || statement.verb() == Verb::drop ||
           statement.verb() == Verb::select || statement.is(Verb::create, "schema");
}

} // namespace

void CreationPlace::require_own(const ScriptStatement& statement) {
    if (may_change_place(statement.head)) {
        current_.reset();
        return;
    }
    const std::string searched{statement.search_schema};
    const std::string schema = find_schema_created_in(statement.head, searched);
    if (schema.empty()) {
        return;
    }
    const bool is_unqualified = schema == searched;
    if (is_unqualified && !current_) {
        current_ = session_.query("select coalesce(pg_catalog.current_schema(), '')").at(0).at(0);
    }
    if (belongs_to_postgresql(schema) || (is_unqualified && *current_ != searched)) {
        throw base::Error{base::ErrorKind::damaged,
                          fmt::format("the dump is not safe to run: at byte {} of its SQL a "
                                      "statement would create something in schema {}",
                                      base::with_thousands(statement.offset),
                                      base::printable(is_unqualified ? *current_ : schema)),
                          "Use a dump that dbbackup or pg_dump made, unchanged."};
    }
}

} // namespace dbbackup::pg
