#pragma once

#include "support/server/cluster.hpp"

#include <dbbackup/pg/connection_url.hpp>
#include <dbbackup/pg/session.hpp>
#include <dbbackup/pg/target.hpp>

#include <string>
#include <vector>

namespace dbbackup::test {

/// A target, and the content of a made-up dump for it.
class TargetScene {
public:
    /// Runs `sql`.
    explicit TargetScene(const std::string& sql);

    pg::DumpSummary dump;

    [[nodiscard]] const TestDatabase& database() const noexcept { return database_; }

    std::string psql(const std::string& sql) const { return database_.psql(sql); }

    /// Uses the output of `pg_dump arguments…` for the database now as the dump; returns its SQL.
    std::string read_dump(std::vector<std::string> arguments = {});

    /// The dump has rows for the table.
    void add_rows(const std::string& schema, const std::string& name);

    [[nodiscard]] pg::TargetSurvey survey(pg::DropScope scope);
    [[nodiscard]] std::vector<std::string> bystanders(pg::DropScope scope);

    /// Surveys, requires that nothing depends on dropped objects, and drops them for good. Requires
    /// that no bystander is lost.
    pg::TargetSurvey clean(pg::DropScope scope);
    /// Runs the statements of `survey` in a transaction and commits.
    void drop(const pg::TargetSurvey& survey);

    [[nodiscard]] pg::Session& session() noexcept { return session_; }

private:
    TestDatabase database_;
    pg::Session session_;
};

/// SQL for a schema shop, with a ring of foreign keys, and a schema audit beside it.
extern const std::string k_shop_and_audit;

/// The dump creates that shop.
void add_shop(pg::DumpInventory& inventory);

/// Tables, views, sequences and so on, by schema and name: "audit.log shop.orders".
[[nodiscard]] std::string relations(const TargetScene& scene);

/// "table shop.orders" for each.
[[nodiscard]] std::vector<std::string> titles(const std::vector<pg::DumpObject>& objects);

/// "shop.orders 3 goes" for each.
[[nodiscard]] std::vector<std::string> titles(const std::vector<pg::TargetTable>& tables);

} // namespace dbbackup::test
