#include "ops/way_back.hpp"

#include "ops/restore_plan.hpp"
#include "ops/target_names.hpp"

#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/drop_plan.hpp>
#include <dbbackup/pg/name_pattern.hpp>

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <set>

namespace dbbackup::ops {

namespace {

bool is_relation(const std::string& kind) {
    return kind == "table" || kind == "foreign table" || kind == "view" ||
           kind == "materialized view" || kind == "sequence";
}

/// What the restore of a part replaced, made or dropped.
class TouchedPart {
public:
    TouchedPart(const RestoreJob& job, const TargetNames& target)
        : job_(job), inventory_(job.checked.inventory), target_(target) {
        find_schemas();
        find_relations();
        find_sequences();
        find_set_sequences();
        find_moved_extension();
    }

    /// Why a way back of this part alone would not be one, or nothing.
    [[nodiscard]] const std::string& obstacle() const noexcept { return obstacle_; }

    [[nodiscard]] const std::set<pg::RelationName>& relations() const noexcept {
        return relations_;
    }

    [[nodiscard]] std::vector<std::string> words() const {
        std::vector<std::string> words;
        for (const std::string& schema : schemas_) {
            words.insert(words.end(), {"-n", pg::as_pattern(schema)});
        }
        for (const pg::RelationName& one : relations_) {
            words.insert(words.end(),
                         {"-t", pg::as_pattern(one.schema) + "." + pg::as_pattern(one.name)});
        }
        return words;
    }

    /// What neither -n nor -t brings back.
    [[nodiscard]] std::vector<std::string> rest() const {
        std::vector<std::string> rest;
        for (const pg::DumpedExtension& extension : inventory_.extensions) {
            if (extension.name != "plpgsql" && !schemas_.contains(extension.schema)) {
                rest.push_back("extension " + extension.name);
            }
        }
        for (const pg::DumpObject& object : inventory_.objects) {
            const bool is_part_of_table = object.kind == "index" || object.kind == "statistics";
            if (!is_relation(object.kind) && !is_part_of_table &&
                !schemas_.contains(object.schema)) {
                rest.push_back(object.kind + " " +
                               (object.schema.empty() ? "" : object.schema + ".") + object.name);
            }
        }
        if (!inventory_.large_objects.empty()) {
            rest.emplace_back("large objects");
        }
        return rest;
    }

private:
    void find_schemas() {
        if (job_.scope == pg::CleanScope::dumped_objects) {
            return;
        }
        schemas_.insert(inventory_.created_schemas.begin(), inventory_.created_schemas.end());
        schemas_.insert(inventory_.unwanted_schemas.begin(), inventory_.unwanted_schemas.end());
        const auto& goes = job_.approved.goes;
        if (std::ranges::count(goes, "schema public") > 0) {
            schemas_.insert("public");
        } else if (job_.scope == pg::CleanScope::nothing) {
            schemas_.erase("public"); // it was there, and only single objects came into it
        }
    }

    void find_relations() {
        for (const pg::DumpObject& object : inventory_.objects) {
            if (is_relation(object.kind) && object.kind != "sequence") {
                add({object.schema, object.name});
            }
        }
        for (const pg::ScannedTable& table : job_.checked.contents.tables) {
            add({table.schema, table.name});
        }
        for (const pg::InsertedTable& table : inventory_.inserted) {
            add({table.schema, table.name});
        }
        for (const pg::RelationName& unwanted : inventory_.unwanted_relations) {
            add(unwanted);
        }
    }

    /// Those of a table that the part has, in the dump and in the target, come and go with it.
    void find_sequences() {
        std::set<pg::RelationName> owned;
        for (const pg::TablePart& part : inventory_.table_parts) {
            if (part.kind == "sequence") {
                owned.insert({part.schema, part.name});
            }
        }
        std::set<pg::RelationName> all = owned;
        for (const pg::DumpObject& object : inventory_.objects) {
            if (object.kind == "sequence") {
                all.insert({object.schema, object.name});
            }
        }
        for (const pg::RelationName& sequence : all) {
            const auto there = target_.sequence_owners.find(sequence);
            if (there == target_.sequence_owners.end() ? !owned.contains(sequence)
                                                       : !there->second.has_value()) {
                add(sequence);
            } else if (there != target_.sequence_owners.end() && !is_touched(sequence) &&
                       !is_touched(*there->second)) {
                obstacle_ = fmt::format("sequence {}.{} belongs to table {}.{}", sequence.schema,
                                        sequence.name, there->second->schema, there->second->name);
            }
        }
    }

