#pragma once

#include "support/server/cluster.hpp"
#include "support/server/server_side.hpp"
#include "support/temp_dir.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace dbbackup::test {

/// A run of `dbbackup verify --restore --json` on one dump.
struct Drilled {
    ProgramResult result;
    nlohmann::json dump; ///< what it says of the dump

    /// What it says of the drill; null where it did not come so far.
    [[nodiscard]] const nlohmann::json& drill() const { return dump.at("drill"); }

    /// How the table was compared, or empty where the drill does not name it.
    [[nodiscard]] std::string compared(const std::string& schema, const std::string& table) const;
    /// "contents", where all tables were compared so; else every other word that occurs.
    [[nodiscard]] std::string compared() const;
    /// The differences, a line each.
    [[nodiscard]] std::string differences() const;
};

/// A database, dumps of it, and a place for scratch servers in which a drill must leave nothing.
class DrillScene {
public:
    /// With what `sql` makes in the database.
    explicit DrillScene(const std::string& sql = {});

    [[nodiscard]] const TestDatabase& database() const noexcept { return database_; }

    [[nodiscard]] const std::filesystem::path& temp() const noexcept { return temp_.path(); }

    [[nodiscard]] std::filesystem::path dumps() const { return temp_ / "dumps"; }

    /// TMPDIR of the drills.
    [[nodiscard]] const std::filesystem::path& place() const noexcept { return place_; }

    /// Another one, which need not be there.
    void set_place(std::filesystem::path place) { place_ = std::move(place); }

    /// Takes a dump of the database.
    [[nodiscard]] std::filesystem::path dump(std::vector<std::string> arguments = {}) const;
    /// `content` as a dump without a manifest, under a name of its own.
    [[nodiscard]] std::filesystem::path write_dump(std::string_view content) const;
    /// What the installed pg_dump writes for the database, likewise.
    [[nodiscard]] std::filesystem::path
    foreign_dump(const std::vector<std::string>& words,
                 const std::map<std::string, std::string>& environment = {}) const;

    /// `dbbackup verify --restore DUMP`, to be started.
    [[nodiscard]] std::vector<std::string> words(const std::filesystem::path& dump,
                                                 std::vector<std::string> arguments = {}) const;
    /// Its environment: TMPDIR, and a mark by which its children are known.
    [[nodiscard]] ProgramOptions options() const;
    /// Runs it to the end with --json. Checks that nothing is left.
    [[nodiscard]] Drilled drill(const std::filesystem::path& dump,
                                std::vector<std::string> arguments = {}) const;

    /// Checks that it is proven, with nothing left out.
    void check_proven(const Drilled& drilled) const;
    /// Checks that it is a failure of the exit code, and that the message or, of a drill that was
    /// done, the differences hold `what`.
    void check_failed(const Drilled& drilled, int exit_code, const std::string& what) const;

    /// Checks that no process of a drill is left, and nothing in its place; or that soon none is.
    void check_nothing_left() const;

private:
    TempDir temp_;
    std::filesystem::path place_;
    TestDatabase database_;
};

/// SQL for a table whose restore takes half a minute: whoever inserts into it as dbbackup has to
/// wait.
extern const std::string k_slow_to_restore;

/// A role on the shared server that scratch databases may be made with.
class ScratchRole {
public:
    explicit ScratchRole(const std::string& attributes = "login createdb") : role_(attributes) {}

    [[nodiscard]] const std::string& name() const noexcept { return role_.name(); }

    [[nodiscard]] std::string url() const;

    /// `words` with its URL for --scratch-url.
    [[nodiscard]] std::vector<std::string> with(std::vector<std::string> words = {}) const;

    /// Databases of its own.
    [[nodiscard]] std::vector<std::string> databases() const;
    /// Checks that no session of the role, and no database of its own, is left.
    void check_nothing_left() const;

private:
    TestRole role_;
};

/// Running processes, by id and command line, whose working directory is within `directory`.
[[nodiscard]] std::vector<std::string> processes_in(const std::filesystem::path& directory);

/// Whether a drill in `place` has come so far that its throwaway server takes rows.
[[nodiscard]] bool loads_rows_in(const std::filesystem::path& place);

} // namespace dbbackup::test
