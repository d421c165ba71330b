#include "support/server/cluster.hpp"

#include "support/temp_dir.hpp"

#include <atomic>
#include <cstdlib>
#include <fmt/format.h>
#include <sstream>
#include <stdexcept>
#include <unistd.h>

namespace dbbackup::test {

namespace {

std::string quote_identifier(const std::string& name) {
    std::string quoted = "\"";
    for (const char c : name) {
        quoted += c == '"' ? "\"\"" : std::string{c};
    }
    return quoted + "\"";
}

std::string quote_value(const std::string& value) {
    std::string quoted = "'";
    for (const char c : value) {
        if (c == '\'' || c == '\\') {
            quoted += '\\';
        }
        quoted += c;
    }
    return quoted + "'";
}

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    if (value == nullptr) {
        throw std::runtime_error(std::string{name} + " is not set; run the tests by ctest");
    }
    return value;
}

/// A database with subscriptions cannot be dropped, and one with a slot name needs its publisher.
void drop_subscriptions(const std::string& database) {
    (void)Cluster::shared().psql(database, R"(
        do $$
        declare subscription text;
        begin
            for subscription in
                select quote_ident(subname) from pg_subscription s join pg_database d on d.oid = subdbid
                where datname = current_database()
            loop
                execute 'alter subscription ' || subscription || ' disable';
                execute 'alter subscription ' || subscription || ' set (slot_name = none)';
                execute 'drop subscription ' || subscription;
            end loop;
        end
        $$)");
}

} // namespace

Cluster::Cluster(const std::filesystem::path& facts) {
    std::istringstream lines{read_file(facts)};
    const auto line = [&lines] {
        std::string text;
        std::getline(lines, text);
        return text;
    };
    directory_ = line();
    bin_dir_ = line();
    server_bin_dir_ = line();
}

const Cluster& Cluster::shared() {
    static const Cluster cluster{variable("DBBACKUP_TEST_CLUSTER")};
    return cluster;
}

int Cluster::major() const {
    return std::stoi(psql("postgres", "show server_version_num")) / 10000;
}

int Cluster::client_major() const {
    const std::string said = run_program({(bin_dir_ / "pg_dump").string(), "--version"}).out;
    return std::stoi(said.substr(said.find_first_of("0123456789")));
}

std::string Cluster::url(const std::string& database) const {
    return fmt::format("postgresql://postgres@/{}?host={}", percent_encode(database), directory_);
}

std::string Cluster::url(const std::string& database, const std::string& user,
                         const std::string& password) const {
    return fmt::format("postgresql://{}:{}@/{}?host={}", percent_encode(user),
                       percent_encode(password), percent_encode(database), directory_);
}

ProgramResult Cluster::client(const std::string& program, const std::string& database,
                              std::vector<std::string> arguments, const std::string& input) const {
    arguments.insert(arguments.begin(), {(bin_dir_ / program).string(),
                                         fmt::format("--dbname=host='{}' user=postgres dbname={}",
                                                     directory_, quote_value(database))});
    ProgramOptions options;
    options.input = input;
    return run_program(arguments, options);
}

std::string Cluster::psql(const std::string& database, const std::string& sql) const {
    ProgramResult result = client("psql", database, {"-XAtq", "-v", "ON_ERROR_STOP=1"}, sql);
    if (result.exit_code != 0) {
        throw std::runtime_error("psql: " + result.err);
    }
    while (result.out.ends_with('\n')) {
        result.out.pop_back();
    }
    return result.out;
}

void Cluster::load(const std::string& database, const std::filesystem::path& path) const {
    const ProgramResult result =
        client("psql", database, {"-Xq", "-v", "ON_ERROR_STOP=1", "-f", path.string()});
    if (result.exit_code != 0) {
        throw std::runtime_error("psql: " + result.err);
    }
}

std::string Cluster::dump_of(const std::string& database) const {
    const ProgramResult result = client("pg_dump", database);
    if (result.exit_code != 0) {
        throw std::runtime_error("pg_dump: " + result.err);
    }
    std::istringstream lines{result.out};
    std::string kept;
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("\\restrict ") && !line.starts_with("\\unrestrict ")) {
            kept += line + "\n";
        }
    }
    return kept;
}

int Cluster::sessions_in(const std::string& database) const {
    std::string name;
    for (const char c : database) {
        name += c == '\'' ? "''" : std::string{c};
    }
    return std::stoi(psql("postgres", "select count(*) from pg_stat_activity where datname = '" +
                                          name + "' and backend_type = 'client backend'"));
}

TestDatabase::TestDatabase()
    : TestDatabase([] {
          static std::atomic<int> count{0};
          return fmt::format("t{}_{}", ::getpid(), count++);
      }()) {
}

TestDatabase::TestDatabase(std::string name) : name_(std::move(name)) {
    Cluster::shared().psql("postgres",
                           "drop database if exists " + quote_identifier(name_) + " with (force)");
    Cluster::shared().psql("postgres",
                           "create database " + quote_identifier(name_) + " template template0");
}

TestDatabase::~TestDatabase() {
    const std::string drop = "drop database if exists " + quote_identifier(name_) + " with (force)";
    try {
        if (Cluster::shared().client("psql", "postgres", {"-Xqc", drop}).exit_code != 0) {
            drop_subscriptions(name_);
            Cluster::shared().psql("postgres", drop);
        }
    } catch (const std::exception&) {
        // The whole server is removed at the end of the run.
    }
}

std::string percent_encode(const std::string& text) {
    std::string encoded;
    for (const char c : text) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
            encoded += c;
        } else {
            encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return encoded;
}

} // namespace dbbackup::test
