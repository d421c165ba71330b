// Writes the manual page and the shell completions, which the build installs, from dbbackup's own
// command line.
//
// usage: write_reference SOURCE DIRECTORY     SOURCE: the project's own directory

#include <dbbackup/cli/reference.hpp>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace {

std::string read(const std::filesystem::path& path) {
    std::ifstream file;
    file.exceptions(std::ios::failbit | std::ios::badbit);
    file.open(path);
    return {std::istreambuf_iterator<char>{file}, {}};
}

void write(const std::filesystem::path& path, const std::string& content) {
    std::ofstream file;
    file.exceptions(std::ios::failbit | std::ios::badbit);
    file.open(path);
    file << content << std::flush;
}

} // namespace

int main(int argc, char** argv) {
    using namespace dbbackup::cli;
    if (argc != 3) {
        std::fputs("usage: write_reference SOURCE DIRECTORY\n", stderr);
        return 2;
    }
    try {
        const std::filesystem::path source = argv[1];
        const std::filesystem::path scripts = source / "completions";
        const std::filesystem::path directory = argv[2];
        const CommandDescription program = describe_program();
        std::filesystem::create_directories(directory);
        write(directory / "dbbackup.1",
              to_manual_page(program, read(source / "docs/man/dbbackup.1.in"), DBBACKUP_VERSION));
        write(directory / "dbbackup.bash",
              to_bash_completion(program, read(scripts / "dbbackup.bash.in")));
        write(directory / "_dbbackup", to_zsh_completion(program, read(scripts / "_dbbackup.in")));
        write(directory / "dbbackup.fish",
              to_fish_completion(program, read(scripts / "dbbackup.fish.in")));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "write_reference: %s\n", error.what());
        return 1;
    }
    return 0;
}
