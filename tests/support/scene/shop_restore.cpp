#include "support/scene/shop_restore.hpp"

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/program/program.hpp"

#include <fmt/format.h>
#include <stdexcept>

namespace dbbackup::test {

namespace {

constexpr const char* k_new_state = R"(
create schema shop;
create table shop.customers (id integer primary key, name text not null, note text);
create table shop.orders (id integer primary key,
                          customer integer not null references shop.customers,
                          amount numeric(10, 2) check (amount >= 0));
create index orders_by_customer on shop.orders (customer);
create view shop.totals as select customer, sum(amount) as total from shop.orders group by customer;
create function shop.label(name text) returns text language sql
    as $$ select 'one; two -- ' || name; $$;
comment on table shop.orders is 'text; with ''quotes'' and -- dashes';
insert into shop.customers select g, 'customer ' || g, md5(g::text) from generate_series(1, 100) g;
insert into shop.orders select g, 1 + g % 100, g / 4.0 from generate_series(1, 400) g;
)";

constexpr const char* k_old_state = R"(
create schema shop;
create table shop.customers (id bigint primary key, name text, since date);
create table shop.legacy (id serial primary key, customer bigint references shop.customers);
create view shop.totals as select count(*) as legacy from shop.legacy;
insert into shop.customers select g, 'old ' || g, '2020-01-01' from generate_series(1, 30) g;
insert into shop.legacy (customer) select 1 + g % 30 from generate_series(1, 70) g;
create table public.settings as select 'theme' as key, 'dark' as value;
select lo_from_bytea(4711, '\xdeadbeef');
)";

const std::vector<std::string> k_shop{"-n", "shop"};

std::size_t found(std::size_t at, std::string_view what) {
    if (at == std::string::npos) {
        throw std::runtime_error(fmt::format("no '{}' there", what));
    }
    return at;
}

} // namespace

ShopRestore::ShopRestore() {
    source().psql(k_new_state);
    target().psql(k_old_state);
    std::filesystem::create_directory(dumps());
    remember();
}

void ShopRestore::reset_target() const {
    target().psql("set client_min_messages = error; drop schema shop cascade; "
                  "drop table if exists public.settings; "
                  "select lo_unlink(oid) from pg_largeobject_metadata;" +
                  std::string{k_old_state});
}

std::string ShopRestore::sql() const {
    const ProgramResult result = Cluster::shared().client("pg_dump", source().name());
    REQUIRE(result.exit_code == 0);
    return result.out;
}

std::filesystem::path ShopRestore::write_dump(std::string_view content,
                                              const std::string& suffix) const {
    static int count = 0;
    auto path = temp() / fmt::format("made_{}{}", count++, suffix);
    write_file(path, content);
    return path;
}

void ShopRestore::check_refused(const std::filesystem::path& dump, int exit_code,
                                const std::string& message,
                                std::vector<std::string> arguments) const {
    arguments.emplace_back("--clean");
    check_failed(restore(dump, std::move(arguments)), exit_code, message);
}

void ShopRestore::check_no_other_database() const {
    CHECK(others() == "");
}

std::string ShopRestore::others() const {
    return Cluster::shared().psql(
        "postgres", fmt::format(R"(select datname from pg_database where datname like '{}\_%')",
                                target().name()));
}

void ShopRestore::check_new(const ProgramResult& result) const {
    check_restored(result, k_shop);
    CHECK(target().psql("select key || value from settings") == "themedark");
    CHECK(target().psql("select lo_get(4711)") == "\\xdeadbeef");
}

bool ShopRestore::is_new() const {
    return pg_dump_of(target().name(), k_shop) == pg_dump_of(source().name(), k_shop);
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    return text.replace(found(text.find(from), from), from.size(), to);
}

std::string with_last(const std::string& sql, std::string_view statements) {
    constexpr std::string_view k_completion = "--\n-- PostgreSQL database dump complete\n";
    const std::size_t end = found(sql.rfind(k_completion), k_completion);
    return fmt::format("{}{}\n\n\n{}", sql.substr(0, end), statements, sql.substr(end));
}

std::string up_to(const std::string& text, std::string_view last) {
    return text.substr(0, found(text.find(last), last) + last.size());
}

} // namespace dbbackup::test
