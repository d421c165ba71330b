#pragma once

#include "support/scene/scene.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace dbbackup::test {

/// Two databases and a dump directory: the source, which dumps are taken of, and the target, whose
/// state `dbbackup restore` replaces by the source's, or leaves unchanged.
class RestoreScene : public Scene {
public:
    [[nodiscard]] const TestDatabase& source() const noexcept { return source_; }

    [[nodiscard]] const TestDatabase& target() const noexcept { return *target_; }

    /// Takes a dump of the source.
    [[nodiscard]] std::filesystem::path dump(std::vector<std::string> arguments = {}) const;
    /// The installed pg_dump's output for the source, under its own name.
    [[nodiscard]] std::filesystem::path foreign_dump(const std::vector<std::string>& words) const;

    /// Switches to another target, which is empty, and remembers it.
    void renew_target();
    /// Remembers the target as it is now, and the names in the dump directory: the old state. Call
    /// it when both are as the restore should find them.
    void remember();

    /// `dbbackup restore DUMP` into the target, confirmed, with `arguments`, to be started.
    [[nodiscard]] std::vector<std::string> words(const std::filesystem::path& dump,
                                                 std::vector<std::string> arguments = {}) const;
    [[nodiscard]] ProgramOptions options() const { return options_for(*target_); }
    /// Runs it to the end, without a safety dump.
    [[nodiscard]] ProgramResult restore(const std::filesystem::path& dump,
                                        std::vector<std::string> arguments = {}) const;

    /// Checks that the target is byte for byte as remembered, that the dump directory contains
    /// nothing new, and that no process and no session of a run is left.
    void check_untouched() const override;
    /// Checks that `result` is a success, that pg_dump with `arguments` prints the same for target
    /// and source, and that no process and no session of a run is left.
    void check_restored(const ProgramResult& result,
                        const std::vector<std::string>& arguments = {}) const;

private:
    TestDatabase source_;
    std::unique_ptr<TestDatabase> target_ = std::make_unique<TestDatabase>();
    std::string remembered_;
};

/// Loads the small database that all of tests/data/foreign are dumps of.
void load_foreign_source(const TestDatabase& database);

/// A scene with that database as its source, and an empty target.
class ForeignScene : public RestoreScene {
public:
    ForeignScene();
};

} // namespace dbbackup::test
