#include "support/scene/server_scene.hpp"

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"

#include <algorithm>

namespace dbbackup::test {

namespace {

constexpr const char* k_roles = R"(
create role "app owner" login password 'secret' createdb connection limit 5 valid until '2030-01-01';
create role readers;
create role "we""ird\role";
create role boss superuser bypassrls;
create role repl replication login;
grant readers to "app owner" with admin option;
grant pg_read_all_data to readers;
grant boss to readers;
alter role "app owner" set search_path to a, "B c", public;
alter role "app owner" set work_mem = '8MB';
comment on role readers is 'it''s a \ comment';
create database shop owner "app owner" encoding 'LATIN1' lc_collate 'C' lc_ctype 'C' template template0 connection limit 9;
alter database shop set timezone to 'Europe/Berlin';
alter database shop set search_path to "A b", public;
alter role readers in database shop set statement_timeout = '5s';
revoke connect on database shop from public;
grant connect on database shop to readers with grant option;
comment on database shop is 'what we sell';
create database "@odd name";
)";

} // namespace

ServerScene::ServerScene() {
    // CREATE DATABASE runs in no transaction, and psql -c with several statements is one.
    const std::filesystem::path file = dumps_ / "roles.sql";
    write_file(file, k_roles);
    source().load("postgres", file);
    std::filesystem::remove(file);
    source().psql("shop", "set role \"app owner\"; create table public.t(id int primary key, v "
                          "text); insert into public.t select g, 'x' || g from "
                          "generate_series(1, 100) g; grant select on public.t to readers");
    source().psql("@odd name", "create table o(id int); insert into o values (1), (2)");
}

ProgramResult ServerScene::run_as(std::vector<std::string> words, const std::string& url) const {
    words.insert(words.end(), {"--dir", dumps().string()});
    ProgramOptions options;
    options.environment["DATABASE_URL"] = url;
    return run_dbbackup(words, options);
}

ProgramResult ServerScene::run(std::vector<std::string> words, const Cluster& cluster) const {
    return run_as(std::move(words), cluster.url("postgres"));
}

std::string ServerScene::take_set(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"dump", "--all-databases"});
    const ProgramResult result = run(arguments, source());
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    return names("@set_", ".set").back();
}

std::vector<std::string> ServerScene::names(const std::string& beginning,
                                            const std::string& end) const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator{dumps()}) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(beginning) && name.ends_with(end)) {
            names.push_back(name);
        }
    }
    std::ranges::sort(names);
    return names;
}

std::string whole_server(const Cluster& cluster) {
    const ProgramResult result = run_program(
        {cluster.bin_dir() / "pg_dumpall", "-h", cluster.socket_directory(), "-U", "postgres"});
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    return without_restrict_keys(result.out);
}

} // namespace dbbackup::test
