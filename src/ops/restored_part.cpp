#include "ops/restored_part.hpp"

#include "ops/proposal.hpp"
#include "ops/restore_plan.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/dump_part.hpp>

#include <algorithm>
#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

/// A whole dump makes the schemas that its tables are in; but those of an extension come with it.
std::string find_unmade_schema(const pg::DumpInventory& inventory) {
    const bool has_extension =
        std::ranges::any_of(inventory.extensions, [](const pg::DumpedExtension& extension) {
            return extension.name != "plpgsql";
        });
    if (has_extension) {
        return {};
    }
    for (const pg::DumpObject& object : inventory.objects) {
        if (object.kind == "table" && object.schema != "public" && !object.schema.empty() &&
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

/// What belongs to tables, and no tables: pg_dump --data-only of empty ones, --section=post-data.
std::string describe_loose_ends(const CheckedDump& whole) {
    const pg::DumpInventory& inventory = whole.inventory;
    if (makes_table(inventory) || !inventory.extensions.empty()) {
        return {}; // the tables may be an extension's
    }
    if (!whole.contents.tables.empty() || !pg::find_loose_sequences(inventory).empty()) {
        return "only rows";
    }
    const bool has_ends = !inventory.table_parts.empty() ||
                          std::ranges::any_of(inventory.objects, [](const pg::DumpObject& object) {
                              return object.kind == "index";
                          });
    return has_ends ? "only what belongs to tables that it does not make" : "";
}

bool holds_no_rows(const CheckedDump& whole) {
    return std::ranges::none_of(whole.contents.tables, &pg::ScannedTable::has_data) &&
           whole.inventory.inserted.empty() &&
           std::ranges::any_of(whole.inventory.objects,
                               [](const pg::DumpObject& object) { return object.kind == "table"; });
}

/// "schemas a, b", "tables a, b and 7 more".
std::string list_some(const std::vector<std::string>& names, std::string_view kind) {
    constexpr std::size_t k_most = 10;
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), k_most); ++i) {
        text += (i == 0 ? "" : ", ") + names[i];
    }
    if (names.size() > k_most) {
        text += fmt::format(" and {} more", names.size() - k_most);
    }
    return text.empty() ? "" : fmt::format("{}{} {}", kind, names.size() == 1 ? "" : "s", text);
}

} // namespace

std::string part_of_database(const std::optional<store::Manifest>& manifest,
                             const CheckedDump& whole) {
    if (manifest) {
        return store::describe_part(manifest->dump);
    }
    if (holds_rows_alone(whole)) {
        return "only rows";
    }
    if (std::string ends = describe_loose_ends(whole); !ends.empty()) {
        return ends;
    }
    if (holds_no_rows(whole)) {
        return "only the schema (no rows)";
    }
    const std::string schema = find_unmade_schema(whole.inventory);
    return schema.empty() ? "" : fmt::format("single tables of schema {}", base::printable(schema));
}

std::string describe_choice(const pg::ChosenPart& part) {
    std::vector<std::string> schemas;
    std::vector<std::string> tables;
    for (const std::string& schema : part.schemas) {
        schemas.push_back(base::printable(schema));
    }
    for (const pg::RelationName& one : part.relations) {
        tables.push_back(base::printable(one.schema + "." + one.name));
    }
    const std::string both = list_some(schemas, "schema") +
                             (schemas.empty() || tables.empty() ? "" : ", ") +
                             list_some(tables, "table");
    return both.empty() ? "" : "only " + both;
}

void require_whole(const RestoreRequest& request, const std::string& part, pg::CleanScope scope) {
    if (part.empty() || scope != pg::CleanScope::everything || request.latest.accept_partial) {
        return;
    }
    throw base::Error{
        base::ErrorKind::refused,
        fmt::format("the dump holds {}, and {} would drop all that the target holds besides", part,
                    request.clean == Clean::everything ? "--exact" : "--jobs with --clean"),
        fmt::format("Nothing was changed. To replace what the dump holds, and leave the rest: {}. "
                    "If all the rest may go: {}",
                    propose_without(request, {"--exact", "--jobs"}),
                    propose(request, {"--accept-partial"}))};
}

} // namespace dbbackup::ops
