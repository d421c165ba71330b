#pragma once

#include "ops/target/target_server.hpp"

#include <dbbackup/ops/listener.hpp>
#include <dbbackup/pg/session.hpp>

#include <string>

namespace dbbackup::ops {

/// A database made for a restore, and dropped again unless the restore succeeds.
class CreatedDatabase {
public:
    enum class Like { template0, target };

    /// Like the server's target, of its owner, encoding, locale and tablespace, or with the
    /// server's defaults. Throws base::Error.
    CreatedDatabase(const TargetServer& server, std::string name, Like like, Listener& listener);
    /// What is empty of `encoding` and `locale` is the server's default. Throws base::Error,
    /// pg::ServerError where the server refuses.
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
