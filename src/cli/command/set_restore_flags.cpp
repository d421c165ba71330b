#include "cli/command/set_restore_flags.hpp"

#include "cli/command_line/secret_words.hpp"
#include "cli/report/set_restore_report.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/ops/restore_set.hpp>

#include <fmt/format.h>

namespace dbbackup::cli {

void SetRestoreFlags::add_to(CLI::App& app) {
    auto* set = app.add_option("--set", name,
                               "Restore the roles and databases of a set onto a server: its path, "
                               "name, or latest")
                    ->type_name("SET")
                    ->configurable(false);
    app.add_flag("--role-attributes", role_attributes,
                 "With --set: also SUPERUSER, REPLICATION, BYPASSRLS, and memberships in roles "
                 "that exist")
        ->needs(set)
        ->configurable(false);
    app.add_flag("--skip-existing", skip_existing,
                 "With --set: leave databases alone that hold objects already")
        ->needs(set)
        ->configurable(false);
    app_ = &app;
}

void SetRestoreFlags::require_alone() const {
    // Not by excludes(): the help of every other option would name --set.
    for (const char* of_one_dump :
         {"DUMP", "--from", "--clean", "--exact", "--create", "--confirm", "--table", "--schema",
          "--drop-missing", "--jobs", "--safety-dir", "--before", "--accept-partial"}) {
        if (name && app_->count(of_one_dump) > 0) {
            throw base::Error{base::ErrorKind::usage,
                              fmt::format("--set does not go with {}", of_one_dump),
                              "A set brings its databases back whole, onto a server that does not "
                              "have them."};
        }
    }
}

void run_set_restore(const SetRestoreFlags& flags, const ops::RestoreRequest& request, bool dry_run,
                     const Invocation& invocation) {
    flags.require_alone();
    require_no_url(flags.name.value(), "the name of a set");
    const ops::SetRestoreRequest set{
        .restore = request,
        .set = *flags.name,
        .attributes =
            flags.role_attributes ? pg::RoleAttributes::restore : pg::RoleAttributes::leave_out,
        .existing =
            flags.skip_existing ? ops::ExistingDatabases::skip : ops::ExistingDatabases::refuse};
    const ops::SetRestoreReport report = dry_run ? ops::plan_set_restore(set, invocation.context)
                                                 : ops::restore_set(set, invocation.context);
    Console& console = invocation.console;
    console.log_result(result_line(report));
    console.print_final_result(invocation.settings.json() ? to_json(report) : to_text(report));
}

} // namespace dbbackup::cli
