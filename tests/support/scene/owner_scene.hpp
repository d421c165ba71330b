#pragma once

#include "support/scene/part_scene.hpp"
#include "support/server/server_side.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace dbbackup::test {

/// A database that belongs to a role, which is no superuser, and dumps and restores it.
class OwnerScene {
public:
    /// `as_before_15`: schema `public` is as initdb of 12 to 14 makes it.
    explicit OwnerScene(bool as_before_15);

    [[nodiscard]] const TestDatabase& target() const { return scene_.target(); }

    [[nodiscard]] const std::string& owner() const { return owner_.name(); }

    [[nodiscard]] std::filesystem::path dumps() const { return scene_.dumps(); }

    [[nodiscard]] std::string url(const TestDatabase& database) const;

    /// As the owner.
    void psql(const std::string& sql) const;

    [[nodiscard]] std::filesystem::path dump(const std::vector<std::string>& arguments = {}) const;

    [[nodiscard]] std::string state() const { return scene_.state(); }

    [[nodiscard]] ProgramOptions options() const;

    [[nodiscard]] ProgramResult restore(const std::filesystem::path& dump,
                                        std::vector<std::string> arguments) const;
    [[nodiscard]] ProgramResult guard(const std::string& script) const;
    [[nodiscard]] ProgramResult type(const std::string& line) const;

    /// Restore, dry run and guard refuse to begin, with this reason; then the hint's SQL helps.
    void check_refused(const std::filesystem::path& dump, const std::string& reason) const;

    /// The SQL in the hint of such a refusal.
    [[nodiscard]] static std::string remedy_in(const std::string& err);

private:
    TestRole owner_; // outlives the databases with its objects
    PartScene scene_;
};

} // namespace dbbackup::test
