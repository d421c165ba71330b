#include "ops/restore/prepare_restore.hpp"

#include "ops/part/not_brought_back.hpp"
#include "ops/part/restored_part.hpp"
#include "ops/read/named_dump.hpp"
#include "ops/restore/look_at_target.hpp"
#include "ops/restore/restore_and_swap.hpp"
#include "ops/restore/restore_hints.hpp"
#include "ops/restore/restore_plan.hpp"
#include "ops/restore/restore_refusals.hpp"
#include "ops/seal/seal_words.hpp"
#include "ops/server_access.hpp"
#include "ops/target/lock_room.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/recipients.hpp>
#include <dbbackup/pg/target_limits.hpp>
#include <dbbackup/store/dump_directory.hpp>
#include <dbbackup/store/manifest_update.hpp>

#include <fmt/format.h>
#include <utility>

namespace dbbackup::ops {

namespace {

/// The content of an unreadable manifest is unknown.
void require_readable_manifest(const RestoreRequest& request, const store::FoundDump& found) {
    const store::DumpEntry& entry = found.entry;
    if (entry.unread_manifest) {
        const std::string manifest = store::manifest_name_of(entry.name);
        throw with_another_dump(
            {*entry.unread_manifest, entry.problem,
             fmt::format("Nothing was changed. Restore another dump, or move '{}' away to restore "
                         "this one without its manifest.",
                         base::printable(manifest))},
            found, request.command_line);
    }
}

store::DumpQuery query_of(const RestoreRequest& request) {
    store::DumpQuery query{.directory = request.directory,
                           .reference = request.dump,
                           .latest = request.latest,
                           .only_parts = store::OnlyParts::refused,
                           .command_line = request.command_line};
    query.latest.database = request.connection.database;
    return query;
}

CheckedDump check(const RestoreRequest& request, const DumpFile& file,
                  const store::FoundDump& found, Listener& listener) {
    const auto& manifest = found.entry.manifest;
    try {
        return check_dump(file, manifest,
                          {.listener = listener,
                           .estimated_bytes = manifest ? manifest->file.uncompressed_size : 0,
                           .connection = &request.connection});
    } catch (const base::Error& error) {
        if (error.kind() == base::ErrorKind::damaged) {
            throw with_another_dump(error, found, request.command_line);
        }
        throw;
    }
}

DumpFile open_dump(const RestoreRequest& request, const store::FoundDump& found,
                   const Context& context) {
    require_readable_manifest(request, found);
    DumpFile file{found, context};
    file.require_known_format();
    return file;
}

/// First of all, so that a wrong password is not reported after an hour of reading.
TargetServer reach_target(const RestoreRequest& request, const Context& context,
                          const std::function<void()>& on_target_in_use) {
    TargetServer server = connect_to_target(request, context.environment);
    require_right_target(request, server);
    if (server.target_exists() && surely_holds_something(server)) {
        on_target_in_use();
    }
    return server;
}

/// Effects that the plan does not show and the undo command does not undo.
void warn_of_limits(const PreparedRestore& prepared, RestorePlan& plan) {
    if (!plan.target_exists || plan.jobs > 0) {
        return; // nothing in the target runs or is dropped
    }
    pg::Session session = prepared.server.open();
    if (const auto triggers = pg::find_firing_event_triggers(session); !triggers.empty()) {
        plan.warnings.push_back(fmt::format(
            "event triggers of the target run during the restore. What they do is not in this "
            "plan, and the undo command does not undo it: {}",
            base::list_all(triggers)));
    }
    if (!plan.left_alone.empty()) {
        plan.warnings.push_back(
            fmt::format("these belong to other roles and stay as they are, whatever the dump says "
                        "of them: {}",
                        base::list_all(plan.left_alone)));
    }
    if (!plan.safety_dump || !prepared.part.empty() || !prepared.chosen.part.whole) {
        return;
    }
    if (const auto owners = pg::find_unreachable_owners(session); !owners.empty()) {
        plan.warnings.push_back(fmt::format(
            "your role cannot undo this restore, because the undo command recreates everything, "
            "also what belongs to these roles. Run that command as a member of them, or as a "
            "superuser: {}",
            base::list_all(owners)));
    }
}

/// Safety dumps are sealed if dumps are: wrong keys must not be found out after the approval.
void prepare_safety_dump(const Context& context, RestorePlan& plan) {
    if (!plan.safety_dump || context.recipients.empty()) {
        return;
    }
    (void)parse_recipients(context.recipients, context);
    if (!context.identity) {
        plan.warnings.emplace_back(k_way_back_is_sealed);
    }
}

/// `prepared` with its plan.
PreparedRestore with_plan(PreparedRestore prepared, const store::DumpEntry& entry,
                          const Context& context) {
    const auto& [request, server, file, dump, chosen, scope, part, survey, unmade, id] = prepared;
    RestorePlan made = make_plan(request, entry, file, dump.pass, chosen.restored, server, survey,
                                 context.clock.now());
    made.part = chosen.part.whole ? part : describe_choice(chosen.part);
    if (!chosen.part.whole) {
        note_not_brought_back(server, dump, chosen.restored, made);
    }
    require_replaceable(request, survey);
    if (request.jobs == 0) { // else another database replaces the target
        require_rights(request, survey.objections);
    }
    require_safe(request, dump, chosen.restored, server.info(), survey, scope, part);
    if (std::string shortage = find_lock_shortage(request, server, chosen.restored, survey);
        !shortage.empty()) {
        made.warnings.push_back(std::move(shortage));
    }
    warn_of_limits(prepared, made);
    prepare_safety_dump(context, made);
    prepared.plan = std::move(made);
    return prepared;
}

} // namespace

PreparedRestore prepare_restore(const RestoreRequest& asked,
                                const std::function<void()>& on_target_in_use,
                                const Context& context) {
    const store::FoundDump found = find_named_dump(query_of(asked), context);
    DumpFile file = open_dump(asked, found, context);
    RestoreRequest request = asked;
    request.dump = file.path();
    require_jobs_possible(request, file);
    require_choice_possible(request);
    TargetServer server = reach_target(request, context, on_target_in_use);

    CheckedDump dump = check(request, file, found, context.listener);
    ChosenDump chosen = choose_part(request, file, dump);
    require_in_target(file, chosen.restored.inventory, server);
    require_no_outside_functions(request, chosen.restored);
    require_version(request, found.entry, chosen.restored, server.info());
    const pg::DropScope scope = choose_scope(request, found.entry.manifest, chosen.restored);
    std::string part = part_of_database(found.entry.manifest, dump);
    require_whole(request, part, scope);
    pg::TargetSurvey survey =
        look_at_target(request, server, chosen.restored, scope, context.listener);
    return with_plan({.request = std::move(request),
                      .server = std::move(server),
                      .file = std::move(file),
                      .dump = std::move(dump),
                      .chosen = std::move(chosen),
                      .scope = scope,
                      .part = std::move(part),
                      .survey = std::move(survey),
                      .plan = {},
                      .dump_id = found.entry.manifest
                                     ? store::identity_of_dump(*found.entry.manifest)
                                     : std::string{}},
                     found.entry, context);
}

} // namespace dbbackup::ops
