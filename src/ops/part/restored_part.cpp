#include "ops/part/restored_part.hpp"

#include "ops/restore/proposal.hpp"
#include "ops/restore/restore_plan.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/dump_part.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

namespace dbbackup::ops {

namespace {

/// An extension that the dump creates may create the objects that the dump depends on.
bool makes_extension(const pg::DumpInventory& inventory) {
    return std::ranges::any_of(inventory.extensions, [](const pg::DumpedExtension& extension) {
        return extension.name != "plpgsql";
    });
}

/// A whole dump creates the schemas of its objects.
std::string find_unmade_schema(const pg::DumpInventory& inventory) {
    for (const pg::DumpObject& object : inventory.objects) {
        const bool is_of_postgresql = object.schema == "public" ||
                                      object.schema.starts_with("pg_") ||
                                      object.schema == "information_schema";
        if (!object.schema.empty() && !is_of_postgresql &&
            std::ranges::count(inventory.created_schemas, object.schema) == 0) {
            return object.schema;
        }
    }
    return {};
}

bool makes_table(const pg::DumpInventory& inventory) {
    return std::ranges::any_of(inventory.objects, [](const pg::DumpObject& object) {
        return object.kind == "table" || object.kind == "foreign table" ||
               object.kind == "materialized view";
    });
}

bool holds_no_rows(const CheckedDump& dump) {
    return std::ranges::none_of(dump.contents.tables, &pg::ScannedTable::has_data) &&
           dump.inventory.inserted.empty() &&
           std::ranges::any_of(dump.inventory.objects,
                               [](const pg::DumpObject& object) { return object.kind == "table"; });
}

/// "schemas a, b", "tables a, b and 7 more".
std::string list_of(const std::vector<std::string>& names, std::string_view kind) {
    return names.empty()
               ? ""
               : fmt::format("{}{} {}", kind, names.size() == 1 ? "" : "s", base::list_some(names));
}

std::vector<std::string> names_of(const std::vector<pg::RelationName>& relations) {
    std::vector<std::string> names;
    for (const pg::RelationName& relation : relations) {
        names.push_back(relation.schema + "." + relation.name);
    }
    return names;
}

std::string describe_unmade_relations(const pg::DumpInventory& inventory) {
    const std::vector<std::string> names = names_of(inventory.unmade_relations);
    return names.empty() ? ""
                         : fmt::format("only a part (it refers to {} but does not create {})",
                                       list_of(names, "table"), names.size() == 1 ? "it" : "them");
}

/// As far as the content shows it.
std::string find_part_in(const CheckedDump& dump) {
    const pg::DumpInventory& inventory = dump.inventory;
    if (dump.holds_rows_alone()) {
        return "only rows";
    }
    std::vector<std::string> parts;
    if (!makes_extension(inventory)) {
        if (!makes_table(inventory) && !dump.contents.tables.empty()) {
            return "only rows"; // of tables without rows
        }
        if (!makes_table(inventory) && !pg::find_loose_sequences(inventory).empty()) {
            return "only values of sequences";
        }
        if (!makes_table(inventory) && !inventory.unmade_relations.empty()) {
            return "only what belongs to tables that it does not create"; // --section=post-data
        }
        if (const std::string schema = find_unmade_schema(inventory); !schema.empty()) {
            parts.push_back(fmt::format("single tables of schema {}", base::printable(schema)));
        } else if (std::string unmade = describe_unmade_relations(inventory); !unmade.empty()) {
            parts.push_back(std::move(unmade));
        }
    }
    if (holds_no_rows(dump)) {
        parts.emplace_back("only the schema (no rows)");
    } else if (const auto without = dump.tables_without_data(); !without.empty()) {
        parts.push_back("without rows of " + list_of(names_of(without), "table"));
    }
    return fmt::format("{}", fmt::join(parts, "; "));
}

} // namespace

std::string part_of_database(const std::optional<store::Manifest>& manifest,
                             const CheckedDump& dump) {
    return manifest ? store::describe_part(manifest->dump) : find_part_in(dump);
}

std::string describe_choice(const pg::ChosenPart& part) {
    const std::vector<std::string> schemas{part.schemas.begin(), part.schemas.end()};
    const std::vector<std::string> tables = names_of(part.relations);
    const std::string both = list_of(schemas, "schema") +
                             (schemas.empty() || tables.empty() ? "" : ", ") +
                             list_of(tables, "table");
    return both.empty() ? "" : "only " + both;
}

void require_whole(const RestoreRequest& request, const std::string& part, pg::DropScope scope) {
    if (part.empty() || scope != pg::DropScope::everything ||
        request.latest.partial_dumps == store::PartialDumps::accepted) {
        return;
    }
    throw base::Error{
        base::ErrorKind::refused,
        fmt::format("the dump is not whole: {}; {} would drop everything else in the target", part,
                    request.clean == Clean::everything ? "--exact" : "--jobs with --clean"),
        fmt::format("Nothing was changed. To replace only that part: {}. To drop all the rest: {}",
                    propose_without(request, {"--exact", "--jobs"}),
                    propose(request, {"--accept-partial"}))};
}

} // namespace dbbackup::ops
