#pragma once

#include "support/program/program.hpp"
#include "support/temp_dir.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace dbbackup::test {

/// A directory of made-up dumps: manifests like a real one, but of other names and times.
class Catalog {
public:
    Catalog();

    [[nodiscard]] std::filesystem::path directory() const { return home_ / "dumps"; }

    /// The directory that it is in, from where run() runs.
    [[nodiscard]] std::filesystem::path home() const { return home_.path(); }

    /// What the manifests of later add()s are like. Its one table has two rows.
    nlohmann::json& sample() { return sample_; }

    /// Adds a dump of `database`; `time` as it stands in names, "2026-11-20T03-15-00-123Z". Returns
    /// its name.
    std::string add(const std::string& database, std::string time);

    /// Runs dbbackup with `words` and this directory, and with `url` as DATABASE_URL.
    [[nodiscard]] ProgramResult run(std::vector<std::string> words,
                                    const std::string& url = {}) const;
    /// The dumps of `list --json`. Throws std::runtime_error where it fails.
    [[nodiscard]] nlohmann::json list() const;
    [[nodiscard]] std::vector<std::string> names() const;
    /// What `list` says of the dump `name`, or null.
    [[nodiscard]] nlohmann::json entry(const std::string& name) const;
    /// The file name in the manifest that `show WHAT` finds, or "EXIT CODE: MESSAGE".
    [[nodiscard]] std::string shown(const std::string& what, const std::string& url = {}) const;

private:
    TempDir home_;
    nlohmann::json sample_;
};

} // namespace dbbackup::test
