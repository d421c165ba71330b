#include "support/scene/failing_import.hpp"

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/program/processes.hpp"

#include <algorithm>

namespace dbbackup::test {

namespace {

constexpr const char* k_shop = R"(
    create type mood as enum ('sad', 'ok', 'happy');
    create table people (id int primary key, email text not null unique, name varchar(20), mood mood,
                         age int not null);
    create table orders (id int primary key, person int not null references people,
                         total numeric(10, 2) not null, at timestamp, note text, word text);
    create table lines (order_no int references orders, no int, price float8, tags text[],
                        primary key (order_no, no));
    create table slots (id int primary key, during int4range);
    create table tickets (code text primary key, nr serial, what text);
    insert into people select g, 'p' || g || '@x.test', nullif('name ' || g, 'name 9'),
        (array['sad', 'ok', 'happy'])[1 + g % 3]::mood, case g when 10 then 100000 else 20 + g end
        from generate_series(1, 10) g;
    insert into orders select g, 1 + g % 10, g * 1.25, timestamp '2026-01-01 10:00' + g * interval
        '1 hour', nullif('note ' || g, 'note 7'), 'w' || g % 5 from generate_series(1, 20) g;
    insert into lines select g, 1, g / 7.0, array['a', 'b' || g] from generate_series(1, 20) g;
    insert into slots select g, int4range(g * 10, g * 10 + 5) from generate_series(1, 10) g;
    insert into tickets (code, what) select 'T' || g, 'x' from generate_series(1, 10) g;)";

constexpr const char* k_loss = R"(
    delete from lines; delete from orders; delete from people where id > 5;
    delete from slots; delete from tickets where nr > 3;)";

bool names(const std::vector<std::string>& arguments, const std::string& option) {
    return std::ranges::count(arguments, option) > 0;
}

} // namespace

FailingImports::FailingImports() : source_{k_shop} {
}

std::string FailingImports::dump() const {
    for (const auto& entry : std::filesystem::directory_iterator{source_.dumps()}) {
        if (entry.path().string().ends_with(".sql.gz")) {
            return entry.path();
        }
    }
    return {};
}

std::string FailingImports::make_target() {
    return std::string{k_shop} + k_loss;
}

std::vector<std::string> FailingImports::words(std::vector<std::string> arguments,
                                               const TestDatabase& target) const {
    if (arguments.empty() || arguments.front().starts_with('-')) {
        arguments.insert(arguments.begin(), dump());
    }
    if (!names(arguments, "--mode") && !names(arguments, "--no-mode")) {
        arguments.insert(arguments.begin() + 1, {"--mode", "add"});
    }
    std::erase(arguments, "--no-mode");
    if (!names(arguments, "--confirm") && !names(arguments, "--no-confirm")) {
        arguments.insert(arguments.begin() + 1, {"--confirm", target.name()});
    }
    std::erase(arguments, "--no-confirm");
    if (!names(arguments, "--dir")) {
        arguments.insert(arguments.begin() + 1, {"--dir", source_.dumps()});
    }
    arguments.insert(arguments.begin(), {dbbackup_path(), "import"});
    return arguments;
}

ProgramOptions FailingImports::options(const std::string& url) const {
    return {.environment = {{"DATABASE_URL", url}}, .directory = source_.temp()};
}

void FailingImports::check_run(const TestDatabase& target, const ProgramResult& result,
                               int exit_code, const std::string& message,
                               const std::string& before) const {
    INFO(result.err << result.out);
    CHECK(result.exit_code == exit_code);
    CHECK((result.err + result.out).find(message) != std::string::npos);
    CHECK(eventually([&] { return Cluster::shared().sessions_in(target.name()) == 0; }));
    CHECK(first_difference(ImportScene::content_of(target), before) == "");
    for (const std::string& name : source_.new_names()) { // no keys of rows that did not come
        CHECK(name.find(".import-undo") == std::string::npos);
    }
}

void FailingImports::check(const FailingImport& way) const {
    const TestDatabase target;
    target.psql(make_target());
    target.psql(way.change + ";");
    const std::string before = ImportScene::content_of(target);
    INFO(way.change << "\n" << way.message);
    check_run(target, run_program(words(way.arguments, target), options(target.url())),
              way.exit_code, way.message, before);
}

void FailingImports::check(const std::vector<FailingImport>& ways) const {
    for (const FailingImport& way : ways) {
        check(way);
    }
}

} // namespace dbbackup::test
