#pragma once

#include "support/server/cluster.hpp"
#include "support/temp_dir.hpp"

#include <string>

namespace dbbackup::test {

/// A server that no other test uses, to be stopped.
class OwnCluster {
public:
    OwnCluster();
    ~OwnCluster();
    OwnCluster(const OwnCluster&) = delete;
    OwnCluster& operator=(const OwnCluster&) = delete;

    [[nodiscard]] const Cluster& cluster() const noexcept { return cluster_; }

    /// `mode` as in pg_ctl: "fast" tells the sessions, "immediate" crashes.
    void stop(const std::string& mode) const;
    /// Applies settings of ALTER SYSTEM that need a restart.
    void restart() const;

private:
    TempDir temp_;
    Cluster cluster_;
};

} // namespace dbbackup::test
