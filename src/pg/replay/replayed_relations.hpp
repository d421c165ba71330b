#pragma once

#include "pg/sql/script_listener.hpp"

#include <dbbackup/pg/session.hpp>

#include <optional>
#include <set>
#include <string_view>

namespace dbbackup::pg {

/// The tables and sequences that a replay writes to: checks that it harms none that the dump did
/// not make itself.
class ReplayedRelations {
public:
    explicit ReplayedRelations(Session& session) : session_(session) {}

    /// Call it before each statement that runs. Throws base::Error{damaged} if it puts rows into
    /// anything but a user's table; `what` names the statement in the error.
    void require_user_table(const ScriptStatement& statement, std::string_view what);
    /// For the table of a COPY. Throws base::Error{refused}.
    void require_no_triggers(const QualifiedName& table);
    void make_setval_undoable(const ScriptStatement& statement);

    /// `statement` has run.
    void remember_created(const ScriptStatement& statement);

    /// The dump made it, or its rollback has been ensured.
    [[nodiscard]] bool is_new(const QualifiedName& relation) const {
        return new_.contains(relation);
    }

private:
    Session& session_;
    std::set<QualifiedName> new_;         ///< tables and sequences
    std::optional<QualifiedName> filled_; ///< the table that the last statement put rows into
};

} // namespace dbbackup::pg
