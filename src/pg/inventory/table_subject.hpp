#pragma once

#include "pg/sql/script_listener.hpp"

#include <dbbackup/pg/dump_inventory.hpp>

#include <optional>
#include <vector>

namespace dbbackup::pg {

/// What a statement is about, where that is a relation or belongs to one.
struct TableSubject {
    enum class Kind {
        relation,   ///< a table, view, sequence or index, which share one space of names
        statistics, ///< CREATE STATISTICS is about its table, what follows about these
    };
    Kind kind = Kind::relation;
    QualifiedName name; ///< qualified, see ScriptStatement::search_schema
};

/// The relation for which pg_dump --table would write the statement, in the forms that pg_dump
/// gives to its statements. A partition is attached on its own account, not its parent's. That a
/// publication has a table is the publication's matter, which pg_dump --table leaves out too.
[[nodiscard]] std::optional<TableSubject> find_subject(const ScriptStatement& statement);

/// ALTER INDEX … ATTACH PARTITION: the index that gets one.
[[nodiscard]] std::optional<QualifiedName> find_whole_index(const ScriptStatement& statement);

/// What the statement says to belong to a table.
[[nodiscard]] std::optional<TablePart> find_table_part(const ScriptStatement& statement);

/// Of ALTER TABLE … ADD CONSTRAINT … FOREIGN KEY, as pg_dump writes all of them.
[[nodiscard]] std::optional<ForeignKey> find_foreign_key(const ScriptStatement& statement);

} // namespace dbbackup::pg
