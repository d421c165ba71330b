#include "support/program/fake_tools.hpp"

#include "support/server/cluster.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>

namespace dbbackup::test {

namespace {

std::string real_version() {
    const std::string said =
        run_program({Cluster::shared().bin_dir() / "pg_dump", "--version"}).out;
    const std::string_view marker = "(PostgreSQL) ";
    return said.substr(said.find(marker) + marker.size());
}

} // namespace

FakeTools::FakeTools(const std::filesystem::path& parent)
    : directory_(parent / "bin"), version_(real_version()) {
    std::filesystem::create_directory(directory_);
}

void FakeTools::make(const std::string& program, const std::string& body,
                     const std::string& version) {
    write_executable(directory_ / program, fmt::format("#!/bin/sh\n"
                                                       "if [ \"$1\" = --version ]; then\n"
                                                       "    echo '{} (PostgreSQL) {}'\n"
                                                       "    exit 0\n"
                                                       "fi\n"
                                                       "{}",
                                                       program, version, body));
}

void FakeTools::use_real(const std::string& program) {
    make(program, "exec " + real(program) + " \"$@\"\n");
}

std::string FakeTools::real(const std::string& program) {
    return fmt::format("'{}'", (Cluster::shared().bin_dir() / program).string());
}

std::string FakeTools::file(const std::string& name, std::string_view content) const {
    write_file(directory_ / name, content);
    return path(name);
}

namespace sample {

std::string body() {
    return fmt::format("{}{}{}{}", k_head, k_copy_start, k_rows, k_copy_end);
}

std::string whole() {
    return fmt::format("{}{}{}", body(), k_complete, k_unrestrict);
}

} // namespace sample

} // namespace dbbackup::test
