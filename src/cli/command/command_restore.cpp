#include "cli/command/commands.hpp"
#include "cli/command/dump_choice_flags.hpp"
#include "cli/command/duration_flags.hpp"
#include "cli/command/ownership_flags.hpp"
#include "cli/command/remote_flags.hpp"
#include "cli/command/restore_approval.hpp"
#include "cli/command/seal_flags.hpp"
#include "cli/command/set_restore_flags.hpp"
#include "cli/command_line/restore_command.hpp"
#include "cli/command_line/secret_words.hpp"
#include "cli/exit_code.hpp"
#include "cli/report/report_json.hpp"
#include "cli/report/restore_text.hpp"
#include "cli/report/result_lines.hpp"
#include "cli/run_record/note_results.hpp"
#include "cli/settings/directory_name.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/restore.hpp>
#include <dbbackup/pg/client_environment.hpp>

#include <memory>

namespace dbbackup::cli {

namespace {

constexpr unsigned k_most_jobs = 64;

struct RestoreFlags {
    std::string dump = "latest";
    DumpChoiceFlags choice;
    bool clean = false;
    bool exact = false;
    bool create = false;
    bool dry_run = false;
    bool no_safety_dump = false;
    bool disconnect_others = false;
    bool allow_downgrade = false;
    bool allow_c_path = false;
    OwnershipFlags ownership;
    bool drop_missing = false;
    std::vector<std::string> tables;
    std::vector<std::string> schemas;
    unsigned jobs = 0;
    std::optional<std::string> safety_dir;
    std::string lock_timeout = "30s";
    std::optional<std::string> confirm;
    FromFlag from;
};

void add_flags(CLI::App& app, RestoreFlags& flags) {
    app.add_option("DUMP", flags.dump, std::string{k_dump_text} + " (default: latest)");
    flags.from.add_to(app, "Restore a copy at a remote of the configuration");
    flags.choice.add_to(
        app, "Let latest be a dump of a part of the database, and allow --exact with a part");
    auto* clean = app.add_flag("--clean", flags.clean, "Drop the objects in the dump first");
    app.add_flag("--exact", flags.exact, "With --clean: drop everything in the target")
        ->needs(clean);
    app.add_flag("--create", flags.create, "Create the target database first")->excludes(clean);
    app.add_flag("--dry-run", flags.dry_run, "Show what would happen, and stop");
    app.add_option("--confirm", flags.confirm,
                   "Name of the target database, or HOST:PORT/NAME: restore without asking")
        ->type_name("NAME")
        ->configurable(false);
    add_identity_flag(app);
    app.add_flag("--no-safety-dump", flags.no_safety_dump, "Do not take a safety dump");
    app.add_option("--safety-dir", flags.safety_dir,
                   "Directory for the safety dump (default: the dump directory)")
        ->type_name("DIR");
    app.add_option("--lock-timeout", flags.lock_timeout,
                   "How long to wait for other sessions (10s, 5m)")
        ->type_name("DURATION")
        ->capture_default_str();
    app.add_flag("--disconnect-others", flags.disconnect_others,
                 "End the other sessions in the target");
    app.add_option("-t,--table", flags.tables,
                   "Restore only these tables, with what belongs to them (repeatable)")
        ->type_name("PATTERN")
        ->allow_extra_args(false);
    app.add_option("-n,--schema", flags.schemas,
                   "Restore only these schemas, with everything in them (repeatable)")
        ->type_name("PATTERN")
        ->allow_extra_args(false);
    app.add_flag("--drop-missing", flags.drop_missing,
                 "With --clean: also drop what -t and -n name but the dump does not hold")
        ->needs(clean);
    app.add_option("-j,--jobs", flags.jobs,
                   "Restore an archive with N sessions into a new database, then swap names")
        ->type_name("N")
        ->check(CLI::Range(1U, k_most_jobs).description(""));
    flags.ownership.add_to(app, "Do not restore owners: the connecting role owns everything",
                           "Do not restore grants");
    app.add_flag("--allow-downgrade", flags.allow_downgrade,
                 "Allow a dump of a later major version of PostgreSQL");
    app.add_flag("--allow-c-path", flags.allow_c_path,
                 "Let C functions load files outside the server's library directory");
    // In a configuration they would change what a pasted command does, such as the undo command.
    for (const char* of_one_run : {"--clean", "--exact", "--create", "--dry-run", "--table",
                                   "--schema", "--drop-missing", "--jobs"}) {
        app.get_option(of_one_run)->configurable(false);
    }
}

ops::RestoreRequest to_request(const RestoreFlags& flags, const Invocation& invocation) {
    const Settings& settings = invocation.settings;
    for (const std::string& table : flags.tables) {
        require_no_url(table, "a table");
    }
    for (const std::string& schema : flags.schemas) {
        require_no_url(schema, "a schema");
    }
    return {.connection = pg::parse_connection_url(settings.require_clear_url()),
            .directory = settings.directory(),
            .dump = flags.dump,
            .latest = flags.choice.to_choice({flags.dump}, settings),
            .clean = flags.exact   ? ops::Clean::everything
                     : flags.clean ? ops::Clean::dumped
                                   : ops::Clean::nothing,
            .create = flags.create ? ops::CreateTarget::yes : ops::CreateTarget::no,
            .safety_dump = flags.no_safety_dump ? ops::SafetyDump::skip : ops::SafetyDump::take,
            .others = flags.disconnect_others ? ops::OtherSessions::disconnect
                                              : ops::OtherSessions::wait_for,
            .downgrade = flags.allow_downgrade ? ops::Downgrade::allow : ops::Downgrade::refuse,
            .outside_files = flags.allow_c_path ? pg::OutsideFiles::load : pg::OutsideFiles::refuse,
            .owners = flags.ownership.owners(),
            .privileges = flags.ownership.privileges(),
            .tables = flags.tables,
            .schemas = flags.schemas,
            .missing_in_dump =
                flags.drop_missing ? ops::MissingInDump::drop : ops::MissingInDump::keep,
            .jobs = flags.jobs,
            .safety_directory = safety_directory_named(flags.safety_dir),
            .lock_timeout = parse_lock_timeout("--lock-timeout", flags.lock_timeout, ""),
            .command_line = invocation.command_line};
}

void show_plan(const ops::RestoreRequest& request, const Invocation& invocation) {
    Console& console = invocation.console;
    const ops::RestoreReport report{.plan = ops::plan_restore(request, invocation.context),
                                    .outcome = std::nullopt};
    console.log_result(result_line(report));
    console.print_result(invocation.settings.json()
                             ? to_json(report)
                             : to_text(report.plan, TableList::whole, console.result_screen()));
}

void run_restore(const ops::RestoreRequest& request, const RestoreFlags& flags,
                 const Invocation& invocation) {
    const Settings& settings = invocation.settings;
    RestoreApproval approval{invocation, request, flags.confirm};
    approval.require_right_name();
    ops::RestoreReport report = ops::restore(request, approval, invocation.context);
    note(invocation.record, report);
    invocation.console.log_result(result_line(report));
    auto& undo = report.outcome->undo_command;
    if (!undo.empty()) {
        const ops::RestorePlan& plan = report.plan;
        undo = complete_restore_command(std::move(undo),
                                        full_name_of(plan.host, plan.port, plan.database),
                                        request.connection, settings);
    }
    invocation.console.print_final_result(settings.json() ? to_json(report)
                                                          : to_text(report.plan, *report.outcome));
}

} // namespace

Command add_restore_command(CLI::App& root) {
    auto flags = std::make_shared<RestoreFlags>();
    auto set = std::make_shared<SetRestoreFlags>();
    CLI::App* app =
        root.add_subcommand("restore", "Restore a dump into the database, all or nothing");
    add_flags(*app, *flags);
    set->add_to(*app);
    return {.app = app, .run = [flags, set](const Invocation& given) {
                Invocation invocation = given;
                ops::RestoreRequest request = to_request(*flags, invocation);
                note_target(invocation.record, request.connection);
                if (set->name) {
                    run_set_restore(*set, request, flags->dry_run, invocation);
                    return k_exit_done;
                }
                const auto copy = fetch(flags->from, request.dump, request.latest, invocation);
                request.command_line = invocation.command_line;
                if (flags->dry_run) {
                    show_plan(request, invocation);
                } else {
                    run_restore(request, *flags, invocation);
                }
                return k_exit_done;
            }};
}

} // namespace dbbackup::cli
