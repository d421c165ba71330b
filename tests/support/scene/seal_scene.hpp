#pragma once

#include "support/scene/dump_scene.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace dbbackup::test {

/// A DumpScene with keys of age. Its database has the table `canary`, whose rows say "canary-song".
class SealScene {
public:
    explicit SealScene(std::filesystem::path dumps = {});

    [[nodiscard]] const DumpScene& dumps() const noexcept { return scene_; }

    [[nodiscard]] const TestDatabase& database() const noexcept { return scene_.database(); }

    /// A new key in the file `name`; returns its public key.
    std::string make_key(const std::string& name) const;
    /// The file of the key that every scene has, and of one that opens nothing here.
    [[nodiscard]] std::string key() const { return scene_.temp() / "own.key"; }

    [[nodiscard]] std::string other_key() const { return scene_.temp() / "other.key"; }

    [[nodiscard]] const std::string& recipient() const noexcept { return recipient_; }

    /// `dbbackup dump --encrypt … ARGUMENTS`, for the key of this scene.
    [[nodiscard]] std::vector<std::string> words(std::vector<std::string> arguments = {}) const;
    [[nodiscard]] ProgramResult dump(std::vector<std::string> arguments = {}) const;
    /// Takes one, and returns its path.
    [[nodiscard]] std::filesystem::path take(std::vector<std::string> arguments = {}) const;
    /// `dbbackup WORDS --dir …`
    [[nodiscard]] ProgramResult run(std::vector<std::string> words) const;
    /// The same with the identity.
    [[nodiscard]] ProgramResult run_open(std::vector<std::string> words) const;
    /// A shell command with KEY and FILE in its environment.
    [[nodiscard]] ProgramResult by_hand(const std::string& command,
                                        const std::filesystem::path& file) const;
    /// The SQL of a sealed dump, by common tools.
    [[nodiscard]] ProgramResult sql_by_hand(const std::filesystem::path& file) const;
    [[nodiscard]] static nlohmann::json manifest_of(const std::filesystem::path& file);

private:
    DumpScene scene_;
    std::string recipient_;
};

} // namespace dbbackup::test
