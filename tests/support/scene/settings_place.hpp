#pragma once

#include "support/catch.hpp"
#include "support/program/program.hpp"
#include "support/temp_dir.hpp"

#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace dbbackup::test {

namespace fs = std::filesystem;

inline constexpr uid_t k_stranger = 4321;

inline void give(const fs::path& path, uid_t owner, gid_t group) {
    REQUIRE(::lchown(path.c_str(), owner, group) == 0);
}

inline void set_mode(const fs::path& path, mode_t mode) {
    REQUIRE(::chmod(path.c_str(), mode) == 0);
}

inline bool says(const ProgramResult& result, const std::string& text) {
    return result.err.find(text) != std::string::npos;
}

/// A directory to run dbbackup in, with one settings file.
struct Place {
    explicit Place(std::string name)
        : file(std::move(name)),
          content(file == ".env" ? "DBBACKUP_DIR=planted\n" : "dir = \"planted\"\n") {
        fs::create_directories(home / "planted");
        fs::create_directory(home / "dumps");
        for (const char* dumps : {"planted", "dumps"}) {
            set_mode(home / dumps, 0755);
        }
        write_file(home / file, content);
        set_mode(home / file, 0600);
        set_mode(home, 0700);
        set_mode(temp.path(), 0755);
    }

    [[nodiscard]] ProgramResult list(std::vector<std::string> words = {}) const {
        words.insert(words.begin(), "list");
        return run_dbbackup(words, {.directory = home, .timeout = std::chrono::seconds{10}});
    }

    [[nodiscard]] std::string option() const { return file == ".env" ? "--env-file" : "--config"; }

    void check_used() const {
        const ProgramResult result = list();
        INFO(result.err);
        CHECK(result.exit_code == 0);
        CHECK(result.out.starts_with("No dumps yet in 'planted'."));
    }

    void check_refused(const std::string& reason) const {
        const ProgramResult result = list();
        INFO(result.err);
        CHECK(result.exit_code == 2);
        CHECK(result.out.empty());
        CHECK(says(result, "'" + file + "' is not safe to use"));
        CHECK(says(result, reason));
        CHECK(says(result, option() + " " + file)); // the remedy
        const ProgramResult meant = list({option(), file});
        CHECK(meant.out.starts_with("No dumps yet in 'planted'."));
    }

    TempDir temp;
    fs::path home = temp / "home";
    std::string file;
    std::string content;
};

} // namespace dbbackup::test
