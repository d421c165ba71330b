#include "ops/part/part_choice.hpp"

#include "ops/restore/proposal.hpp"
#include "ops/restore/restore_transaction.hpp"
#include "ops/target/target_names.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/name_pattern.hpp>
#include <dbbackup/pg/select_tables.hpp>

#include <fmt/format.h>
#include <utility>

namespace dbbackup::ops {

namespace {

[[noreturn]] void throw_missing(const RestoreRequest& request, const DumpFile& file,
                                std::string_view kind, const std::string& name) {
    throw base::Error{
        base::ErrorKind::usage,
        fmt::format("'{}' has no {} '{}'", base::printable(file.path()), kind,
                    base::printable(name)),
        fmt::format("A table is called name or schema.name; * and ? stand for other characters, "
                    "and upper case goes into double quotes. See what the dump has with: {}",
                    request.command_line.another({"show", file.path()}))};
}

void require_found(const RestoreRequest& request, const DumpFile& file,
                   const pg::FoundPart& found) {
    if (!found.missing_tables.empty()) {
        throw_missing(request, file, "table", found.missing_tables.front());
    }
    if (!found.missing_schemas.empty()) {
        throw_missing(request, file, "schema", found.missing_schemas.front());
    }
}

[[noreturn]] void throw_not_exact(const std::string& name) {
    throw base::Error{
        base::ErrorKind::usage,
        fmt::format("--drop-missing needs whole names, not '{}', which the dump lacks",
                    base::printable(name)),
        "Write schema.table after --table, and no * or ?."};
}

[[noreturn]] void throw_nowhere(const DumpFile& file, std::string_view kind,
                                const std::string& name) {
    throw base::Error{base::ErrorKind::usage,
                      fmt::format("neither '{}' nor the target has {} '{}'",
                                  base::printable(file.path()), kind, base::printable(name)),
                      "Nothing was changed. See what the dump has with: dbbackup show. If it is "
                      "gone already, leave the name out."};
}

/// What the dump lacks is to go from the target, by its exact name.
void note_unwanted(const pg::FoundPart& found, pg::DumpInventory& inventory) {
    inventory.drops_extensions = true;
    for (const std::string& table : found.missing_tables) {
        const auto name = pg::NamePattern{table, "--table"}.literal();
        if (!name || name->size() != 2) {
            throw_not_exact(table);
        }
        inventory.unwanted_relations.push_back({name->front(), name->back()});
    }
    for (const std::string& schema : found.missing_schemas) {
        const auto name = pg::NamePattern{schema, "--schema"}.literal();
        if (!name || name->size() != 1) {
            throw_not_exact(schema);
        }
        inventory.unwanted_schemas.push_back(name->front());
    }
}

void require_own_rows(const DumpFile& file, const CheckedDump& whole, const pg::ChosenPart& part) {
    const auto without = pg::find_tables_without_rows(whole.contents, whole.inventory, part);
    if (!without.empty()) {
        throw base::Error{base::ErrorKind::usage,
                          fmt::format("'{}' has the rows of '{}' among those of the table that it "
                                      "is a partition of",
                                      base::printable(file.path()),
                                      base::printable(without.front())),
                          "Name that table instead: its partitions come with it."};
    }
}

/// What nobody sets changes nothing.
void leave_out_traits(const RestoreRequest& request, pg::DumpInventory& inventory) {
    std::erase_if(inventory.traits, [&request](const pg::DumpedTrait& trait) {
        return trait.kind == "owner" ? request.no_owner
                                     : trait.kind.ends_with("privileges") && request.no_privileges;
    });
}

} // namespace

void require_choice_possible(const RestoreRequest& request) {
    if (chooses_part(request) && request.clean == Clean::everything) {
        throw base::Error{base::ErrorKind::usage,
                          "--exact would drop all that the target holds besides what --table and "
                          "--schema choose",
                          fmt::format("To drop what is chosen first, and leave the rest: {}",
                                      propose_without(request, {"--exact"}))};
    }
    if (request.drop_missing && !chooses_part(request)) {
        throw base::Error{base::ErrorKind::usage,
                          "--drop-missing needs --table or --schema, which say what may go",
                          "To drop all that the dump lacks: --clean --exact."};
    }
}

void require_in_target(const DumpFile& file, const pg::DumpInventory& inventory,
                       const TargetServer& server) {
    if (inventory.unwanted_relations.empty() && inventory.unwanted_schemas.empty()) {
        return;
    }
    TargetNames there;
    if (server.target_exists()) {
        pg::Session session = server.open();
        read_names_as(session, inventory.encoding);
        there = read_target_names(session);
    }
    for (const pg::RelationName& one : inventory.unwanted_relations) {
        if (!there.relations.contains(one)) {
            throw_nowhere(file, "table", one.schema + "." + one.name);
        }
    }
    for (const std::string& schema : inventory.unwanted_schemas) {
        if (!there.schemas.contains(schema)) {
            throw_nowhere(file, "schema", schema);
        }
    }
}

ChosenDump choose_part(const RestoreRequest& request, const DumpFile& file,
                       const CheckedDump& whole) {
    if (!chooses_part(request)) {
        ChosenDump all{.checked = whole, .part = {}};
        leave_out_traits(request, all.checked.inventory);
        return all;
    }
    const pg::FoundPart found = pg::find_part(
        whole.contents, whole.inventory,
        {.tables = request.tables,
         .schemas = request.schemas,
         .quotes_may_be_part = !request.drop_missing}); // what goes is named beyond doubt
    if (!request.drop_missing) {
        require_found(request, file, found);
    }
    require_own_rows(file, whole, found.part);
    auto selected = pg::select_part(whole.contents, whole.inventory, found.part);
    leave_out_traits(request, selected.inventory);
    if (request.drop_missing) {
        note_unwanted(found, selected.inventory);
    }
    return {.checked = {.pass = whole.pass,
                        .contents = std::move(selected.contents),
                        .inventory = std::move(selected.inventory)},
            .part = found.part};
}

} // namespace dbbackup::ops
