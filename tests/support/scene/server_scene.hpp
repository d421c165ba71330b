#pragma once

#include "support/program/program.hpp"
#include "support/server/own_cluster.hpp"
#include "support/temp_dir.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace dbbackup::test {

/// A server with roles and two databases besides `postgres`, and a directory for its dumps.
class ServerScene {
public:
    ServerScene();

    [[nodiscard]] const Cluster& source() const noexcept { return source_.cluster(); }
    [[nodiscard]] const std::filesystem::path& dumps() const noexcept { return dumps_.path(); }

    /// `dbbackup WORDS --dir …` for that server, as the superuser.
    [[nodiscard]] ProgramResult run(std::vector<std::string> words, const Cluster& cluster) const;
    /// The same with another URL.
    [[nodiscard]] ProgramResult run_as(std::vector<std::string> words,
                                       const std::string& url) const;
    /// `dump --all-databases`, which succeeds; returns the name of the set.
    std::string take_set(std::vector<std::string> arguments = {}) const;

    /// Names in the dump directory that begin so and end so.
    [[nodiscard]] std::vector<std::string> names(const std::string& beginning,
                                                 const std::string& end) const;

private:
    OwnCluster source_;
    TempDir dumps_;
};

/// What pg_dumpall says of a server, without its random keys.
[[nodiscard]] std::string whole_server(const Cluster& cluster);

} // namespace dbbackup::test
