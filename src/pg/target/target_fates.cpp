#include "pg/target/target_fates.hpp"

#include "pg/sql/object_kind.hpp"
#include "pg/target/emptied_parents.hpp"
#include "pg/target/loose_rows.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_set>
#include <utility>

namespace dbbackup::pg {

namespace {

const std::string k_public = "public";

/// Decides for one dump. Each step builds on the previous ones, in the order of decide().
class Decider {
public:
    Decider(TargetObjects target, const DumpSummary& dump, DropScope scope)
        : inventory_(dump.inventory),
          scope_(scope), fates_{.target = std::move(target), .large_objects = {}},
          loose_rows_(dump, fates_.target) {
        for (const DumpObject& object : inventory_.objects) {
            made_.insert(object);
        }
        for (const DumpedExtension& extension : inventory_.extensions) {
            made_extensions_.emplace(extension.name, extension.schema);
        }
        unwanted_.insert(inventory_.unwanted_relations.begin(),
                         inventory_.unwanted_relations.end());
        find_dropped_schemas(dump.contents);
    }

    TargetFates decide() {
        if (scope_ != DropScope::nothing) {
            decide_schemas();
            decide_extensions();
            decide_objects();
            decide_what_tables_own();
            decide_large_objects();
        }
        decide_loose_rows();
        empty_parents(fates_.target);
        return std::move(fates_);
    }

private:
    void find_dropped_schemas(const DumpContents& contents) {
        if (scope_ == DropScope::everything) {
            for (const TargetObject& object : fates_.target.objects) {
                if (object.id.kind == "schema" && object.extension.empty()) {
                    dropped_schemas_.insert(object.id.name);
                }
            }
            fates_.remakes_public = true;
        } else if (scope_ == DropScope::dumped_schemas) {
            dropped_schemas_.insert(inventory_.created_schemas.begin(),
                                    inventory_.created_schemas.end());
            // Tables that the rows need would be dropped and not made again.
            if (uses_public(contents) && !loose_rows_.need_tables_in(k_public)) {
                dropped_schemas_.insert(k_public);
            }
        } else if (scope_ == DropScope::chosen_schemas) {
            dropped_schemas_.insert(inventory_.created_schemas.begin(),
                                    inventory_.created_schemas.end());
        }
        if (scope_ != DropScope::nothing) {
            dropped_schemas_.insert(inventory_.unwanted_schemas.begin(),
                                    inventory_.unwanted_schemas.end());
        }
        fates_.remakes_public = fates_.remakes_public || dropped_schemas_.count(k_public) > 0 ||
                                (uses_public(contents) && !has_public());
        for (const TargetObject& object : fates_.target.objects) {
            if (object.id.kind == "schema" && !object.extension.empty()) {
                dropped_schemas_.erase(object.id.name); // only the extension can be dropped
            }
        }
        fates_.closes_public = inventory_.of_public.starts_closed;
        if (fates_.target.keeps_public) {
            fates_.clears_public = dropped_schemas_.erase(k_public) > 0;
            fates_.remakes_public = false;
        }
    }

    [[nodiscard]] bool has_public() const {
        return std::any_of(fates_.target.objects.begin(), fates_.target.objects.end(),
                           [](const TargetObject& object) {
                               return object.id.kind == "schema" && object.id.name == k_public;
                           });
    }

    [[nodiscard]] bool uses_public(const DumpContents& contents) const {
        return std::count(contents.schemas.begin(), contents.schemas.end(), k_public) > 0 ||
               std::any_of(inventory_.objects.begin(), inventory_.objects.end(),
                           [](const DumpObject& object) { return object.schema == k_public; });
    }

    void decide_schemas() {
        for (TargetObject& object : fates_.target.objects) {
            if (object.id.kind == "schema" && object.extension.empty() &&
                dropped_schemas_.count(object.id.name) > 0) {
                object.fate = Fate::dropped;
            }
        }
    }

