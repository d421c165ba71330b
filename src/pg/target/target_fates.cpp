#include "pg/target/target_fates.hpp"

#include "pg/sql/object_kind.hpp"
#include "pg/target/emptied_parents.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_set>
#include <utility>

namespace dbbackup::pg {

namespace {

const std::string k_public = "public";
/// Part of every new database; all dumps by its owner have CREATE EXTENSION IF NOT EXISTS for it.
const std::string k_plpgsql = "plpgsql";

using TableName = std::pair<std::string, std::string>;

bool is_table_kind(const std::string& kind) {
    return kind == "table" || kind == "foreign table" || kind == "materialized view";
}

/// Decides for one dump. Each step builds on the previous ones, in the order of decide().
class Decider {
public:
    Decider(TargetObjects target, const DumpSummary& dump, DropScope scope)
        : inventory_(dump.inventory),
          scope_(scope), fates_{.target = std::move(target), .large_objects = {}} {
        for (const DumpObject& object : inventory_.objects) {
            made_.insert(object);
        }
        for (const DumpedExtension& extension : inventory_.extensions) {
            made_extensions_.emplace(extension.name, extension.schema);
        }
        unwanted_.insert(inventory_.unwanted_relations.begin(),
                         inventory_.unwanted_relations.end());
        find_loose_rows(dump.contents);
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
    /// Tables that the dump has rows for but does not make.
    void find_loose_rows(const DumpContents& contents) {
        std::set<TableName> made;
        for (const DumpObject& object : inventory_.objects) {
            if (is_table_kind(object.kind)) {
                made.emplace(object.schema, object.name);
            }
        }
        for (const ScannedTable& table : contents.tables) {
            if (table.has_data && made.count({table.schema, table.name}) == 0) {
                loose_rows_.emplace(table.schema, table.name);
            }
        }
        for (const InsertedTable& table : inventory_.inserted) {
            if (made.count({table.schema, table.name}) == 0) {
                loose_rows_.emplace(table.schema, table.name);
            }
        }
        for (const TargetObject& object : fates_.target.objects) {
            if (!object.extension.empty() && object.relation_kind != ' ' &&
                loose_rows_.erase({object.id.schema, object.id.name}) > 0) {
                extensions_with_rows_.insert(object.extension);
            }
        }
    }

    /// Rows for a table of an extension that the target does not have yet.
    [[nodiscard]] bool may_be_of_a_new_extension(const TableName& table) const {
        return std::any_of(
            made_extensions_.begin(), made_extensions_.end(), [&](const auto& extension) {
                const bool is_there = std::any_of(
                    fates_.target.extensions.begin(), fates_.target.extensions.end(),
                    [&](const TargetExtension& there) { return there.id.name == extension.first; });
                return !is_there && extension.first != k_plpgsql &&
                       (extension.second.empty() || extension.second == table.first);
            });
    }

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
            if (uses_public(contents) && !has_loose_rows_in_public()) {
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

    /// Their tables would be dropped and not made again.
    [[nodiscard]] bool has_loose_rows_in_public() const {
        return std::any_of(loose_rows_.begin(), loose_rows_.end(), [&](const TableName& table) {
            return table.first == k_public && !may_be_of_a_new_extension(table);
        });
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
            const bool is_refilled = extensions_with_rows_.count(extension.id.name) > 0;
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
                object.fate = Fate::dropped;
            }
        }
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
            object.gets_loose_rows = !object.goes() &&
                                     loose_rows_.count({object.id.schema, object.id.name}) > 0 &&
                                     is_table_kind(object.id.kind);
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
    std::set<DumpObject> made_;
    std::set<RelationName> unwanted_;
    std::map<std::string, std::string> made_extensions_; ///< name → schema
    std::set<TableName> loose_rows_;
    std::set<std::string> extensions_with_rows_;
    std::set<std::string> dropped_schemas_;
    std::set<std::string> dropped_extensions_;
};

} // namespace

TargetFates decide_fates(TargetObjects target, const DumpSummary& dump, DropScope scope) {
    return Decider{std::move(target), dump, scope}.decide();
}

} // namespace dbbackup::pg
