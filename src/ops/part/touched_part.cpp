#include "ops/part/touched_part.hpp"

#include <dbbackup/pg/name_pattern.hpp>

#include <algorithm>
#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

bool is_relation(const std::string& kind) {
    return kind == "table" || kind == "foreign table" || kind == "view" ||
           kind == "materialized view" || kind == "sequence";
}

/// Of the objects outside schemas, only these never depend on objects in one.
bool stands_alone(const std::string& kind) {
    return kind == "server" || kind == "subscription";
}

std::string text_of(const pg::DumpObject& object) {
    return object.kind + " " + (object.schema.empty() ? "" : object.schema + ".") + object.name;
}

} // namespace

TouchedPart::TouchedPart(const RestoreJob& job, const TargetNames& target)
    : job_(job), inventory_(job.restored.inventory), target_(target) {
    find_schemas();
    find_relations();
    find_sequences();
    find_moved_extension();
    find_left_objects();
}

std::vector<std::string> TouchedPart::words() const {
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

std::vector<std::string> TouchedPart::rest() const {
    std::vector<std::string> rest;
    for (const pg::DumpedExtension& extension : inventory_.extensions) {
        if (extension.name != "plpgsql" && !schemas_.contains(extension.schema)) {
            rest.push_back("extension " + extension.name);
        }
    }
    for (const pg::DumpObject& object : left_objects_) {
        rest.push_back(text_of(object));
    }
    if (!inventory_.large_objects.empty()) {
        rest.emplace_back("large objects");
    }
    for (const pg::DumpedTrait& trait : inventory_.traits) {
        if (is_kept(trait) ? trait.kind == "default privileges"
                           : trait.of != "schema" || !schemas_.contains(trait.name)) {
            rest.push_back(ops::text_of(trait));
        }
    }
    return rest;
}

/// Of `public` that stays, the restore sets nothing but default privileges, which then stay too.
bool TouchedPart::is_kept(const pg::DumpedTrait& trait) const {
    return job_.approved.keeps_public && trait.of == "schema" && trait.name == "public";
}

void TouchedPart::find_schemas() {
    if (job_.scope == pg::DropScope::dumped_objects) {
        return;
    }
    schemas_.insert(inventory_.created_schemas.begin(), inventory_.created_schemas.end());
    schemas_.insert(inventory_.unwanted_schemas.begin(), inventory_.unwanted_schemas.end());
    const auto& goes = job_.approved.goes;
    if (job_.approved.clears_public || std::ranges::count(goes, "schema public") > 0) {
        schemas_.insert("public");
    } else if (job_.scope == pg::DropScope::nothing) {
        schemas_.erase("public"); // it existed, and only single objects were added
    }
}

void TouchedPart::find_relations() {
    for (const pg::DumpObject& object : inventory_.objects) {
        if (is_relation(object.kind) && object.kind != "sequence") {
            add({object.schema, object.name});
        }
    }
    for (const pg::ScannedTable& table : job_.restored.contents.tables) {
        add({table.schema, table.name});
    }
    for (const pg::InsertedTable& table : inventory_.inserted) {
        add({table.schema, table.name});
    }
    for (const pg::RelationName& unwanted : inventory_.unwanted_relations) {
        add(unwanted);
    }
}

/// Sequences of the part's tables, in the dump and in the target, come and go with their table.
void TouchedPart::find_sequences() {
    std::set<pg::RelationName> owned;
    for (const pg::TablePart& part : inventory_.table_parts) {
        if (part.kind == "sequence") {
            owned.insert({part.schema, part.name});
        }
    }
    std::set<pg::RelationName> all{inventory_.set_sequences.begin(),
                                   inventory_.set_sequences.end()};
    all.insert(owned.begin(), owned.end());
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

void TouchedPart::find_moved_extension() {
    for (const pg::DumpedExtension& extension : inventory_.extensions) {
        const auto there = target_.extension_schemas.find(extension.name);
        if (extension.name != "plpgsql" && there != target_.extension_schemas.end() &&
            !extension.schema.empty() && there->second != extension.schema) {
            obstacle_ = fmt::format("extension {} moves from schema {} to {}", extension.name,
                                    there->second, extension.schema);
        }
    }
}

/// A publication of a restored table, or an event trigger whose function is in a restored schema,
/// prevents dropping these.
void TouchedPart::find_left_objects() {
    for (const pg::DumpObject& object : inventory_.objects) {
        const bool is_part_of_table = object.kind == "index" || object.kind == "statistics";
        if (is_relation(object.kind) || is_part_of_table || schemas_.contains(object.schema)) {
            continue;
        }
        left_objects_.push_back(object);
        if (object.schema.empty() && !stands_alone(object.kind)) {
            obstacle_ = fmt::format("{} may depend on what is restored", text_of(object));
        }
    }
}

bool TouchedPart::is_touched(const pg::RelationName& relation) const {
    return schemas_.contains(relation.schema) || relations_.contains(relation);
}

void TouchedPart::add(const pg::RelationName& relation) {
    if (!schemas_.contains(relation.schema)) {
        relations_.insert(relation);
    }
}

std::string text_of(const pg::DumpedTrait& trait) {
    std::string text = trait.kind;
    if (!trait.role.empty()) {
        text += " of role " + trait.role;
    }
    if (!trait.of.empty()) {
        text += (trait.role.empty() ? " of " : " in ") + trait.of + " " + trait.name;
    }
    return text;
}

} // namespace dbbackup::ops
