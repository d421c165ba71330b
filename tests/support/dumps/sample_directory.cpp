#include "support/dumps/sample_directory.hpp"

#include "support/catch.hpp"
#include "support/dumps/sample_dump.hpp"
#include "support/program/fake_tools.hpp"

#include <dbbackup/store/dump_name.hpp>

#include <algorithm>
#include <fcntl.h>
#include <fmt/format.h>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dbbackup::test {

namespace {

base::UtcTime parse_time(const std::string& time) {
    constexpr std::string_view k_midnight = "0000-00-00T00:00:00.000Z";
    return base::parse_utc(time + std::string{k_midnight.substr(time.size())}).value();
}

store::Manifest::Verification verification_of(const std::string& result, base::UtcTime at) {
    store::Manifest::Verification verification;
    verification.level = "read";
    verification.at = at;
    verification.result = result;
    return verification;
}

} // namespace

SampleDirectory::SampleDirectory() : path_(temp_ / "dumps") {
    std::filesystem::create_directory(path_);
}

std::string SampleDirectory::add(const SampleDump& dump, const Change& change) const {
    const base::UtcTime started = parse_time(dump.started);
    const std::string name =
        dump.name.empty() ? store::format_dump_name({dump.database, started, ".sql"}) : dump.name;
    std::string sql = sample::whole();
    store::Manifest manifest = manifest_of(name, sql, sql);
    manifest.database.name = dump.database;
    manifest.database.host = dump.host;
    manifest.database.port = dump.port;
    manifest.dump.options = dump.options;
    manifest.dump.safety = dump.safety;
    manifest.dump.started_at = started;
    manifest.dump.finished_at = started;
    manifest.pinned = dump.pinned;
    if (!dump.label.empty()) {
        manifest.dump.label = dump.label;
    }
    if (!dump.verified.empty()) {
        manifest.verifications.push_back(verification_of(dump.verified, started));
    }
    if (change) {
        change(manifest);
        sql.resize(manifest.file.size, '\n');
    }
    write_file(path_ / name, sql);
    write_file(manifest_path(path_ / name), store::to_json(manifest));
    return name;
}

void SampleDirectory::edit_manifest(const std::string& name,
                                    const std::function<void(nlohmann::json&)>& edit) const {
    const std::filesystem::path path = manifest_path(path_ / name);
    nlohmann::json manifest = nlohmann::json::parse(read_file(path));
    edit(manifest);
    write_file(path, manifest.dump());
}

std::vector<std::string> SampleDirectory::add_days(int count) const {
    const base::UtcTime first = parse_time("2020-01-01");
    std::vector<std::string> names;
    for (int day = 0; day < count; ++day) {
        names.push_back(add_at(base::format_utc(first + std::chrono::days{day})));
    }
    return names;
}

void SampleDirectory::age(const std::string& name, std::chrono::hours hours) const {
    std::filesystem::last_write_time(path_ / name,
                                     std::filesystem::file_time_type::clock::now() - hours);
}

std::vector<std::string> SampleDirectory::words(std::vector<std::string> words) const {
    words.insert(words.begin(), dbbackup_path());
    words.insert(words.end(), {"--dir", path_.string()});
    return words;
}

ProgramResult SampleDirectory::run(std::vector<std::string> words) const {
    return run_program(this->words(std::move(words)), {.directory = home()});
}

std::vector<std::string> SampleDirectory::dumps() const {
    const std::vector<std::string> names = names_in(path_);
    std::vector<std::string> dumps;
    for (const std::string& name : names) {
        if (name.starts_with('.')) {
            dumps.push_back(name);
        } else if (name.ends_with(".json")) {
            INFO("the manifest " << name);
            CHECK(std::ranges::count(names, name.substr(0, name.size() - 5)) == 1);
        } else {
            INFO("the dump " << name);
            CHECK(std::ranges::count(names, name + ".json") == 1);
            dumps.push_back(name);
        }
    }
    return dumps;
}

std::map<std::string, std::string> SampleDirectory::state() const {
    std::map<std::string, std::string> state;
    for (const std::string& name : names_in(path_)) {
        struct stat status {};

        REQUIRE(::lstat((path_ / name).c_str(), &status) == 0);
        state[name] = fmt::format("{} {} {}.{} {}", status.st_mode, status.st_ino,
                                  status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
                                  S_ISREG(status.st_mode) ? read_file(path_ / name) : "");
    }
    return state;
}

void SampleDirectory::check_all_good() const {
    const ProgramResult result = run({"verify", "--all"});
    INFO(result.out << result.err);
    CHECK(result.exit_code == 0);
}

std::string lock_name_of(const std::string& database) {
    return "." + store::encode_database_name(database) + ".lock";
}

HeldFile::HeldFile(const std::filesystem::path& path, How how)
    : fd_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    // To the program under test, our lock is another process's.
    REQUIRE(::flock(fd_, (how == How::shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0);
}

HeldFile::~HeldFile() {
    ::close(fd_);
}

} // namespace dbbackup::test
