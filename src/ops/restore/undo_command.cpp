#include "ops/restore/undo_command.hpp"

#include "ops/part/touched_part.hpp"
#include "ops/restore/restore_plan.hpp"
#include "ops/seal/seal_words.hpp"
#include "ops/target/target_names.hpp"

#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/drop_plan.hpp>

#include <filesystem>
#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

/// What would prevent dropping and creating again the tables and sequences that the dump fills or
/// sets, but does not create. Their content alone cannot be restored in a safe order.
std::string find_hanger_on(const RestoreJob& job, const TouchedPart& touched,
                           const TargetNames& target, pg::Session& session) {
    if (!job.restored.holds_rows_alone() &&
        pg::find_loose_sequences(job.restored.inventory).empty()) {
        return {};
    }
    pg::DumpSummary made = job.restored;
    for (const pg::RelationName& one : touched.relations()) {
        made.inventory.objects.push_back(
            {target.sequence_owners.contains(one) ? "sequence" : "table", one.schema, one.name});
    }
    const auto dependents = pg::plan_drops(session, made, pg::DropScope::dumped_objects).dependents;
    return dependents.empty()
               ? ""
               : fmt::format("{} depends on what the restore fills", dependents.front());
}

/// A type or function that the dump replaces stays as in the dump. Objects that used the old one,
/// such as a column with labels that an enum has lost, might not be restorable.
std::string find_user_of_replaced(const TouchedPart& touched, pg::Session& session) {
    pg::DumpSummary made;
    made.inventory.objects = touched.left_objects();
    if (made.inventory.objects.empty()) {
        return {};
    }
    const auto users = pg::plan_drops(session, made, pg::DropScope::dumped_objects).dependents;
    return users.empty() ? ""
                         : fmt::format("{} depends on what the restore replaces", users.front());
}

std::string find_obstacle(const RestoreJob& job, const TouchedPart& touched,
                          const TargetNames& target, pg::Session& session) {
    std::string obstacle = touched.obstacle();
    if (obstacle.empty()) {
        obstacle = find_hanger_on(job, touched, target, session);
    }
    return obstacle.empty() ? find_user_of_replaced(touched, session) : obstacle;
}

/// What even --exact does not undo: PostgreSQL's own languages stay.
std::vector<std::string> left_by_exact(const pg::DumpInventory& inventory) {
    std::vector<std::string> left;
    for (const pg::DumpedTrait& trait : inventory.traits) {
        if (trait.of == "language") {
            left.push_back(text_of(trait));
        }
    }
    return left;
}

} // namespace

UndoCommand find_undo_command(const RestoreJob& job, const std::string& safety_dump) {
    // Absolute, because the command may be run in another directory.
    UndoCommand undo{.words = {"restore", std::filesystem::absolute(safety_dump), "--clean"},
                     .leaves = {}};
    std::vector<std::string> repeated;
    if (!job.context.recipients.empty()) {
        repeated = identity_words(job.context);
    }
    if (job.request.safety_directory) {
        repeated.insert(repeated.end(),
                        {"--safety-dir", std::filesystem::absolute(*job.request.safety_directory)});
    }
    if (job.request.outside_files == pg::OutsideFiles::load) {
        repeated.emplace_back("--allow-c-path"); // the old functions may need it as the new ones do
    }
    const auto finish = [&](std::vector<std::string> words) {
        undo.words.insert(undo.words.end(), words.begin(), words.end());
        undo.words.insert(undo.words.end(), repeated.begin(), repeated.end());
        return undo;
    };
    const auto finish_wide = [&] {
        undo.leaves = left_by_exact(job.restored.inventory);
        return finish({"--exact"});
    };
    const bool is_part = !job.chosen.whole || !job.part.empty();
    if (!is_part || job.scope == pg::DropScope::everything) {
        return finish_wide();
    }
    pg::Session session = job.server.open();
    set_client_encoding(session, job.restored.inventory.encoding);
    const TargetNames target = read_target_names(session);
    const TouchedPart touched{job, target};
    const std::string obstacle = find_obstacle(job, touched, target, session);
    if (!obstacle.empty()) {
        job.context.listener.on_warning(
            fmt::format("undoing this restore brings back the whole database, because {}",
                        base::printable(obstacle)));
        return finish_wide();
    }
    auto words = touched.words();
    undo.leaves = touched.rest();
    if (words.empty()) {
        undo.words.clear();
        return undo;
    }
    words.emplace_back("--drop-missing");
    return finish(std::move(words));
}

} // namespace dbbackup::ops