    /// Rows alone come with the values of sequences, and nobody has noted of which.
    void find_set_sequences() {
        if (!holds_rows_alone(job_.checked)) {
            return;
        }
        for (const auto& [sequence, owner] : target_.sequence_owners) {
            const bool may_be_set =
                job_.chosen.whole || std::ranges::count(job_.chosen.schemas, sequence.schema) > 0;
            if (may_be_set && !(owner && is_touched(*owner))) {
                obstacle_ =
                    fmt::format("it may set sequence {}.{}", sequence.schema, sequence.name);
            }
        }
    }

    void find_moved_extension() {
        for (const pg::DumpedExtension& extension : inventory_.extensions) {
            const auto there = target_.extension_schemas.find(extension.name);
            if (extension.name != "plpgsql" && there != target_.extension_schemas.end() &&
                !extension.schema.empty() && there->second != extension.schema) {
                obstacle_ = fmt::format("extension {} moves from schema {} to {}", extension.name,
                                        there->second, extension.schema);
            }
        }
    }

    [[nodiscard]] bool is_touched(const pg::RelationName& relation) const {
        return schemas_.contains(relation.schema) || relations_.contains(relation);
    }

    void add(const pg::RelationName& relation) {
        if (!schemas_.contains(relation.schema)) {
            relations_.insert(relation);
        }
    }

    const RestoreJob& job_;
    const pg::DumpInventory& inventory_;
    const TargetNames& target_;
    std::set<std::string> schemas_;
    std::set<pg::RelationName> relations_;
    std::string obstacle_;
};

/// What would keep the tables of a dump of rows from being dropped and made again. Their rows alone
/// cannot be brought back in a safe order.
std::string find_hanger_on(const RestoreJob& job, const TouchedPart& touched,
                           const TargetNames& target, pg::Session& session) {
    if (!holds_rows_alone(job.checked)) {
        return {};
    }
    pg::DumpInventory made = job.checked.inventory;
    for (const pg::RelationName& one : touched.relations()) {
        made.objects.push_back(
            {target.sequence_owners.contains(one) ? "sequence" : "table", one.schema, one.name});
    }
    const auto dependents =
        pg::plan_drops(session, job.checked.contents, made, pg::CleanScope::dumped_objects)
            .dependents;
    return dependents.empty() ? "" : fmt::format("{} depends on the tables", dependents.front());
}

} // namespace

WayBack find_way_back(const RestoreJob& job, const std::string& safety_dump) {
    // Absolute, for the command may be typed in another directory.
    WayBack back{.command = {"restore", std::filesystem::absolute(safety_dump), "--clean"},
                 .leaves = {}};
    std::vector<std::string> safety_words;
    if (job.request.safety_directory) {
        safety_words = {"--safety-dir", std::filesystem::absolute(*job.request.safety_directory)};
    }
    const auto finish = [&](std::vector<std::string> words) {
        back.command.insert(back.command.end(), words.begin(), words.end());
        back.command.insert(back.command.end(), safety_words.begin(), safety_words.end());
        return back;
    };
    const bool is_part = !job.chosen.whole || !job.part.empty();
    if (!is_part || job.scope == pg::CleanScope::everything) {
        return finish({"--exact"});
    }
    pg::Session session = job.server.open();
    read_names_as(session, job.checked.inventory.encoding);
    const TargetNames target = read_target_names(session);
    const TouchedPart touched{job, target};
    std::string obstacle = touched.obstacle();
    if (obstacle.empty()) {
        obstacle = find_hanger_on(job, touched, target, session);
    }
    if (!obstacle.empty()) {
        job.listener.on_warning(fmt::format("the way back is wider than this restore: it brings "
                                            "all of the database back, for {}",
                                            base::printable(obstacle)));
        return finish({"--exact"});
    }
    auto words = touched.words();
    back.leaves = touched.rest();
    if (words.empty()) {
        back.command.clear();
        return back;
    }
    words.emplace_back("--drop-missing");
    return finish(std::move(words));
}

} // namespace dbbackup::ops
