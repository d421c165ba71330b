#pragma once

#include "support/scene/shop_restore.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace dbbackup::test {

/// A target that a restore with --jobs replaces; other databases are dropped at the end.
struct JobsScene : ShopRestore {
    std::filesystem::path archive = dump({"-F", "custom"});

    JobsScene() { remember(); }

    ~JobsScene() { drop_others(); }

    JobsScene(const JobsScene&) = delete;
    JobsScene& operator=(const JobsScene&) = delete;

    [[nodiscard]] std::vector<std::string>
    jobs_words(std::vector<std::string> arguments = {}) const;
    [[nodiscard]] ProgramResult restore_by_jobs(std::vector<std::string> arguments = {}) const;
    void check_jobs_failed(const ProgramResult& result, int exit_code,
                           const std::string& message) const;
    void drop_others() const;
};

/// A pg_restore that runs `body` when it restores, and the real one when it only reads.
[[nodiscard]] std::string while_it_restores(const std::string& body);

} // namespace dbbackup::test
