#pragma once

#include "support/program/program.hpp"
#include "support/temp_dir.hpp"

#include <dbbackup/store/manifest.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace dbbackup::test {

/// The properties of a sample dump.
struct SampleDump {
    /// "2020-01-31", "2020-01-31T03:15" and so on up to the millisecond, UTC.
    std::string started;
    std::string database = "app";
    std::string host = "db";
    int port = 5432;
    std::vector<std::string> options = {}; ///< of pg_dump
    bool pinned = false;
    bool safety = false;
    /// "ok", or the finding; empty: never verified.
    std::string verified = {};
    std::string name = {}; ///< of the file; empty: as dbbackup names it
    std::string label = {};
};

/// A dump directory in its own home, with small dumps that are written without a server and that
/// `dbbackup verify` finds good, unless they are changed.
class SampleDirectory {
public:
    using Change = std::function<void(store::Manifest&)>;

    SampleDirectory();

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

    [[nodiscard]] std::filesystem::path operator/(std::string_view name) const {
        return path_ / name;
    }

    /// Its path, which ends in "dumps", and the directory that run() runs in.
    [[nodiscard]] const std::filesystem::path& home() const noexcept { return temp_.path(); }

    /// Both return the name of the new dump. `change` is applied to its manifest before it is
    /// written; the file gets the size in that manifest.
    std::string add(const SampleDump& dump, const Change& change = {}) const;
    std::string add_at(const std::string& started) const { return add({.started = started}); }
    /// Changes an existing manifest, also in ways that dbbackup would not.
    void edit_manifest(const std::string& name,
                       const std::function<void(nlohmann::json&)>& edit) const;
    /// One each day from 2020-01-01 on.
    [[nodiscard]] std::vector<std::string> add_days(int count) const;

    /// Sets the file's modification time to that long ago.
    void age(const std::string& name, std::chrono::hours hours) const;

    /// Runs dbbackup with `words` for this directory, from its home.
    [[nodiscard]] ProgramResult run(std::vector<std::string> words) const;
    [[nodiscard]] std::vector<std::string> words(std::vector<std::string> words) const;

    /// Names of files except manifests, hidden ones included; sorted. Checks that every file
    /// without a leading dot has its manifest.
    [[nodiscard]] std::vector<std::string> dumps() const;
    /// Everything that shows whether an entry was touched: kind, inode, time of change, content.
    [[nodiscard]] std::map<std::string, std::string> state() const;
    /// Checks that `dbbackup verify --all` finds all of them good.
    void check_all_good() const;

private:
    TempDir temp_;
    std::filesystem::path path_;
};

/// The name of the file that is locked while dumps of `database` are added and deleted.
[[nodiscard]] std::string lock_name_of(const std::string& database);

/// Holds a lock on `path`, as another run does, until it is destroyed.
class HeldFile {
public:
    enum class How { shared, exclusive };

    /// Creates the file if there is none.
    HeldFile(const std::filesystem::path& path, How how);
    ~HeldFile();
    HeldFile(const HeldFile&) = delete;
    HeldFile& operator=(const HeldFile&) = delete;

private:
    int fd_;
};

} // namespace dbbackup::test
