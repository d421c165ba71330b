#pragma once

#include "ops/target_server.hpp"

#include <dbbackup/ops/listener.hpp>

#include <string>

namespace dbbackup::ops {

/// A database made for a restore, and dropped again unless the restore succeeds.
class CreatedDatabase {
public:
    /// `like`: a database whose owner, encoding, locale and tablespace it gets, or empty for the
    /// server's defaults. Throws base::Error.
    CreatedDatabase(const TargetServer& server, std::string name, const std::string& like,
                    Listener& listener);
    ~CreatedDatabase();
    CreatedDatabase(const CreatedDatabase&) = delete;
    CreatedDatabase& operator=(const CreatedDatabase&) = delete;

    [[nodiscard]] const std::string& name() const noexcept { return name_; }

    /// The restore has succeeded.
    void keep() noexcept { kept_ = true; }

private:
    const TargetServer& server_;
    std::string name_;
    Listener& listener_;
    bool kept_ = false;
};

} // namespace dbbackup::ops
