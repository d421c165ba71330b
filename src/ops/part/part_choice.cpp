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
        fmt::format("Write a table as name or schema.name, with * and ? as wildcards, and names "
                    "with upper case in double quotes. To see what the dump holds: {}",
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
        fmt::format("--drop-missing needs exact names, but the dump does not hold '{}'",
                    base::printable(name)),
        "Give --table as schema.table, without * and ?."};
}

[[noreturn]] void throw_nowhere(const DumpFile& file, std::string_view kind,
                                const std::string& name) {
    throw base::Error{base::ErrorKind::usage,
                      fmt::format("neither '{}' nor the target has {} '{}'",
                                  base::printable(file.path()), kind, base::printable(name)),
                      "Nothing was changed. To see what the dump holds: dbbackup show. If it is "
                      "already gone, leave out its name."};
}

/// Objects that the dump lacks are to be dropped from the target, by exact name.
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

void require_own_rows(const DumpFile& file, const CheckedDump& dump, const pg::ChosenPart& part) {
    const auto without = pg::find_tables_without_rows(dump, part);
    if (!without.empty()) {
        throw base::Error{
            base::ErrorKind::usage,
            fmt::format(
                "'{}' holds the rows of the partition '{}' only together with those of its table",
                base::printable(file.path()), base::printable(without.front())),
            "Restore that table instead: its partitions come with it."};
    }
}

/// Traits that are not restored change nothing.
void leave_out_traits(const RestoreRequest& request, pg::DumpInventory& inventory) {
    std::erase_if(inventory.traits, [&request](const pg::DumpedTrait& trait) {
        const pg::Treatment treatment = trait.kind == "owner"                ? request.owners
                                        : trait.kind.ends_with("privileges") ? request.privileges
                                                                             : pg::Treatment::run;
        return treatment == pg::Treatment::leave_out;
    });
    if (request.owners == pg::Treatment::leave_out) {
        inventory.of_public.owner.reset();
        inventory.of_public.object_owners.clear();
    }
    if (request.privileges == pg::Treatment::leave_out) {
        inventory.of_public.privileges.clear();
        inventory.of_public.starts_closed = false; // the server's own privileges, then
    }
}

} // namespace

void require_choice_possible(const RestoreRequest& request) {
    if (chooses_part(request) && request.clean == Clean::everything) {
        throw base::Error{
            base::ErrorKind::usage,
            "--exact would drop everything in the target except what --table and --schema choose",
            fmt::format("To drop only the chosen objects first: {}",
                        propose_without(request, {"--exact"}))};
    }
    if (request.missing_in_dump == MissingInDump::drop && !chooses_part(request)) {
        throw base::Error{base::ErrorKind::usage,
                          "--drop-missing needs --table or --schema, to say what to drop",
                          "To drop everything that the dump does not hold: --clean --exact."};
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
        set_client_encoding(session, inventory.encoding);
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
                       const CheckedDump& dump) {
    if (!chooses_part(request)) {
        ChosenDump all{.restored = static_cast<const pg::DumpSummary&>(dump), .part = {}};
        leave_out_traits(request, all.restored.inventory);
        return all;
    }
    const bool drops_missing = request.missing_in_dump == MissingInDump::drop;
    const pg::FoundPart found = pg::find_part(
        dump, {.tables = request.tables,
               .schemas = request.schemas,
               .quotes_may_be_part = !drops_missing}); // dropped objects are named unambiguously
    if (!drops_missing) {
        require_found(request, file, found);
    }
    require_own_rows(file, dump, found.part);
    auto selected = pg::select_part(dump, found.part);
    leave_out_traits(request, selected.inventory);
    if (drops_missing) {
        note_unwanted(found, selected.inventory);
    }
    return {.restored = std::move(selected), .part = found.part};
}

} // namespace dbbackup::ops
