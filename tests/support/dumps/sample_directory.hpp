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

/// What a sample dump is to be like.
struct SampleDump {
    /// "2020-01-31", "2020-01-31T03:15" and so on up to the millisecond, UTC.
    std::string started;
    std::string database = "app";
    std::string host = "db";
    int port = 5432;
    std::vector<std::string> options = {}; ///< of pg_dump
    bool pinned = false;
    bool safety = false;
    /// "ok", or what was found; empty: never verified.
    std::string verified = {};
    std::string name = {}; ///< of the file; empty: as dbbackup names it
    std::string label = {};
};

/// A dump directory in a home of its own, with small dumps that are written without a server and
/// that `dbbackup verify` finds good, unless they are changed.
class SampleDirectory {
public:
    using Change = std::function<void(store::Manifest&)>;

    SampleDirectory();

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

    [[nodiscard]] std::filesystem::path operator/(std::string_view name) const {
        return path_ / name;
    }

    /// Where it lies, under the name "dumps", and where run() runs.
    [[nodiscard]] const std::filesystem::path& home() const noexcept { return temp_.path(); }

    /// Both return the name of the new dump. `change` is made to its manifest before that is
    /// written; the file gets the size that the manifest has then.
    std::string add(const SampleDump& dump, const Change& change = {}) const;
    std::string add_at(const std::string& started) const { return add({.started = started}); }
    /// Changes a manifest that is there, in ways that dbbackup would not, too.
    void edit_manifest(const std::string& name,
                       const std::function<void(nlohmann::json&)>& edit) const;
    /// One each day from 2020-01-01 on.
    [[nodiscard]] std::vector<std::string> add_days(int count) const;

    /// Lets the file's last change be so long ago.
    void age(const std::string& name, std::chrono::hours hours) const;

    /// Runs dbbackup with `words` for this directory, from its home.
    [[nodiscard]] ProgramResult run(std::vector<std::string> words) const;
    [[nodiscard]] std::vector<std::string> words(std::vector<std::string> words) const;

    /// Names of files but manifests, hidden ones included; sorted. Checks that whatever does not
    /// begin with a dot has its manifest.
    [[nodiscard]] std::vector<std::string> dumps() const;
    /// Of each entry all that shows whether it was touched: kind, inode, time of change, content.
    [[nodiscard]] std::map<std::string, std::string> state() const;
    /// Checks that `dbbackup verify --all` finds all of them good.
    void check_all_good() const;

private:
    TempDir temp_;
    std::filesystem::path path_;
};

/// The name of the file that is locked while dumps of `database` come and go.
[[nodiscard]] std::string lock_name_of(const std::string& database);

/// Holds a lock on `path`, as another run does, until it is destroyed.
class HeldFile {
public:
    enum class How { shared, exclusive };

    /// Makes the file where there is none.
    HeldFile(const std::filesystem::path& path, How how);
    ~HeldFile();
    HeldFile(const HeldFile&) = delete;
    HeldFile& operator=(const HeldFile&) = delete;

private:
    int fd_;
};

} // namespace dbbackup::test
