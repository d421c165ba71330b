#pragma once

#include "support/scene/import_scene.hpp"

#include <string>
#include <vector>

namespace dbbackup::test {

/// A way in which an import fails, for FailingImports.
struct FailingImport {
    std::string change; ///< SQL: what happened to the target, which lost most of its rows
    std::vector<std::string> arguments;
    int exit_code = 5;
    std::string message; ///< in what the program prints
};

/// A shop whose dump is imported into copies of it that lost most of their rows. Its tickets get
/// new numbers, so each import takes some of a sequence.
class FailingImports {
public:
    FailingImports();

    [[nodiscard]] const ImportScene& source() const noexcept { return source_; }

    /// The dump's path.
    [[nodiscard]] std::string dump() const;

    /// SQL that makes a copy of the shop that lost rows.
    [[nodiscard]] static std::string make_target();

    /// Imports the dump with `--mode add`, unless the arguments name a mode or a source, and checks
    /// that it fails as it should, and leaves everything byte for byte as it was.
    void check(const FailingImport& way) const;
    void check(const std::vector<FailingImport>& ways) const;

    /// The same for a run that is over; `before` is what the target held.
    void check_run(const TestDatabase& target, const ProgramResult& result, int exit_code,
                   const std::string& message, const std::string& before) const;

    [[nodiscard]] std::vector<std::string> words(std::vector<std::string> arguments,
                                                 const TestDatabase& target) const;
    [[nodiscard]] ProgramOptions options(const std::string& url) const;

private:
    ImportScene source_;
};

} // namespace dbbackup::test
