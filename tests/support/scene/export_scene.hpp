#pragma once

#include "support/scene/scene.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace dbbackup::test {

/// A small shop in the manner of Northwind, for ExportScene: customers with a natural key, orders,
/// their lines, employees that report to each other, and a cycle between two tables.
inline constexpr const char* k_northwind = R"(
    create table customers (id int primary key, email text not null unique, name text,
                            favourite int);
    create table products (sku text primary key, price numeric(10, 2));
    create table orders (id bigint generated always as identity primary key,
                         customer_id int references customers, placed_at timestamptz,
                         day date);
    create table lines (order_id bigint references orders, no int, sku text references products,
                        primary key (order_id, no));
    create table notes (id int primary key, order_id bigint, no int, parent int references notes,
                        body text, foreign key (order_id, no) references lines);
    create table unrelated (id int primary key, customer_id int);
    alter table customers add foreign key (favourite) references orders;
    insert into customers select g, 'c' || g || '@x.test', 'name ' || g from generate_series(1, 5) g;
    insert into products values ('a', 1.50), ('b', 20);
    insert into orders (customer_id, placed_at, day)
        select 1 + g % 5, timestamptz '2026-11-01 00:00+00' + g * interval '1 day',
               date '2026-11-01' + g from generate_series(0, 19) g;
    insert into lines select o.id, n, case n when 1 then 'a' else 'b' end
        from orders o, generate_series(1, 2) n;
    insert into notes select o.id, o.id, 1, null, 'note' from orders o;
    insert into notes select 100 + id, null, null, id, 'reply' from notes;
    insert into unrelated values (1, 1);
    update customers set favourite = (select max(id) from orders where customer_id = customers.id);)";

/// A database, and what `dbbackup export` makes of it.
class ExportScene : public Scene {
public:
    /// `sql` makes the database.
    explicit ExportScene(const std::string& sql);

    [[nodiscard]] const TestDatabase& database() const noexcept { return database_; }

    void change(const std::string& sql) const { database_.psql(sql); }

    /// `dbbackup export ARGUMENTS`, in the home.
    [[nodiscard]] std::vector<std::string> words(std::vector<std::string> arguments = {}) const;

    [[nodiscard]] ProgramOptions options() const { return options_for(database_); }

    [[nodiscard]] ProgramResult run(std::vector<std::string> arguments = {}) const;
    /// The JSON document on stdout, which must succeed.
    [[nodiscard]] nlohmann::json document(std::vector<std::string> arguments = {}) const;
    /// Writes `name` in the home, which must succeed; returns the report of --json.
    nlohmann::json write(const std::string& name, std::vector<std::string> arguments = {}) const;

    /// Names in the home, but the dump directory.
    [[nodiscard]] std::vector<std::string> files() const;
    /// Checks that the home has no file, and that nothing runs any more.
    void check_untouched() const override;

private:
    TestDatabase database_;
};

} // namespace dbbackup::test
