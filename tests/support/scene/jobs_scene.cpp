#include "support/scene/jobs_scene.hpp"

#include "support/program/fake_tools.hpp"
#include "support/program/processes.hpp"

#include <fmt/format.h>
#include <utility>

namespace dbbackup::test {

std::vector<std::string> JobsScene::jobs_words(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--clean", "--jobs", "2"});
    return words(archive, std::move(arguments));
}

ProgramResult JobsScene::restore_by_jobs(std::vector<std::string> arguments) const {
    return run_program(jobs_words(std::move(arguments)), options());
}

void JobsScene::check_jobs_failed(const ProgramResult& result, int exit_code,
                                  const std::string& message) const {
    check_failed(result, exit_code, message);
    check_no_other_database();
}

void JobsScene::drop_others() const {
    // After a run is killed, the server still finishes its current command.
    const std::string at_work =
        fmt::format("select count(*) from pg_stat_activity where pid <> pg_backend_pid() and "
                    "state = 'active' and query ilike 'create database%{}\\_restore\\_%'",
                    target().name());
    (void)eventually([&] { return Cluster::shared().psql("postgres", at_work) == "0"; });
    (void)Cluster::shared().client(
        "psql", "postgres", {"-Xq"},
        fmt::format("select format('drop database %I with (force)', datname) from pg_database "
                    "where datname like '{}\\_%' \\gexec",
                    target().name()));
}

std::string while_it_restores(const std::string& body) {
    return fmt::format("case \"$*\" in *--jobs=*) ;; *) exec {} \"$@\" ;; esac\n{}",
                       FakeTools::real("pg_restore"), body);
}

} // namespace dbbackup::test
