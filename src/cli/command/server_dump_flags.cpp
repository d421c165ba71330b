#include "cli/command/server_dump_flags.hpp"

#include "cli/exit_code.hpp"
#include "cli/report/server_dump_report.hpp"
#include "cli/run_record/note_results.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/dump_server.hpp>
#include <dbbackup/store/dump_series.hpp>

#include <fmt/format.h>

namespace dbbackup::cli {

namespace {

/// What `--` passes to pg_dump could leave something out of every database.
void require_whole_databases(const Invocation& invocation) {
    for (const std::string& word : invocation.after_dashes) {
        if (!store::leaves_nothing_out(word)) {
            throw base::Error{
                base::ErrorKind::usage,
                fmt::format("--all-databases takes whole databases, but '{}' may leave something "
                            "out",
                            base::printable(word)),
                "Leave it out, or dump that database alone."};
        }
    }
}

void warn_of_remotes(const ops::DumpRequest& request, const char* what, ops::Listener& listener) {
    if (!request.remotes.empty()) {
        listener.on_warning(fmt::format("{} not copied to a remote: keep the dump directory itself "
                                        "in another place too",
                                        what));
    }
}

int run_globals(const ops::ServerDumpRequest& request, const Invocation& invocation) {
    warn_of_remotes(request.dump, "roles and tablespaces are", invocation.console);
    const ops::DumpReport report = ops::dump_globals(request, invocation.context);
    const Settings& settings = invocation.settings;
    invocation.console.log_result(result_line_of_globals(report));
    invocation.console.print_final_result(settings.json()    ? to_json(report)
                                          : settings.quiet() ? base::printable(report.path) + "\n"
                                                             : to_text_of_globals(report));
    return k_exit_done;
}

int run_all_databases(const ops::ServerDumpRequest& request, const Invocation& invocation) {
    require_whole_databases(invocation);
    warn_of_remotes(request.dump, "the databases are, but roles and the set are",
                    invocation.console);
    const ops::ServerDumpReport report = ops::dump_all_databases(request, invocation.context);
    const Settings& settings = invocation.settings;
    Console& console = invocation.console;
    console.log_result(result_line(report));
    console.print_final_result(settings.json() ? to_json(report)
                                               : to_text(report, settings.quiet()));
    const auto error = report.find_error();
    if (error && !settings.json()) {
        throw base::Error{*error};
    }
    return error ? exit_code(error->kind()) : k_exit_done;
}

} // namespace

void ServerDumpFlags::add_to(CLI::App& app) {
    auto* all = app.add_flag("--all-databases", all_databases,
                             "Dump every database of the server, its roles, and a set of them");
    auto* only = app.add_flag("--globals", globals,
                              "Dump only the server's roles, memberships and tablespaces");
    auto* passwords = app.add_flag("--role-passwords", role_passwords,
                                   "Dump the hashes of the roles' passwords too (superusers only)");
    only->excludes(all);
    for (CLI::Option* option : {all, only, passwords}) {
        option->configurable(false);
    }
    app_ = &app;
}

void ServerDumpFlags::require_whole() const {
    // Not by excludes(): the help of every other option would name these.
    for (const char* part : {"--table", "--exclude-table", "--schema", "--exclude-schema",
                             "--exclude-table-data", "--schema-only", "--data-only"}) {
        if (app_->count(part) > 0) {
            throw base::Error{base::ErrorKind::usage,
                              fmt::format("{} does not go with {}: it is about one database", part,
                                          globals ? "--globals" : "--all-databases"),
                              "Dump that database alone."};
        }
    }
}

int run_server_dump(const ServerDumpFlags& flags, const DumpFlags& dump,
                    const SeveralFlags& several, const Invocation& invocation) {
    flags.require_whole();
    if (several.all) {
        throw base::Error{base::ErrorKind::usage,
                          fmt::format("--all does not go with {}",
                                      flags.globals ? "--globals" : "--all-databases"),
                          "--all dumps the database of every section of the configuration, "
                          "--all-databases every database of one server."};
    }
    if (flags.globals && !invocation.after_dashes.empty()) {
        throw base::Error{base::ErrorKind::usage, "'dump --globals' takes nothing after --"};
    }
    ops::ServerDumpRequest request{
        .dump = dump.to_request(invocation.settings, invocation.after_dashes),
        .passwords =
            flags.role_passwords ? ops::RolePasswords::dump : ops::RolePasswords::leave_out};
    request.dump.command_line = invocation.command_line;
    note_target(invocation.record, request.dump.connection);
    if (flags.globals && dump.retention.any()) {
        throw base::Error{base::ErrorKind::usage, "--keep-… does not go with --globals",
                          "Run dbbackup prune, which applies the rules to these dumps too."};
    }
    return flags.globals ? run_globals(request, invocation)
                         : run_all_databases(request, invocation);
}

} // namespace dbbackup::cli
