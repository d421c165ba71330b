#include "pg/compare/name_pairs.hpp"
#include "pg/compare/outline_findings.hpp"

#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>
#include <utility>

namespace dbbackup::pg {

namespace {

using Findings = std::vector<std::string>;

std::string title(const DumpObject& object) {
    return base::printable(fmt::format("{} {}{}{}", object.kind, object.schema,
                                       object.schema.empty() ? "" : ".", object.name));
}

/// In every new database, but not in every version's dumps.
bool comes_with_database(const DumpObject& object) {
    static const std::array k_given = std::to_array<DumpObject>(
        {{"schema", "", "public"}, {"extension", "", "plpgsql"}, {"language", "", "plpgsql"}});
    return std::ranges::any_of(k_given, [&object](const DumpObject& given) {
        return given.kind == object.kind && given.name == object.name;
    });
}

std::vector<DumpObject> list_objects(const DumpInventory& inventory) {
    std::vector<DumpObject> objects;
    for (const std::string& schema : inventory.created_schemas) {
        objects.push_back({.kind = "schema", .schema = {}, .name = schema});
    }
    for (const DumpedExtension& extension : inventory.extensions) {
        objects.push_back(
            {.kind = "extension", .schema = extension.schema, .name = extension.name});
    }
    objects.insert(objects.end(), inventory.objects.begin(), inventory.objects.end());
    std::erase_if(objects, comes_with_database);
    return objects;
}

/// The parts that do not belong to one of `lost`, as objects.
std::vector<DumpObject> list_parts(const DumpInventory& inventory,
                                   const std::set<DumpObject>& lost) {
    const auto is_lost = [&lost](const std::string& kind, const std::string& schema,
                                 const std::string& name) {
        return lost.contains({.kind = kind, .schema = schema, .name = name});
    };
    std::vector<DumpObject> parts;
    for (const TablePart& part : inventory.table_parts) {
        const std::string own_kind = part.kind == "partition" ? "table" : part.kind;
        if (!is_lost(own_kind, part.schema, part.name) &&
            !is_lost("table", part.table_schema, part.table)) {
            parts.push_back({.kind = fmt::format("{} of table {}:", part.kind, part.table),
                             .schema = part.schema,
                             .name = part.name});
        }
    }
    for (const ForeignKey& key : inventory.foreign_keys) {
        if (!is_lost("table", key.table.schema, key.table.name)) {
            parts.push_back({.kind = fmt::format("foreign key of table {}:", key.table.name),
                             .schema = key.table.schema,
                             .name = key.name});
        }
    }
    return parts;
}

/// Adds what has no partner to `findings`, and returns it.
std::set<DumpObject> add_unpaired(Findings& findings, const std::vector<DumpObject>& dump,
                                  const std::vector<DumpObject>& copy) {
    const NamePairs pairs = pair_names(dump, copy);
    std::set<DumpObject> unpaired;
    for (std::size_t at = 0; at < dump.size(); ++at) {
        if (!pairs.partners[at]) {
            findings.push_back(title(dump[at]) + " is missing in the copy");
            unpaired.insert(dump[at]);
        }
    }
    for (const std::size_t at : pairs.unpaired) {
        findings.push_back(title(copy[at]) + " is only in the copy");
        unpaired.insert(copy[at]);
    }
    return unpaired;
}

std::vector<DumpObject> names_of(const std::vector<SequenceState>& sequences) {
    std::vector<DumpObject> names;
    for (const SequenceState& sequence : sequences) {
        names.push_back({.kind = "sequence", .schema = sequence.schema, .name = sequence.name});
    }
    return names;
}

std::string shown_state(const SequenceState& sequence) {
    return base::printable(sequence.value) +
           (sequence.is_called == "true" ? "" : ", not yet given out,");
}

} // namespace

Findings compare_objects(const DumpOutline& dump, const DumpOutline& copy) {
    Findings findings;
    const auto lost =
        add_unpaired(findings, list_objects(dump.inventory()), list_objects(copy.inventory()));
    (void)add_unpaired(findings, list_parts(dump.inventory(), lost),
                       list_parts(copy.inventory(), lost));
    (void)add_unpaired(findings, dump.details().attached, copy.details().attached);
    return findings;
}

Findings compare_sequences(const OutlineDetails& dump, const OutlineDetails& copy) {
    const std::vector<DumpObject> names = names_of(dump.sequences);
    const std::vector<DumpObject> names_in_copy = names_of(copy.sequences);
    const NamePairs pairs = pair_names(names, names_in_copy);
    Findings findings;
    for (std::size_t at = 0; at < names.size(); ++at) {
        const auto partner = pairs.partners[at];
        const std::string before = shown_state(dump.sequences[at]);
        const std::string after = partner ? shown_state(copy.sequences[*partner]) : "no value";
        if (before != after) {
            findings.push_back(
                fmt::format("{}: {} in the dump, {} in the copy", title(names[at]), before, after));
        }
    }
    for (const std::size_t at : pairs.unpaired) {
        findings.push_back(fmt::format("{}: no value in the dump, {} in the copy",
                                       title(names_in_copy[at]), shown_state(copy.sequences[at])));
    }
    return findings;
}

Findings compare_large_objects(const DumpOutline& dump, const DumpOutline& copy) {
    const auto list = [](const DumpOutline& outline) {
        std::map<std::uint32_t, TextDigest> objects = outline.details().large_objects;
        for (const std::uint32_t oid : outline.inventory().large_objects) {
            objects.try_emplace(oid);
        }
        return objects;
    };
    const auto in_dump = list(dump);
    const auto in_copy = list(copy);
    Findings findings;
    for (const auto& [oid, content] : in_dump) {
        const auto found = in_copy.find(oid);
        if (found == in_copy.end()) {
            findings.push_back(fmt::format("large object {} is missing in the copy", oid));
        } else if (found->second != content) {
            findings.push_back(
                fmt::format("large object {} has different content in the copy", oid));
        }
    }
    for (const auto& [oid, content] : in_copy) {
        if (!in_dump.contains(oid)) {
            findings.push_back(fmt::format("large object {} is only in the copy", oid));
        }
    }
    return findings;
}

OutlineDifference compare_outlines(const DumpOutline& dump, const DumpOutline& copy,
                                   ComparedText text) {
    StatementFindings statements = compare_statements(dump.details(), copy.details(), text);
    return {.tables = compare_tables(dump, copy),
            .objects = compare_objects(dump, copy),
            .sequences = compare_sequences(dump.details(), copy.details()),
            .large_objects = compare_large_objects(dump, copy),
            .statements = std::move(statements.lone),
            .rewritten = std::move(statements.rewritten)};
}

} // namespace dbbackup::pg