    void decide_extensions() {
        if (scope_ == DropScope::dumped_objects) {
            return;
        }
        for (TargetExtension& extension : fates_.target.extensions) {
            if (extension.id.name == k_plpgsql) {
                continue;
            }
            const auto made = made_extensions_.find(extension.id.name);
            const bool is_made = made != made_extensions_.end();
            const bool moves =
                is_made && !made->second.empty() && made->second != extension.id.schema;
            const bool is_refilled = loose_rows_.are_for_extension(extension.id.name);
            if (dropped_schemas_.count(extension.id.schema) > 0) {
                // One that the dump lacks would be lost; find_dependents() reports it.
                const bool may_go =
                    is_made || scope_ == DropScope::everything || inventory_.drops_extensions;
                extension.fate = may_go ? Fate::with_schema : Fate::stays;
            } else if (is_made ? moves || is_refilled
                               : scope_ == DropScope::everything ||
                                     (fates_.clears_public && inventory_.drops_extensions &&
                                      extension.id.schema == k_public)) {
                extension.fate = Fate::dropped;
            }
        }
        for (const TargetExtension& extension : fates_.target.extensions) {
            if (extension.goes()) {
                dropped_extensions_.insert(extension.id.name);
            }
        }
    }

    void decide_objects() {
        std::map<DumpObject, int> namesakes;
        for (const TargetObject& object : fates_.target.objects) {
            namesakes[object.id] += object.extension.empty() ? 1 : 0;
        }
        for (TargetObject& object : fates_.target.objects) {
            if (!object.extension.empty()) {
                if (dropped_extensions_.count(object.extension) > 0) {
                    object.fate = Fate::with_extension;
                }
            } else if (dropped_schemas_.count(object.id.schema) > 0) {
                object.fate = Fate::with_schema;
            } else if (object.id.kind != "schema" && object.id.kind != "index" &&
                       (scope_ == DropScope::everything || is_unwanted(object) ||
                        (fates_.clears_public && object.id.schema == k_public) ||
                        // Of several overloads, it is unknown which is the dump's.
                        (made_.count(object.id) > 0 && namesakes.at(object.id) == 1))) {
                object.is_left_alone = is_somebody_elses(object);
                object.fate = object.is_left_alone ? Fate::stays : Fate::dropped;
            }
        }
    }

    /// Outside schemas there is no data. So rather than refuse the whole restore, it leaves such an
    /// object as it is.
    [[nodiscard]] static bool is_somebody_elses(const TargetObject& object) {
        return object.id.schema.empty() && !object.other_owner.empty();
    }

    [[nodiscard]] bool is_unwanted(const TargetObject& object) const {
        return is_relation(object.id.kind) &&
               unwanted_.count({object.id.schema, object.id.name}) > 0;
    }

    void decide_what_tables_own() {
        std::unordered_set<std::string> tables;
        for (const TargetObject& object : fates_.target.objects) {
            if (object.relation_kind != ' ' && object.fate == Fate::dropped) {
                tables.insert(object.oid);
            }
        }
        for (TargetObject& object : fates_.target.objects) {
            if (tables.count(object.table_oid) > 0) {
                object.fate = Fate::with_table;
            }
        }
    }

    void decide_loose_rows() {
        for (TargetObject& object : fates_.target.objects) {
            object.gets_loose_rows = !object.goes() && loose_rows_.are_for(object.id);
            if (object.gets_loose_rows && object.id.kind == "table" &&
                scope_ != DropScope::nothing) {
                object.fate = Fate::emptied;
            }
        }
    }

    void decide_large_objects() {
        if (scope_ == DropScope::everything) {
            fates_.large_objects = fates_.target.large_objects;
            return;
        }
        const std::set<std::uint32_t> made{inventory_.large_objects.begin(),
                                           inventory_.large_objects.end()};
        for (const std::uint32_t oid : fates_.target.large_objects) {
            if (made.count(oid) > 0) {
                fates_.large_objects.push_back(oid);
            }
        }
    }

    const DumpInventory& inventory_;
    DropScope scope_;
    TargetFates fates_;
    LooseRows loose_rows_;
    std::set<DumpObject> made_;
    std::set<RelationName> unwanted_;
    std::map<std::string, std::string> made_extensions_; ///< name → schema
    std::set<std::string> dropped_schemas_;
    std::set<std::string> dropped_extensions_;
};

} // namespace

TargetFates decide_fates(TargetObjects target, const DumpSummary& dump, DropScope scope) {
    return Decider{std::move(target), dump, scope}.decide();
}

} // namespace dbbackup::pg
