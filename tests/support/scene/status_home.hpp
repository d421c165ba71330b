#pragma once

#include "support/catch.hpp"
#include "support/dumps/sample_directory.hpp"

#include <dbbackup/store/dump_name.hpp>

namespace dbbackup::test {

[[nodiscard]] inline bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// Sample dumps of `shop`, by their age.
struct StatusHome : SampleDirectory {
    [[nodiscard]] static std::string name(std::chrono::milliseconds age) {
        return store::format_dump_name(
            {.database = "shop", .time = time_before(age), .suffix = ".sql"});
    }

    [[nodiscard]] static base::UtcTime time_before(std::chrono::milliseconds age) {
        // Ages must not grow by the duration of the test.
        static const base::UtcTime k_start = base::system_clock().now();
        return k_start - age;
    }

    /// A dump of a thousand bytes and two thousand rows.
    void add(std::chrono::milliseconds age, const Change& change = {}) const {
        SampleDump dump{.started = base::format_utc(time_before(age)), .database = "shop"};
        dump.host = "localhost";
        dump.options = {"--format=plain"};
        SampleDirectory::add(dump, [&](store::Manifest& manifest) {
            manifest.dump.label.reset();
            manifest.file.size = 1000;
            manifest.contents.tables.resize(1);
            manifest.contents.tables.front().rows = 2000;
            if (change) {
                change(manifest);
            }
        });
    }

    /// A hidden file last written two days ago.
    void leave(const std::string& hidden_name) const {
        write_file(file(hidden_name), "");
        age(hidden_name, std::chrono::hours{48});
    }

    [[nodiscard]] std::filesystem::path file(const std::string& name) const { return *this / name; }

    [[nodiscard]] ProgramResult run(std::vector<std::string> words = {}) const {
        words.insert(words.begin(), "status");
        return run_dbbackup(words, {.directory = home()});
    }

    [[nodiscard]] nlohmann::json json(std::vector<std::string> words, int exit_code) const {
        words.emplace_back("--json");
        const ProgramResult result = run(words);
        CHECK(result.exit_code == exit_code);
        CHECK(result.err.empty());
        return nlohmann::json::parse(result.out);
    }
};

/// A verification of that level, that long ago, that found the dump good.
inline void record(store::Manifest& manifest, const std::string& level,
                   std::chrono::milliseconds age) {
    store::Manifest::Verification verification;
    verification.level = level;
    verification.at = StatusHome::time_before(age);
    verification.result = "ok";
    manifest.verifications.push_back(verification);
}

} // namespace dbbackup::test
