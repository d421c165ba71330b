#include "packaging/completions.hpp"
#include "support/catch.hpp"
#include "support/program/program.hpp"

#include <cstdlib>
#include <regex>

using namespace dbbackup::test;

namespace {

std::string output_of(const std::vector<std::string>& words) {
    const ProgramResult result = run_program(words);
    INFO(words.front() << ": " << result.out << result.err);
    REQUIRE(result.exit_code == 0);
    return result.out;
}

bool has_line(const std::string& text, const std::string& pattern) {
    return std::regex_search(text, std::regex{"(^|\n)" + pattern + "(\n|$)"});
}

std::string version_of_program() {
    const std::string words = run_dbbackup({"--version"}).out;
    REQUIRE(words.starts_with("dbbackup "));
    return words.substr(9, words.find('\n') - 9);
}

/// In dpkg-deb's output.
std::string version_of_package(const std::string& about) {
    std::smatch found;
    REQUIRE(std::regex_search(about, found, std::regex{"\n Version: (\\S+)\n"}));
    return found[1];
}

} // namespace

TEST_CASE("man can format the manual page") {
    const std::filesystem::path page =
        std::filesystem::path{std::getenv("DBBACKUP_TEST_REFERENCE")} / "dbbackup.1";
    if (is_installed("groff")) {
        const ProgramResult result =
            run_program({"/usr/bin/groff", "-man", "-ww", "-z", "-Tutf8", page});
        CHECK(result.exit_code == 0);
        CHECK(result.err.empty());
    }
    if (is_installed("mandoc")) {
        const ProgramResult result =
            run_program({"/usr/bin/mandoc", "-T", "lint", "-W", "warning", page});
        INFO(result.out);
        CHECK(result.exit_code == 0);
    }
}

TEST_CASE("the units are valid, and start a program that accepts their options") {
    const std::filesystem::path units = project_file("packaging/systemd");
    const TempDir copies;
    std::vector<std::string> words = {"/usr/bin/systemd-analyze", "verify", "--man=no"};
    for (const std::string& name : names_in(units)) {
        // Only an installed program is found by name.
        const std::string unit =
            std::regex_replace(read_file(units / name), std::regex{"ExecStart=dbbackup "},
                               "ExecStart=" + dbbackup_path() + " ");
        write_file(copies / name, unit);
        words.push_back(copies / name);
        std::smatch command;
        for (std::string rest = unit;
             std::regex_search(rest, command, std::regex{"ExecStart=\\S+ ([^\n]*)"});
             rest = command.suffix()) {
            INFO(command[1]);
            const ProgramResult result =
                run_program({"/bin/sh", "-c",
                             dbbackup_path() + " " + command[1].str() +
                                 " --dir /nonexistent/dumps --url postgres:///"});
            // An unknown option would be another usage error.
            CHECK(result.err.find("following argument") == std::string::npos);
            CHECK(result.err.find("there is no command") == std::string::npos);
        }
    }
    CHECK(words.size() == 3 + 4);
    if (is_installed("systemd-analyze")) {
        const ProgramResult result = run_program(words);
        CHECK(result.exit_code == 0);
        CHECK(result.err.empty());
    }
}

TEST_CASE("cpack builds a Debian package") {
    if (!is_installed("dpkg-shlibdeps") || dbbackup_is_sanitized()) {
        return;
    }
    const TempDir directory;
    const std::filesystem::path build = std::getenv("DBBACKUP_TEST_BUILD");
    static_cast<void>(output_of(
        {"/usr/bin/cpack", "--config", build / "CPackConfig.cmake", "-B", directory.path()}));
    std::string package;
    for (const std::string& name : names_in(directory.path())) {
        if (name.ends_with(".deb")) {
            package = directory / name;
        }
    }
    REQUIRE(!package.empty());

    const std::string about = output_of({"/usr/bin/dpkg-deb", "-I", package});
    CHECK(has_line(about, " Package: dbbackup"));
    // Of this program, and of the distribution with its libraries.
    const std::string version = version_of_package(about);
    const std::string distribution = output_of(
        {"/bin/sh", "-c", ". /etc/os-release && printf %s \"${VERSION_ID:++$ID$VERSION_ID}\""});
    CHECK(version == version_of_program() + distribution);
    CHECK(package.find("/dbbackup_" + version + "_") != std::string::npos);
    CHECK(has_line(about, " Depends: .*libpq5.*"));
    CHECK(has_line(about, " Recommends: postgresql-client"));
    CHECK(has_line(about, " Suggests: postgresql, age, rclone, curl"));
    CHECK(has_line(about, " Section: database"));

    const std::string contents = output_of({"/usr/bin/dpkg-deb", "-c", package});
    for (const char* file :
         {"bin/dbbackup", "share/man/man1/dbbackup.1.gz",
          "share/bash-completion/completions/dbbackup", "share/zsh/vendor-completions/_dbbackup",
          "share/fish/vendor_completions.d/dbbackup.fish", "share/doc/dbbackup/copyright",
          "share/doc/dbbackup/changelog.gz", "share/doc/dbbackup/docs/manual.md",
          "lib/systemd/system/dbbackup@.timer", "lib/systemd/system/dbbackup-drill@.service"}) {
        INFO(file);
        const char* mode = std::string_view{file} == "bin/dbbackup" ? "-rwxr-xr-x" : "-rw-r--r--";
        CHECK(has_line(contents, std::string{mode} + " root/root .* \\./usr/" + file));
    }
    if (std::filesystem::exists("/usr/share/doc/libfmt-dev/copyright")) {
        CHECK(has_line(contents, "-rw-r--r-- .* \\./usr/share/doc/dbbackup/licenses/libfmt-dev"));
    }
    const std::string changelog =
        output_of({"/bin/sh", "-c",
                   "dpkg-deb --fsys-tarfile \"$0\" | "
                   "tar -xO ./usr/share/doc/dbbackup/changelog.gz | gzip -dc",
                   package});
    CHECK(changelog.starts_with("dbbackup (" + version + ") unstable"));
    CHECK(has_line(changelog, " -- The dbbackup authors <dbbackup@localhost>  "
                              "[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} 12:00:00 \\+0000"));
    // Nothing elsewhere, and no directory that others can write to or cannot enter.
    CHECK_FALSE(has_line(contents, "[^\n]* \\./(?!usr/)[^\n]+"));
    CHECK_FALSE(has_line(contents, "d(?!rwxr-xr-x)[^\n]*"));
}
