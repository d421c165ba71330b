#include "ops/way_back.hpp"

#include "ops/restore_plan.hpp"

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
    explicit TouchedPart(const RestoreJob& job) : job_(job), inventory_(job.checked.inventory) {
        find_schemas();
        find_relations();
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
        std::set<pg::RelationName> owned; // they come and go with their tables
        for (const pg::TablePart& part : inventory_.table_parts) {
            if (part.kind == "sequence") {
                owned.insert({part.schema, part.name});
            }
        }
        for (const pg::DumpObject& object : inventory_.objects) {
            if (is_relation(object.kind) && !owned.contains({object.schema, object.name})) {
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

    void add(const pg::RelationName& relation) {
        if (!schemas_.contains(relation.schema)) {
            relations_.insert(relation);
        }
    }

    const RestoreJob& job_;
    const pg::DumpInventory& inventory_;
    std::set<std::string> schemas_;
    std::set<pg::RelationName> relations_;
};

/// What would keep the tables of a dump of rows from being dropped and made again. Their rows alone
/// cannot be brought back in a safe order.
std::vector<std::string> find_hangers_on(const RestoreJob& job) {
    pg::DumpInventory tables = job.checked.inventory;
    for (const pg::ScannedTable& table : job.checked.contents.tables) {
        tables.objects.push_back({"table", table.schema, table.name});
    }
    for (const pg::InsertedTable& table : job.checked.inventory.inserted) {
        tables.objects.push_back({"table", table.schema, table.name});
    }
    pg::Session session = job.server.open();
    read_names_as(session, job.checked.inventory.encoding);
    return pg::plan_drops(session, job.checked.contents, tables, pg::CleanScope::dumped_objects)
        .dependents;
}

} // namespace

WayBack find_way_back(const RestoreJob& job, const std::string& safety_dump) {
    // Absolute, for the command may be typed in another directory.
    WayBack back{.command = {"restore", std::filesystem::absolute(safety_dump), "--clean"},
                 .leaves = {}};
    const bool is_part = !job.chosen.whole || !job.part.empty();
    if (!is_part || job.scope == pg::CleanScope::everything) {
        back.command.emplace_back("--exact");
        return back;
    }
    if (holds_rows_alone(job.checked)) {
        const auto hangers_on = find_hangers_on(job);
        if (!hangers_on.empty()) {
            job.listener.on_warning(fmt::format(
                "the way back is wider than this restore: it brings all of the database back, for "
                "{} depends on the tables",
                base::printable(hangers_on.front())));
            back.command.emplace_back("--exact");
            return back;
        }
    }
    const TouchedPart touched{job};
    const auto words = touched.words();
    back.command.insert(back.command.end(), words.begin(), words.end());
    back.command.emplace_back("--drop-missing");
    back.leaves = touched.rest();
    if (words.empty()) {
        back.command.clear();
    }
    return back;
}

} // namespace dbbackup::ops
