#pragma once

#include "pg/sql/script_listener.hpp"

#include <dbbackup/pg/dump_inventory.hpp>

#include <optional>
#include <vector>

namespace dbbackup::pg {

/// What a statement is about, if that is a relation or belongs to one.
struct TableSubject {
    enum class Kind {
        relation,   ///< a table, view, sequence or index, which share one namespace
        statistics, ///< CREATE STATISTICS is about its table, later statements about these
    };
    Kind kind = Kind::relation;
    QualifiedName name; ///< qualified, see ScriptStatement::search_schema
};

/// The relation for which pg_dump --table would write the statement, if written as pg_dump writes
/// it. Attaching a partition belongs to the partition, not to its parent. Adding a table to a
/// publication belongs to the publication: pg_dump --table leaves it out too.
[[nodiscard]] std::optional<TableSubject> find_subject(const ScriptStatement& statement);

/// ALTER INDEX … ATTACH PARTITION: the index that gets one.
[[nodiscard]] std::optional<QualifiedName> find_whole_index(const ScriptStatement& statement);

/// What belongs to a table, according to the statement.
[[nodiscard]] std::optional<TablePart> find_table_part(const ScriptStatement& statement);

/// ALTER TABLE … ADD CONSTRAINT … FOREIGN KEY: pg_dump writes all foreign keys so.
[[nodiscard]] std::optional<ForeignKey> find_foreign_key(const ScriptStatement& statement);

} // namespace dbbackup::pg
