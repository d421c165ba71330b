#pragma once

#include "support/dumps/sample_directory.hpp"

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace dbbackup::test {

// Users that every system has, to attack one another. Only root can be all of them.

inline constexpr uid_t k_root = 0;
inline constexpr uid_t k_victim = 1;      ///< daemon
inline constexpr uid_t k_mallory = 65534; ///< nobody
inline constexpr const char* k_mallory_shown = "user 'nobody' (uid 65534)";

/// False, with a message that the test is skipped, unless we are root.
[[nodiscard]] bool can_be_others();

/// Gives it to that user, a link itself; a directory without its content.
void give(const std::filesystem::path& path, uid_t user);

/// `words`, to be run as that user.
[[nodiscard]] std::vector<std::string> as_user(uid_t user, std::vector<std::string> words);

/// A dump directory to which everybody can add files and in which nobody can remove another's, as
/// in /tmp. One user dumps there, and mallory adds whatever he likes.
class SharedDumps {
public:
    /// As root, the test can act as both.
    explicit SharedDumps(uid_t owner_of_dumps);

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return dumps_.path(); }

    [[nodiscard]] std::filesystem::path operator/(const std::string& name) const {
        return dumps_ / name;
    }

    [[nodiscard]] const SampleDirectory& all() const noexcept { return dumps_; }

    /// A dump and its manifest of the user who dumps there. Both return the name.
    std::string add(const SampleDump& dump) const { return add_of(user_, dump); }
    std::string add_at(const std::string& started) const { return add({.started = started}); }
    /// The same by mallory, who makes it look as good as ours.
    std::string forge(const SampleDump& dump) const { return add_of(k_mallory, dump); }
    /// A file of mallory's.
    void plant(const std::string& name, const std::string& content) const;

    /// dbbackup with `words` for this directory, as the user who dumps there.
    [[nodiscard]] std::vector<std::string> words(std::vector<std::string> words) const;
    [[nodiscard]] ProgramResult run(std::vector<std::string> words) const;

private:
    std::string add_of(uid_t user, const SampleDump& dump) const;

    uid_t user_;
    SampleDirectory dumps_;
    std::filesystem::path program_; ///< a copy that any user can run
};

/// Three old dumps, a day apart, that mallory attacks.
struct AttackedDumps {
    explicit AttackedDumps(uid_t user) : dumps{user} {}

    SharedDumps dumps;
    std::vector<std::string> ours{dumps.add_at("2020-01-01"), dumps.add_at("2020-01-02"),
                                  dumps.add_at("2020-01-03")};

    [[nodiscard]] bool is_there(const std::string& name) const {
        return std::filesystem::exists(dumps / name);
    }

    [[nodiscard]] std::string manifest(const std::string& name) const;
};

} // namespace dbbackup::test
