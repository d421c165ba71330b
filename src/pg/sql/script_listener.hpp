#pragma once

#include "pg/sql/statement.hpp"

#include <dbbackup/base/bytes.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace dbbackup::pg {

/// One SQL statement of a dump.
struct ScriptStatement {
    std::string_view sql;     ///< with its semicolon, without preceding comments
    std::uint64_t offset = 0; ///< of its first byte in the SQL
    const Statement& head;
    bool sql_is_whole = true; ///< false: `sql` is truncated at the listener's longest_statement()
    /// Where unqualified names belong, as before 10.3; else empty.
    std::string_view search_schema = {};
    /// For a C function: see RoutineLibrary::outside_file().
    std::string_view outside_file = {};

    [[nodiscard]] QualifiedName qualified(QualifiedName name) const {
        return name.schema.empty() ? QualifiedName{std::string{search_schema}, std::move(name.name)}
                                   : std::move(name);
    }

    [[nodiscard]] std::optional<QualifiedName> qualified(std::optional<QualifiedName> name) const {
        return name ? std::optional{qualified(std::move(*name))} : std::nullopt;
    }
};

/// Receives a dump as a script: its statements, and the rows that follow a COPY. Nothing that only
/// psql would understand gets this far. Views are valid only during the call.
class ScriptListener {
public:
    virtual ~ScriptListener() = default;

    /// The most bytes of a statement that it wants to see.
    [[nodiscard]] virtual std::size_t longest_statement() const noexcept = 0;

    /// May throw to end the scan.
    virtual void on_statement(const ScriptStatement& statement) = 0;
    /// Rows of the last COPY statement, in pieces of any size, without the `\.`.
    virtual void on_rows(base::Bytes rows) = 0;
    /// The COPY block has ended, with that many rows.
    virtual void on_rows_end(std::uint64_t rows) = 0;
    /// A `-- comment` on its own line, outside statements.
    virtual void on_comment(std::string_view text) = 0;
};

} // namespace dbbackup::pg
