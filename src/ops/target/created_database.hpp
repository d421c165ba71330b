#pragma once

#include "ops/target/target_server.hpp"

#include <dbbackup/ops/listener.hpp>
#include <dbbackup/pg/session.hpp>

#include <string>

namespace dbbackup::ops {

/// A database created for a restore, and dropped again unless the restore succeeds.
class CreatedDatabase {
public:
    enum class Like { template0, target };

    /// With the owner, encoding, locale and tablespace of the server's target, or with the server's
    /// defaults. Throws base::Error.
    CreatedDatabase(const TargetServer& server, std::string name, Like like, Listener& listener);
    /// Empty values in `encoding` and `locale` mean the server's default. Throws base::Error, and
    /// pg::ServerError if the server refuses.
    CreatedDatabase(const TargetServer& server, std::string name, const std::string& encoding,
                    const pg::DatabaseLocale& locale, Listener& listener);
    ~CreatedDatabase();
    CreatedDatabase(const CreatedDatabase&) = delete;
    CreatedDatabase& operator=(const CreatedDatabase&) = delete;

    [[nodiscard]] const std::string& name() const noexcept { return name_; }

    /// The restore has succeeded.
    void keep() noexcept { kept_ = true; }

private:
    void create(pg::Session& session, const std::string& options) const;

    const TargetServer& server_;
    std::string name_;
    Listener& listener_;
    bool kept_ = false;
};

} // namespace dbbackup::ops
