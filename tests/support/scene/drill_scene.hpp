#pragma once

#include "support/server/cluster.hpp"
#include "support/server/server_side.hpp"
#include "support/temp_dir.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace dbbackup::test {

/// A text of a report; empty for null.
[[nodiscard]] std::string text_of(const nlohmann::json& json);

/// A run of `dbbackup verify --restore --json` on one dump.
struct Drilled {
    ProgramResult result;
    nlohmann::json dump; ///< the report on the dump

    /// The report on the drill; null if it did not get that far.
    [[nodiscard]] const nlohmann::json& drill() const { return dump.at("drill"); }

    /// How the table was compared, or empty if the drill does not name it.
    [[nodiscard]] std::string compared(const std::string& schema, const std::string& table) const;
    /// "contents" if all tables were compared that way; otherwise every other value that occurs.
    [[nodiscard]] std::string compared() const;
    /// The differences, one per line.
    [[nodiscard]] std::string differences() const;
    /// What was left out of the dump, except a setting of the tests' pg_dump that the tests' server
    /// does not know.
    [[nodiscard]] std::vector<std::string> left_out() const;
    /// True if the scratch database was on a server of the major version of the tests' own server.
    [[nodiscard]] bool on_major_of_server() const;
};

/// A database, dumps of it, and a place for scratch servers in which a drill must leave nothing.
class DrillScene {
public:
    /// With the objects that `sql` creates in the database.
    explicit DrillScene(const std::string& sql = {});

    [[nodiscard]] const TestDatabase& database() const noexcept { return database_; }

    [[nodiscard]] const std::filesystem::path& temp() const noexcept { return temp_.path(); }

    [[nodiscard]] std::filesystem::path dumps() const { return temp_ / "dumps"; }

    /// TMPDIR of the drills.
    [[nodiscard]] const std::filesystem::path& place() const noexcept { return place_; }

    /// Another one, which may not exist.
    void set_place(std::filesystem::path place) { place_ = std::move(place); }

    /// Takes a dump of the database.
    [[nodiscard]] std::filesystem::path dump(std::vector<std::string> arguments = {}) const;
    /// `content` as a dump without a manifest, under its own name.
    [[nodiscard]] std::filesystem::path write_dump(std::string_view content) const;
    /// The installed pg_dump's output for the database, likewise.
    [[nodiscard]] std::filesystem::path
    foreign_dump(const std::vector<std::string>& words,
                 const std::map<std::string, std::string>& environment = {}) const;

    /// `dbbackup verify --restore DUMP`, to be started.
    [[nodiscard]] std::vector<std::string> words(const std::filesystem::path& dump,
                                                 std::vector<std::string> arguments = {}) const;
    /// Its environment: TMPDIR, and a mark that identifies its children.
    [[nodiscard]] ProgramOptions options() const;
    /// Runs it to the end with --json. Checks that nothing is left.
    [[nodiscard]] Drilled drill(const std::filesystem::path& dump,
                                std::vector<std::string> arguments = {}) const;

    /// Checks that it is proven, with nothing left out.
    void check_proven(const Drilled& drilled) const;
    /// Checks that it fails with the exit code, and that the message or, if the drill was done, the
    /// differences contain `what`.
    void check_failed(const Drilled& drilled, int exit_code, const std::string& what) const;

    /// Checks that no process of a drill is left, and nothing in its place; or that soon none is.
    void check_nothing_left() const;

private:
    TempDir temp_;
    std::filesystem::path place_;
    TestDatabase database_;
};

/// SQL for a table whose restore takes half a minute: inserting into it as dbbackup does has to
/// wait.
extern const std::string k_slow_to_restore;

/// A role on the shared server that can create scratch databases.
class ScratchRole {
public:
    explicit ScratchRole(const std::string& attributes = "login createdb") : role_(attributes) {}

    [[nodiscard]] const std::string& name() const noexcept { return role_.name(); }

    [[nodiscard]] std::string url() const;

    /// `words` with its URL for --scratch-url.
    [[nodiscard]] std::vector<std::string> with(std::vector<std::string> words = {}) const;

    /// Databases that it owns.
    [[nodiscard]] std::vector<std::string> databases() const;
    /// Checks that no session of the role, and no database it owns, is left.
    void check_nothing_left() const;

private:
    TestRole role_;
};

/// Running processes, by id and command line, whose working directory is within `directory`.
[[nodiscard]] std::vector<std::string> processes_in(const std::filesystem::path& directory);

/// Whether the throwaway server of a drill in `place` already accepts rows.
[[nodiscard]] bool loads_rows_in(const std::filesystem::path& place);

} // namespace dbbackup::test
