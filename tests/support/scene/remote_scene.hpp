#pragma once

#include "support/scene/seal_scene.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace dbbackup::test {

/// A SealScene with remotes in its dbbackup.toml, all on this disk: `disk` and `vault` are
/// directories, `cloud` and `cloudvault` are reached through rclone. The vaults seal.
class RemoteScene {
public:
    explicit RemoteScene(std::filesystem::path dumps = {});

    [[nodiscard]] const SealScene& seal() const noexcept { return scene_; }
    [[nodiscard]] const TestDatabase& database() const noexcept { return scene_.database(); }
    [[nodiscard]] const std::filesystem::path& temp() const noexcept {
        return scene_.dumps().temp();
    }
    [[nodiscard]] const std::filesystem::path& dumps() const noexcept {
        return scene_.dumps().dumps();
    }

    /// Where the copies of a remote are.
    [[nodiscard]] std::filesystem::path place(const std::string& remote) const {
        return temp() / "places" / remote;
    }
    /// A line of the configuration, for each remote.
    void set(const std::string& line);
    /// Another remote. `target` is rclone's or a directory.
    void add(const std::string& name, const std::string& target, const std::string& lines = {});
    /// A section of rclone's configuration.
    void add_to_rclone(const std::string& section) const;

    /// From now on `body` (bash) is what runs as rclone. There, $STEP is the command ("copy"), and
    /// `real` is the real one with the same arguments. Of the commands before, nothing is left.
    void fake_rclone(const std::string& body) const;
    void use_real_rclone() const;

    /// Takes a dump, and returns its name.
    [[nodiscard]] std::string take(std::vector<std::string> arguments = {}) const;
    [[nodiscard]] ProgramOptions options() const;
    /// `dbbackup WORDS --dir …`
    [[nodiscard]] std::vector<std::string> words(std::vector<std::string> words) const;
    [[nodiscard]] ProgramResult run(std::vector<std::string> words) const;
    /// The same with the identity.
    [[nodiscard]] ProgramResult run_open(std::vector<std::string> words) const;
    /// Checks that it exits with `exit_code`.
    ProgramResult check(int exit_code, std::vector<std::string> words) const; // NOLINT
    /// The names of the copies that `list --from` shows.
    [[nodiscard]] std::vector<std::string> listed(const std::string& remote) const;
    [[nodiscard]] nlohmann::json list(const std::string& remote) const;
    /// Checks that `remote` has these copies and that all of them are whole.
    void check_copies(const std::string& remote, std::vector<std::string> names) const;

    /// Makes the records here say that all that they know was first seen two days ago.
    void age_records(const std::string& remote) const;

private:
    void write_configuration() const;

    SealScene scene_;
    std::string common_ = "timeout = \"30s\"\n";
    std::string remotes_;
};

inline const std::vector<std::string> k_open_remotes{"disk", "cloud"};
inline const std::vector<std::string> k_all_remotes{"disk", "cloud", "vault", "cloudvault"};

/// All in a long run, otherwise one directory and one that is reached through rclone.
[[nodiscard]] const std::vector<std::string>& some_remotes();

} // namespace dbbackup::test
