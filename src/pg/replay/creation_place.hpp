#pragma once

#include "pg/sql/script_listener.hpp"

#include <dbbackup/pg/session.hpp>

#include <optional>
#include <string>

namespace dbbackup::pg {

/// Checks that a dump creates objects only in users' schemas, never in PostgreSQL's. An unqualified
/// name, as in dumps before 10.3, belongs to the first schema of the search_path that exists, which
/// need not be the first one that the dump names.
class CreationPlace {
public:
    explicit CreationPlace(Session& session) : session_(session) {}

    /// Call it before each statement that runs. Throws base::Error{damaged} for one that would
    /// create something elsewhere.
    void require_own(const ScriptStatement& statement);

private:
    Session& session_;
    std::optional<std::string> current_; ///< where unqualified names belong; unknown after a change
};

} // namespace dbbackup::pg
