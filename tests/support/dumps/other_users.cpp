#include "support/dumps/other_users.hpp"

#include "support/catch.hpp"
#include "support/dumps/sample_dump.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace dbbackup::test {

bool can_be_others() {
    if (::geteuid() != k_root) {
        WARN("left out: only root can be several users");
    }
    return ::geteuid() == k_root;
}

void give(const std::filesystem::path& path, uid_t user) {
    REQUIRE(::lchown(path.c_str(), user, user) == 0);
}

std::vector<std::string> as_user(uid_t user, std::vector<std::string> words) {
    const std::string id = std::to_string(user);
    words.insert(words.begin(),
                 {"/usr/bin/setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups"});
    return words;
}

SharedDumps::SharedDumps(uid_t owner_of_dumps)
    : user_(owner_of_dumps), program_(dumps_.home() / "dbbackup") {
    REQUIRE(::chmod(dumps_.home().c_str(), 0755) == 0);
    REQUIRE(::chmod(dumps_.path().c_str(), 01777) == 0);
    // The build directory may be closed to others.
    std::filesystem::copy_file(dbbackup_path(), program_);
}

void SharedDumps::plant(const std::string& name, const std::string& content) const {
    write_file(dumps_ / name, content);
    give(dumps_ / name, k_mallory);
}

std::string SharedDumps::add_of(uid_t user, const SampleDump& dump) const {
    std::string name = dumps_.add(dump);
    give(dumps_ / name, user);
    give(manifest_path(dumps_ / name), user);
    return name;
}

std::vector<std::string> SharedDumps::words(std::vector<std::string> words) const {
    words = dumps_.words(std::move(words));
    words.front() = program_;
    return as_user(user_, std::move(words));
}

ProgramResult SharedDumps::run(std::vector<std::string> words) const {
    return run_program(this->words(std::move(words)), {.directory = dumps_.home()});
}

std::string AttackedDumps::manifest(const std::string& name) const {
    return read_file(manifest_path(dumps / name));
}

} // namespace dbbackup::test
