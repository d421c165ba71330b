#pragma once

#include "support/scene/scene.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace dbbackup::test {

/// A database, a dump of it, and what `dbbackup compare` says.
class CompareScene : public Scene {
public:
    /// `sql` makes the database, of which no dump is taken yet.
    explicit CompareScene(const std::string& sql);

    [[nodiscard]] const TestDatabase& database() const noexcept { return database_; }

    void change(const std::string& sql) const { database_.psql(sql); }

    /// Takes a dump; returns its name.
    std::string dump(std::vector<std::string> arguments = {}) const;

    [[nodiscard]] ProgramResult compare(std::vector<std::string> arguments = {}) const;
    /// The object of --json; checks that the exit code fits it.
    [[nodiscard]] nlohmann::json report(std::vector<std::string> arguments = {}) const;
    /// The lines of the text that name a difference, without the table's header.
    [[nodiscard]] std::vector<std::string>
    differences(std::vector<std::string> arguments = {}) const;

    /// Not used: comparing changes nothing by itself.
    void check_untouched() const override {}

private:
    TestDatabase database_;
};

/// The entry of `report` for the table `name`, or null.
[[nodiscard]] nlohmann::json table_in(const nlohmann::json& report, const std::string& name);

} // namespace dbbackup::test
