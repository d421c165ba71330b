#pragma once

#include "pg/sql/sql_text.hpp"

#include <dbbackup/pg/chosen_part.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

// What the questions about a live database share.

namespace dbbackup::pg {

/// How many tables or sequences one statement names.
inline constexpr std::size_t k_batch = 500;

/// Tables and sequences that pg_dump dumps: not those of PostgreSQL, of other sessions, or of
/// extensions, except an extension's table that it declares to hold the user's rows. Before it come
/// the columns, after it more conditions.
inline constexpr const char* k_users_relations =
    " from pg_catalog.pg_class c "
    "join pg_catalog.pg_namespace n on n.oid = c.relnamespace "
    "left join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass "
    "and d.objid = c.oid and d.objsubid = 0 and d.deptype = 'e' "
    "left join pg_catalog.pg_extension x on x.oid = d.refobjid "
    "where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' "
    "and c.relpersistence <> 't' and (d.objid is null or c.oid = any (x.extconfig)) ";

/// The name as SQL.
[[nodiscard]] inline std::string quoted(const RelationName& name) {
    return quote_identifier(name.schema) + "." + quote_identifier(name.name);
}

/// Calls `use` with a few of `items` at a time.
template <typename Item, typename Use>
void in_batches(const std::vector<Item>& items, Use use) {
    for (std::size_t i = 0; i < items.size(); i += k_batch) {
        use(std::span{items}.subspan(i, std::min(k_batch, items.size() - i)));
    }
}

} // namespace dbbackup::pg
