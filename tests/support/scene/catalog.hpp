#pragma once

#include "support/catch.hpp"
#include "support/dumps/sample_directory.hpp"

#include <fmt/format.h>

namespace dbbackup::test {

/// Sample dumps, and what `list` and `show` print about them.
struct Catalog : SampleDirectory {
    /// A dump of three bytes, with one table of two rows; `time` as for SampleDump. Returns its
    /// name.
    std::string add(const std::string& database, const std::string& time,
                    const Change& change = {}) const {
        return SampleDirectory::add({.started = time, .database = database}, [&](auto& manifest) {
            manifest.file.size = 3;
            manifest.contents.tables.resize(1);
            manifest.contents.tables.front().rows = 2;
            if (change) {
                change(manifest);
            }
        });
    }

    /// Runs dbbackup with `words` and this directory, and with `url` as DATABASE_URL.
    [[nodiscard]] ProgramResult run(std::vector<std::string> words,
                                    const std::string& url = {}) const {
        ProgramOptions options{.directory = home()};
        if (!url.empty()) {
            options.environment["DATABASE_URL"] = url;
        }
        return run_program(this->words(std::move(words)), options);
    }

    /// The dumps of `list --json`.
    [[nodiscard]] nlohmann::json list() const {
        const ProgramResult result = run({"list", "--json"});
        INFO(result.out << result.err);
        REQUIRE(result.exit_code == 0);
        REQUIRE(result.err.empty());
        return nlohmann::json::parse(result.out).at("dumps");
    }

    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> names;
        for (const nlohmann::json& dump : list()) {
            names.push_back(dump.at("name"));
        }
        return names;
    }

    /// What `list` prints about the dump `name`, or null.
    [[nodiscard]] nlohmann::json entry(const std::string& name) const {
        for (const nlohmann::json& dump : list()) {
            if (dump.at("name") == name) {
                return dump;
            }
        }
        return {};
    }

    /// The file name in the manifest that `show WHAT` finds, or "EXIT CODE: MESSAGE".
    [[nodiscard]] std::string shown(const std::string& what, const std::string& url = {}) const {
        const ProgramResult result = run({"show", what, "--json"}, url);
        const auto report = nlohmann::json::parse(result.out);
        return result.exit_code == 0
                   ? report.at("manifest").at("file").at("name").get<std::string>()
                   : fmt::format("{}: {}", result.exit_code,
                                 report.at("error").at("message").get<std::string>());
    }
};

} // namespace dbbackup::test
