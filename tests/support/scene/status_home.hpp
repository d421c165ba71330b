#pragma once

#include "support/catch.hpp"
#include "support/program/program.hpp"
#include "support/temp_dir.hpp"

#include <dbbackup/store/dump_name.hpp>
#include <dbbackup/store/manifest.hpp>

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace dbbackup::test {

[[nodiscard]] inline bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// A home with dumps of `shop`, by their manifests: nobody reads more.
struct StatusHome {
    TempDir temp;

    StatusHome() { std::filesystem::create_directory(temp / "dumps"); }

    [[nodiscard]] static std::string name(std::chrono::milliseconds age) {
        return store::format_dump_name(
            {.database = "shop", .time = time_before(age), .suffix = ".sql"});
    }

    [[nodiscard]] static base::UtcTime time_before(std::chrono::milliseconds age) {
        // What is meant to be so old shall not be older by the time that the test takes.
        static const base::UtcTime k_start = base::system_clock().now();
        return k_start - age;
    }

    void add(std::chrono::milliseconds age,
             const std::function<void(store::Manifest&)>& change = {}) const {
        store::Manifest manifest;
        manifest.database.name = "shop";
        manifest.database.host = "localhost";
        manifest.database.port = 5432;
        manifest.dump.format = "plain";
        manifest.dump.compression = "none";
        manifest.dump.options = {"--format=plain"};
        manifest.dump.started_at = time_before(age);
        manifest.dump.finished_at = manifest.dump.started_at;
        manifest.file.size = 1000;
        manifest.contents.tables = {{.schema = "public",
                                     .name = "orders",
                                     .rows = 2000,
                                     .bytes = 1,
                                     .fingerprint = std::string(32, '0'),
                                     .has_data = true}};
        if (change) {
            change(manifest);
        }
        manifest.file.name = name(age);
        write_file(file(name(age)), std::string(manifest.file.size, 'x'));
        write_file(file(name(age) + ".json"), store::to_json(manifest));
    }

    /// A hidden file that was last written to two days ago.
    void leave(const std::string& hidden_name) const {
        write_file(file(hidden_name), "");
        std::filesystem::last_write_time(file(hidden_name),
                                         std::filesystem::file_time_type::clock::now() -
                                             std::chrono::hours{48});
    }

    [[nodiscard]] std::filesystem::path file(const std::string& name) const {
        return temp / "dumps" / name;
    }

    [[nodiscard]] ProgramResult run(std::vector<std::string> words = {}) const {
        words.insert(words.begin(), "status");
        return run_dbbackup(words, {.directory = temp.path()});
    }

    [[nodiscard]] nlohmann::json json(std::vector<std::string> words, int exit_code) const {
        words.emplace_back("--json");
        const ProgramResult result = run(words);
        CHECK(result.exit_code == exit_code);
        CHECK(result.err.empty());
        return nlohmann::json::parse(result.out);
    }
};

/// A verification of that level, so long ago, that found the dump good.
inline void record(store::Manifest& manifest, const std::string& level,
                   std::chrono::milliseconds age) {
    store::Manifest::Verification verification;
    verification.level = level;
    verification.at = StatusHome::time_before(age);
    verification.result = "ok";
    manifest.verifications.push_back(verification);
}

} // namespace dbbackup::test
