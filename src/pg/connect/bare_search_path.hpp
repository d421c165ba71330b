#pragma once

#include <dbbackup/pg/session.hpp>

#include <string>

namespace dbbackup::pg {

/// Empties the session's search_path while it lives: no user's function or operator can shadow one
/// of PostgreSQL's own, and the server qualifies every name that it writes.
class BareSearchPath {
public:
    explicit BareSearchPath(Session& session);
    ~BareSearchPath();
    BareSearchPath(const BareSearchPath&) = delete;
    BareSearchPath& operator=(const BareSearchPath&) = delete;

private:
    Session& session_;
    std::string before_;
};

} // namespace dbbackup::pg
